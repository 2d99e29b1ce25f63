"""The arena without a browser: what is shown and kept, and who is turned away at the door."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.arena_run import NAMES, made
from tests.judged_things import BETTER, TONE, asked, compared, first_wins, says
from tests.measure.things import sums
from visavis.api.arena import Arena
from visavis.api.arena_server import serve
from visavis.api.comparison import Comparison
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import CLIP, Evidence, Failure
from visavis.measure.votes import votes_in
from visavis.options import ArenaOptions
from visavis.report.arena_judged import shortened

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return made(tmp_path / "run")


def opened(run: Path, **options: Any) -> Arena:
    return Arena(run, ArenaOptions(**options))


def bout(arena: Arena) -> dict[str, Any]:
    found = arena.state()["bout"]
    assert isinstance(found, dict)
    return found


def test_what_the_page_gets_names_no_candidate(run: Path) -> None:
    with opened(run) as arena:
        for _ in range(6):
            state = json.dumps(arena.state())
            assert not any(name in state for name in NAMES)
            arena.vote(bout(arena)["pair"], "left", 1.0)
        assert arena.state()["bout"] is None


def test_a_vote_brings_the_next_pair_and_the_same_one_twice_counts_once(run: Path) -> None:
    with opened(run) as arena:
        first = bout(arena)
        assert arena.vote(first["pair"], "left", 2.0)
        assert not arena.vote(first["pair"], "right", 2.0)
        assert bout(arena)["pair"] != first["pair"]
        assert arena.state()["done"] == 1
    (vote,) = votes_in(run)
    assert (vote.choice, vote.seconds) == ("left", 2.0)


def test_whoever_comes_again_goes_on_where_they_were(run: Path) -> None:
    with opened(run) as arena:
        arena.vote(bout(arena)["pair"], "tie", 1.0)
        arena.vote(bout(arena)["pair"], "skip", 1.0)
        following = bout(arena)
    with opened(run) as arena:
        assert bout(arena) == following
        standing = arena.standing()
        assert (standing.kept, standing.skipped, standing.left) == (1, 1, 4)


def test_the_last_vote_can_be_taken_back_and_the_pair_comes_again(run: Path) -> None:
    with opened(run) as arena:
        first = bout(arena)
        arena.vote(first["pair"], "left", 1.0)
        number = arena.state()["undo"]
        assert isinstance(number, int)
        arena.undo(number)
        arena.undo(number)  # pressed twice
        assert bout(arena) == first
        assert arena.state()["undo"] is None


def test_skipped_pairs_come_again_when_asked_for(run: Path) -> None:
    with opened(run) as arena:
        arena.vote(bout(arena)["pair"], "skip", 1.0)
        assert arena.state()["skipped"] == 1
        arena.put_back_skipped()
        assert (arena.state()["skipped"], arena.state()["done"]) == (0, 0)


def test_each_voter_judges_every_pair(run: Path) -> None:
    for voter in ("Ana", "Bo"):
        with opened(run, voter=voter) as arena:
            arena.vote(bout(arena)["pair"], "left", 1.0)
    assert [vote.voter for vote in votes_in(run)] == ["Ana", "Bo"]


def test_a_time_is_believed_up_to_a_day(run: Path) -> None:
    with opened(run) as arena:
        arena.vote(bout(arena)["pair"], "left", 1e12)
    assert votes_in(run)[0].seconds == 86_400


def test_only_the_benchmarks_named_are_shown(tmp_path: Path) -> None:
    run = made(tmp_path / "run", asked=(sums(3), sums(2, "more")))
    with opened(run, on=("more",)) as arena:
        assert arena.standing().total == 2
    with opened(run, on=("more@1,sums",)) as arena:
        assert arena.standing().total == 5
    with pytest.raises(UnknownNameError, match="try more"):
        opened(run, on=("mroe",))


def test_a_run_without_two_replies_to_compare_says_why(tmp_path: Path) -> None:
    alike = made(tmp_path / "alike", lambda name, n: "the same")
    with pytest.raises(OptionError, match="6 pairs say the same"):
        opened(alike)
    gone = made(tmp_path / "gone", lambda name, n: Failure(kind="timed out", detail="x"))
    with pytest.raises(OptionError, match="of 6 one is missing"):
        opened(gone)
    with pytest.raises(OptionError, match="one candidate"):
        opened(made(tmp_path / "one", names=NAMES[:1]))


def test_a_run_of_speed_has_no_replies(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"kind": "speed", "format": 1}', encoding="utf-8")
    with pytest.raises(OptionError, match="measured speed"):
        opened(tmp_path)


def test_what_checks_saw_stands_beside_the_reply_clips_last_and_no_text(tmp_path: Path) -> None:
    seen = (
        Evidence(name="bounce" + CLIP, media_type="image/png", data=b"moves"),
        Evidence(name="trace", media_type="text/plain", data=b"x=1"),
        Evidence(name="window", media_type="image/png", data=b"stands"),
    )
    with opened(made(tmp_path / "run", seen=seen)) as arena:
        frames = bout(arena)["frames"]
    expected = [
        ["window", "data:image/png;base64,c3RhbmRz"],
        ["bounce clip", "data:image/png;base64,bW92ZXM="],
    ]
    assert frames == {"left": expected, "right": expected}


def test_results_name_the_candidates_and_the_report_has_the_votes(run: Path) -> None:
    with opened(run) as arena:
        assert arena.results("en") == (None, ())
        for _ in range(6):
            arena.vote(bout(arena)["pair"], "left", 1.0)
        found, judged = arena.results("fr")
    assert found is not None
    assert judged == ()
    assert {row.candidate for row in found.strengths} == set(NAMES[:2])
    seen = Comparison(run)
    assert "6 blind votes" in seen.table()
    assert seen.poll is not None
    assert isinstance(seen.poll.agreement.ties, int)


EVIL = "<script>alert(1)</script> Friendly.\n"


def judged_run(folder: Path) -> Path:
    """Two candidates, six cases, and a judge that writes markup."""
    said = says("judge", lambda prompt: EVIL + first_wins(prompt))
    kind, curt = says("kind", "Thank you."), says("curt", "Well.")
    compared(folder, [kind, curt], asked(6, TONE, BETTER), [said])
    return folder


def test_what_judges_said_is_seen_of_voted_pairs_alone(tmp_path: Path) -> None:
    with opened(judged_run(tmp_path / "run")) as arena:
        assert arena.results("en") == (None, ())
        assert "Friendly" not in json.dumps(arena.state())
        voted = bout(arena)
        arena.vote(voted["pair"], "skip", 1.0)
        assert arena.results("en")[1] == ()
        arena.vote(bout(arena)["pair"], "tie", 1.0)
        arena.vote(bout(arena)["pair"], "left", 1.0)
        last, first = arena.results("en")[1]
    assert first.vote == "You said: a tie."
    assert last.vote in ("You said: kind is better.", "You said: curt is better.")
    assert {reply.candidate: text for reply, text in last.replies} == {
        "kind": "Thank you.",
        "curt": "Well.",
    }
    tone, better = last.replies[0][0].heard.parts
    assert tone.told == "tone: earns 100%"
    assert [voice.told.split(":")[1] for voice in better.voices] == [
        " this reply is better",
        " the other reply is better",
    ]
    assert better.voices[0].text.startswith(EVIL)


def test_a_long_reply_is_cut_and_what_nobody_would_see_is_written_out() -> None:
    assert shortened("a\u202eb") == "a‹U+202E›b"
    assert shortened("x" * 9000) == "x" * 4000 + "…"


async def test_a_judge_writes_no_markup_into_the_results(tmp_path: Path) -> None:
    async with door(judged_run(tmp_path / "run")) as at:
        pair = json.loads((await at.get("next"))[1])["bout"]["pair"]
        body = json.dumps({"pair": pair, "choice": "left", "seconds": 1.0})
        assert (await at.post("vote", body))[0] == 200
        status, page = await at.get("results")
    assert status == 200
    assert "What judges said of the replies you voted on" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Friendly." in page
    assert "<script" not in page


# --- the door -----------------------------------------------------------------------------------


@dataclass
class Door:
    """A server that stands, and a client before it."""

    url: str
    client: aiohttp.ClientSession

    @property
    def origin(self) -> str:
        return self.url.rsplit("/", 2)[0]

    async def get(self, path: str = "", **how: Any) -> tuple[int, str]:
        async with self.client.get(self.url + path, **how) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, body: str, **headers: str) -> tuple[int, str]:
        told = {"Origin": self.origin, **JSON, **headers}
        async with self.client.post(self.url + path, data=body, headers=told) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def door(run: Path, *, port: int = 0) -> AsyncIterator[Door]:
    stop, address = asyncio.Event(), asyncio.get_running_loop().create_future()
    with opened(run) as arena:
        serving = asyncio.create_task(serve(arena, port, "en", address.set_result, stop))
        try:
            await asyncio.wait([serving, address], return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
            async with aiohttp.ClientSession() as client:
                yield Door(await address, client)
        finally:
            stop.set()
            with suppress(OptionError):
                await serving


async def test_the_page_comes_under_a_strict_policy_and_holds_no_reply(run: Path) -> None:
    async with door(run) as at, at.client.get(at.url) as answer:
        page = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'")
        assert "unsafe" not in policy
        assert "*" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Server"] == "visavis"
    assert not any(name in page for name in NAMES)
    assert "reply 0" not in page


async def test_a_vote_by_our_page_is_kept(run: Path) -> None:
    async with door(run) as at:
        status, state = await at.get("next")
        pair = json.loads(state)["bout"]["pair"]
        body = json.dumps({"pair": pair, "choice": "right", "seconds": 3.5})
        status, state = await at.post("vote", body)
        assert (status, json.loads(state)["counted"]) == (200, True)
        assert json.loads(state)["done"] == 1
        status, state = await at.post("vote", body)
        assert json.loads(state)["counted"] is False
        number = json.loads(state)["undo"]
        assert (await at.post("undo", json.dumps({"number": number})))[0] == 200
        assert (await at.post("put-back", "{}"))[0] == 200
    assert votes_in(run) == ()


async def test_without_the_token_nothing_is_there(run: Path) -> None:
    async with door(run) as at:
        for url in (f"{at.origin}/", f"{at.origin}/wrong/", f"{at.origin}/é/next"):
            async with at.client.get(url) as answer:
                assert answer.status == 404
                assert "reply" not in await answer.text()
        assert (await at.get("nowhere"))[0] == 404
        assert (await at.get("vote"))[0] == 404


async def test_tokens_differ_at_each_start(run: Path) -> None:
    async with door(run) as first:
        pass
    async with door(run) as second:
        assert first.url.split("/")[3] != second.url.split("/")[3]
        assert len(second.url.split("/")[3]) >= 32


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1", "localhost:1", "[::1]:80"])
async def test_a_name_that_somebody_points_here_leads_nowhere(run: Path, host: str) -> None:
    async with door(run) as at:
        status, text = await at.get("next", headers={"Host": host})
        assert status == 421
        assert "reply" not in text


async def test_localhost_is_this_machine_too(run: Path) -> None:
    async with door(run) as at:
        host = at.origin.removeprefix("http://").replace("127.0.0.1", "localhost")
        assert (await at.get("next", headers={"Host": host}))[0] == 200


VOTE = '{"pair": 0, "choice": "left", "seconds": 1}'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_another_page_cannot_vote(run: Path, headers: dict[str, str], status: int) -> None:
    async with door(run) as at:
        assert (await at.post("vote", VOTE, **headers))[0] == status
        async with at.client.post(at.url + "vote", data=VOTE, headers=JSON) as answer:
            assert answer.status == 403  # no origin at all
    assert votes_in(run) == ()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("vote", "no JSON", 400),
        ("vote", '{"pair": 0, "choice": "both", "seconds": 1}', 400),
        ("vote", '{"pair": 0, "choice": "left", "seconds": -1}', 400),
        ("vote", '{"pair": 0, "choice": "left", "seconds": 1, "voter": "me"}', 400),
        ("vote", '{"pair": 99, "choice": "left", "seconds": 1}', 400),
        ("vote", '{"pair": -1, "choice": "left", "seconds": 1}', 400),
        ("vote", "x" * 10_000, 413),
        ("undo", '{"number": "1"}', 400),
        ("put-back", '{"all": true}', 400),
    ],
)
async def test_what_is_no_vote_is_refused_in_one_line(
    run: Path, path: str, body: str, status: int
) -> None:
    async with door(run) as at:
        found, text = await at.post(path, body)
        assert found == status
        assert "\n" not in text
    assert votes_in(run) == ()


async def test_results_are_a_page_without_a_script(run: Path) -> None:
    async with door(run) as at:
        status, page = await at.get("results")
        assert "There is no vote yet." in page
        await at.post("vote", VOTE)
        status, page = await at.get("results?lang=fr")
        assert status == 200
        assert '<html lang="fr">' in page
        assert "<script" not in page
        assert NAMES[0] in page


async def test_a_port_that_is_taken_is_a_users_mistake(run: Path) -> None:
    async with door(run) as at:
        port = int(at.origin.rpartition(":")[2])
        with pytest.raises(OptionError, match="choose another"):
            async with door(run, port=port):
                pass
    with pytest.raises(OptionError, match="--port 99999"):
        async with door(run, port=99999):
            pass


def test_hostile_replies_reach_the_page_as_they_are_written(tmp_path: Path) -> None:
    def evil(name: str, number: int) -> str:
        return f"</script>\x00\u202e{name[0]}"

    with opened(made(tmp_path / "run", evil, cases=1)) as arena:
        assert {bout(arena)["left"], bout(arena)["right"]} == {evil("maple", 0), evil("birch", 0)}
