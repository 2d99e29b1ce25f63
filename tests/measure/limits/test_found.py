"""A file of limits is read strictly, and says no more of a model than was found of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.found_limits import UNTIL, context, limits, needle, written, wrote
from visavis.core.errors import OptionError
from visavis.measure.limits.found import Limits, Reach, check_once, read

WHOLE = limits(
    context=context(19_900, 20_100),
    needle=needle(4000, 4000, 1000),
    output=(wrote(5000),),
    cutoff=UNTIL,
)
CONTEXT, OUTPUT = "context_window_tokens", "largest_output_tokens"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "limits.json", WHOLE)


def test_what_was_written_is_read(file: Path) -> None:
    assert read(file) == (WHOLE,)
    assert list(WHOLE.parts) == ["context", "needle", "output", "cutoff"]


def changed(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Sets what a path of keys, such as `candidates.0.usd`, leads to."""

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        *way, last = [int(part) if part.isdecimal() else part for part in key.split(".")]
        for part in way:
            place = place[part]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("candidates.0.context.accepted_tokens", -1, "`candidates"),
        ("candidates.0.context.accepted_tokens", 1e300, "float"),
        ("candidates.0.context.accepted_tokens", 10**40, "`candidates"),
        ("candidates.0.context.refused_tokens", "many", "`candidates"),
        ("candidates.0.cutoff.low", "2024-13-01", "`candidates"),
        ("candidates.0.cutoff.low", "2024-01-01", "lies outside"),
        ("candidates.0.cutoff.state", "maybe", "maybe"),
        ("candidates.0.cutoff.before", 1.5, "`candidates"),
        ("candidates.0.needle.lengths", [], "`candidates"),
        ("candidates.0.needle.depths", [0.5], "a column is missing"),
        ("candidates.0.needle.lengths.0.share.low", 0.95, "lies outside"),
        ("candidates.0.output.0.ended", "\x1b[31m", "`candidates"),
        ("candidates.0.unfinished", {"all": "x"}, "`candidates"),
        ("candidates.0.kind", "recorded", "recorded"),
        ("candidates.0.more", 1, "more"),
        ("candidates.0.candidate", "a" * 501, "<= 500"),
        ("candidates", [], "`candidates"),
        ("schema_version", 2, "is of version 2, and this visavis reads version 1; let"),
        ("schema", "visavis-results", "is none; 'visavis limits CANDIDATE --json FILE' writes one"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(file: Path, key: str, value: Any, said: str) -> None:
    document = json.loads(file.read_bytes())
    changed(key, value)(document)
    file.write_text(json.dumps(document))
    with pytest.raises(OptionError) as error:
        read(file)
    assert said in str(error.value)
    assert str(error.value).startswith(f"limits file {str(file)!r}")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300 + len(str(file))


def test_what_is_no_file_of_limits_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"cannot be read: No such file.*; name one that"):
        read(tmp_path / "none.json")
    with pytest.raises(OptionError, match="cannot be read: Is a directory"):
        read(tmp_path)
    large = tmp_path / "large.json"
    with large.open("wb") as opened:
        opened.truncate((16 << 20) + 1)
    with pytest.raises(OptionError, match="is larger than 16 MiB"):
        read(large)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=60) | st.just(b"[" * 100_000) | st.just(b"[{}]"))
def test_nothing_that_a_file_may_hold_does_more_than_be_refused(file: Path, held: bytes) -> None:
    file.write_bytes(held)
    with pytest.raises(OptionError, match="is none"):
        read(file)


@pytest.mark.parametrize(
    ("found", "fact", "reach"),
    [
        (limits(context=context(9_000)), CONTEXT, Reach(9_000, None)),
        (limits(context=context(19_900, 20_084)), CONTEXT, Reach(19_900, 20_301)),
        (limits(context=context(4_080, 4_100, slot_tokens=4_096)), CONTEXT, None),
        (limits(context=context(0)), CONTEXT, None),
        (limits(context=context(0, 128)), CONTEXT, Reach(0, 146)),
        (limits(context=context(5, 90), unfinished={"context": "x"}), CONTEXT, Reach(5, 108)),
        (limits(context=context(9_000)), OUTPUT, None),
        (limits(output=(wrote(None),)), OUTPUT, None),
        (limits(output=(wrote(700, "the model stopped"), wrote(650))), OUTPUT, Reach(700, None)),
        (limits(output=(wrote(4_095, "the server's limit"),)), OUTPUT, Reach(4_095, 4_097)),
        (limits(output=(wrote(8_192, turned_down=16_384),)), OUTPUT, Reach(8_192, 16_383)),
        (limits(output=(wrote(4_096, turned_down=9, allowed=4_096),)), OUTPUT, Reach(4_096, 4_096)),
        (
            limits(kind="local", route="gguf", output=(wrote(4_000, "the server's limit"),)),
            OUTPUT,
            Reach(4_000, None),
        ),
        (limits(context=context(9_000)), "parameters", None),
    ],
)
def test_only_what_the_server_would_not_do_ends_a_reach(
    found: Limits, fact: str, reach: Reach | None
) -> None:
    assert found.reach(fact) == reach


def test_a_reach_without_an_end_holds_all_that_is_more() -> None:
    assert Reach(9, None).holds(10**9)
    assert [Reach(9, 12).holds(n) for n in (8, 9, 12, 13)] == [False, True, True, False]


def test_one_thing_told_twice_is_refused_and_different_things_are_not(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    one, other = limits(context=context(9)), limits(cutoff=UNTIL)
    check_once([(one, first), (other, second), (limits("else", context=context(9)), second)])
    for again in (second, first):
        with pytest.raises(
            OptionError, match=r"the context of 'm' is told by .*; name one of them"
        ):
            check_once([(one, first), (WHOLE, again)])
