"""One look at a server's list tells what a run would only find out request by request."""

from typing import Any

import pytest

from tests.candidates.talk import KEY, candidate
from tests.fake_models import MODELS, RESET, Model, Request, Step, http, raw, say, stall, turn_down
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits
from visavis.candidates.server_models import ServerModels, server_models


async def _look(listings: list[dict[str, Any]], model: str, *, route: str = "http") -> ServerModels:
    with FakeServer() as server:
        server.listings = listings
        return await server_models(candidate(server.url, model, route=route), None)


async def _look_at(answer: Model) -> ServerModels:
    """What is made of a server that answers so when it is asked for its list."""
    with FakeServer() as server:
        server.list_models = answer
        return await server_models(candidate(server.url), None, limits=Limits(idle_s=1.0))


async def test_a_model_on_the_list_is_ready() -> None:
    found = await _look([{"id": "a"}, {"id": "m"}], "m")
    assert found == ServerModels(state="ready", detail="", offers=("a", "m"))


@pytest.mark.parametrize(
    ("listed", "asked"),
    [("llama3.1:latest", "llama3.1"), ("models/gemini-3", "gemini-3"), ("x/y", "x/y:free")],
)
async def test_a_name_is_known_as_each_provider_lists_it(listed: str, asked: str) -> None:
    assert (await _look([{"id": listed}], asked)).state == "ready"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2027-01-14", "2027-01-14"),
        ("2027-01-14T00:00:00Z", "2027-01-14"),
        (1799884800, "2027-01-14"),
        (None, None),
        ("", None),
        (1e300, None),
        (-5, None),
        (["soon"], None),
    ],
)
async def test_the_date_of_its_end_is_read_where_it_is_given(given: object, read: str) -> None:
    assert (await _look([{"id": "m", "shutdown_date": given}], "m")).shutdown_date == read


async def test_a_wrong_name_is_answered_with_what_there_is() -> None:
    found = await _look([{"id": name} for name in ("gpt-9", "gpt-9-mini", "b", "c")], "gpt-9-mni")
    assert found.state == "no such model"
    assert found.detail.startswith(
        "the server of 'candidate-gpt-9-mni' has no model 'gpt-9-mni'; it offers 'gpt-9-mini'"
    )


async def test_azure_lists_models_and_not_deployments_so_a_name_it_lacks_proves_nothing() -> None:
    assert (await _look([{"id": "gpt-4o"}], "my-own", route="azure")).state == "no list"


async def test_a_bare_list_is_a_list() -> None:
    def bare(_: Request) -> list[Step]:
        return [http(200, b'[{"id": "m"}]')]

    assert (await _look_at(bare)).state == "ready"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (turn_down(404), "no list"),
        (turn_down(500), "no list"),
        (raw(http(200, b"<html>")), "no list"),
        (raw(http(200, b'{"data": []}')), "no list"),
        (turn_down(401, "who are you"), "key refused"),
        (turn_down(403, "not in your country"), "key refused"),
        (raw(RESET), "down"),
        (stall(), "down"),
    ],
)
async def test_each_trouble_has_its_name_and_one_line(answer: Model, state: str) -> None:
    found = await _look_at(answer)
    assert found.state == state
    assert 0 < len(found.detail) <= 200
    assert "candidate-m" in found.detail


async def test_a_server_that_is_not_there_is_down() -> None:
    with FakeServer() as server:
        url = server.url
    found = await server_models(candidate(url), None)
    assert found.state == "down"
    assert "start it" in found.detail
    assert found.detail.endswith("Connection refused")


async def test_a_key_that_lacks_is_told_by_the_name_of_its_variable() -> None:
    with FakeServer(MODELS, key="another") as server:
        assert (await server_models(candidate(server.url), None)).detail.endswith(
            "set HTTP_API_KEY"
        )
        groq = await server_models(candidate(server.url, route="groq"), None)
    assert groq.detail.endswith("set GROQ_API_KEY")


async def test_a_refused_key_is_named_and_not_shown() -> None:
    with FakeServer(MODELS, key="another") as server:
        found = await server_models(candidate(server.url, keyed=True), KEY)
    assert found.state == "key refused"
    assert "'HTTP_API_KEY'" in found.detail
    assert KEY[:6] not in repr(found)


def test_the_fake_server_lists_what_it_serves() -> None:
    with FakeServer({"yes": say("Yes")}) as server:
        assert server.listings == [{"id": "yes", "object": "model"}]
