"""Errors come in many shapes; what they say is found in each."""

import msgspec
import pytest

from visavis.candidates.exchange import refused_field
from visavis.candidates.wire_format import Complaint, encode_request, read_complaint
from visavis.core.prompt import ask


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (
            b'{"error": {"message": "m", "type": "t", "param": "seed", "code": "c"}}',
            Complaint(message="m", code="c", kind="t", param="seed"),
        ),
        (b'{"error": {"message": "m", "code": 429}}', Complaint(message="m", code="429")),
        (b'{"error": "model not found"}', Complaint(message="model not found")),
        (b'[{"error": {"message": "m", "status": "X"}}]', Complaint(message="m")),
        (b'{"detail": "Not Found"}', Complaint(message="Not Found")),
        (
            b'{"detail": [{"loc": ["body", "seed"], "msg": "extra", "type": "x"}]}',
            Complaint(message="['body', 'seed']: extra", param="seed"),
        ),
        (b'{"object": "error", "message": "m"}', Complaint(message="m")),
        (b'{"msg": "m"}', Complaint(message="m")),
        (b'"just text"', Complaint(message="just text")),
        (b"just text", Complaint(message="just text")),
        (b"\xff", Complaint(message="\ufffd")),
        (b"{}", Complaint(message="no reason given")),
        (b"[]", Complaint(message="no reason given")),
        (b'{"error": null}', Complaint(message="no reason given")),
        (b"", Complaint(message="no reason given")),
    ],
)
def test_the_complaint_is_found_in_a_body_of_any_shape(body: bytes, complaint: Complaint) -> None:
    assert read_complaint(body) == complaint


def test_a_pit_of_lists_is_no_complaint_and_no_crash() -> None:
    assert read_complaint(b"[" * 900 + b"]" * 900).message == "no reason given"
    assert read_complaint(b"[" * 100_000).message.startswith("[[")


@pytest.mark.parametrize(
    ("message", "param", "field"),
    [
        ("'max_tokens' is not supported, use 'max_completion_tokens' instead", "", "max_tokens"),
        ("max_tokens of 99999 is not supported", "max_tokens", None),
        ("temperature does not support 0 with this model", "temperature", "temperature"),
        ("temperature and seed are not supported", "seed", "seed"),
        ("temperature must be at most 2", "temperature", None),
        ("unknown field response_format", "", None),
        ("unknown field in the seedling", "", None),
        ("unsupported: messages[0].content", "messages[0].content", None),
    ],
)
def test_only_a_field_that_is_refused_as_such_is_spared(
    message: str, param: str, field: str | None
) -> None:
    assert refused_field(Complaint(message=message, param=param)) == field


@pytest.mark.parametrize(
    ("message", "param"),
    [
        ("Unrecognized request argument supplied: ignore_eos", ""),
        ("property 'ignore_eos' is unsupported", ""),
        ("['body', 'ignore_eos']: Extra inputs are not permitted", "ignore_eos"),
    ],
)
def test_servers_that_cannot_be_told_to_write_on_are_known_by_their_words(
    message: str, param: str
) -> None:
    assert refused_field(Complaint(message=message, param=param)) == "ignore_eos"


def test_only_who_wants_replies_of_one_length_asks_for_them() -> None:
    prompt = ask("Hello", max_tokens=9)
    asked = msgspec.json.decode(encode_request("m", prompt, (), to_the_limit=True))
    assert (asked["ignore_eos"], asked["max_tokens"]) == (True, 9)
    assert b"ignore_eos" not in encode_request("m", prompt, ())
    assert b"ignore_eos" not in encode_request("m", prompt, ("ignore_eos",), to_the_limit=True)
