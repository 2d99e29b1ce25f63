"""What must hold of a share of requests, decided by a speed run that is named beside a verdict."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.api.test_under_load import comparison
from tests.measure.load.things import block, new_store, served, timing
from visavis.api.around import Surroundings
from visavis.api.comparison import Beside, Comparison
from visavis.api.verdict import Verdict, verdict
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.options import VerdictOptions
from visavis.report.find_out import to_find_out
from visavis.verdict.must import Met

A, B = (served("http://127.0.0.1:1/v1", name) for name in "ab")


def put_under_load(
    folder: Path, first_s: Sequence[float], *candidates: Candidate, load: str = "at once 1"
) -> Path:
    """A speed run of blocks of one request each, alike for all."""
    with new_store(folder, candidates, load) as store:
        for number, seconds in enumerate(first_s):
            for one in candidates:
                store.add(
                    block([timing(0.0, seconds)], candidate=one.name, load=load, number=number)
                )
    return folder


def judged(folder: Path, speed: Path | None) -> Verdict:
    options = VerdictOptions(policy="chat", speed=None if speed is None else str(speed))
    return verdict(str(folder), options, Surroundings(home=folder.parent, environ={}))


def met(found: Verdict) -> list[Met]:
    return [one for standing in found.choice.standings for one in standing.musts.values()]


@pytest.mark.parametrize(
    ("first_s", "said"),
    [
        ([0.9] * 72, "met"),
        ([1.1] * 72, "missed"),
        ([0.9] * 71 + [1.1], "may be missed"),
        ([0.9] * 71, "may be missed"),
    ],
)
def test_as_many_requests_as_are_needed_decide_and_one_less_does_not(
    tmp_path: Path, first_s: list[float], said: Met
) -> None:
    folder = comparison(tmp_path / "run", (A, B))
    speed = put_under_load(tmp_path / "speed", first_s, A, B)
    before = judged(folder, None)
    assert before.notes == ()
    assert set(met(before)) <= {"may be missed", "not known"}
    measures, decides = to_find_out(before.choice, before.by)
    assert "--concurrency 1 --requests 73 --blocks 73 --tokens 16 " in measures
    assert decides == f"visavis verdict {folder} --policy chat --speed last"
    after = judged(folder, speed)
    assert after.notes == (
        "what must hold of a share of requests goes by speed run 'speed', one request at a time",
    )
    if len(first_s) < 72:
        assert to_find_out(after.choice, after.by)
    else:
        assert met(after) == [said, said]
        assert to_find_out(after.choice, after.by) == ()


def test_whom_it_did_not_measure_it_leaves_to_the_comparison_and_says_so(tmp_path: Path) -> None:
    folder = comparison(tmp_path / "run", (A, B))
    found = judged(folder, put_under_load(tmp_path / "speed", [0.5] * 72, A))
    of = {one.candidate: [*one.musts.values()] for one in found.choice.standings}
    assert of["a"] == ["met"]
    assert of["b"] != ["met"]
    assert [*found.choice.few] == ["b"]
    assert found.notes[1] == (
        "speed run 'speed' did not ask 'b' one request at a time; what must hold of a share of "
        "requests goes there by the comparison"
    )
    (measures, _) = to_find_out(found.choice, found.by)
    assert " b " in measures
    assert " a " not in measures


def test_the_page_decides_by_it_too(tmp_path: Path) -> None:
    folder = comparison(tmp_path / "run", (A, B))
    speed = put_under_load(tmp_path / "speed", [0.5] * 72, A, B)
    seen = Comparison(folder, policy="chat", beside=Beside(speed=speed))
    assert seen.choices is not None
    standings = seen.choices.taken[0].standings
    assert [one for each in standings for one in each.musts.values()] == ["met", "met"]
    assert "requests goes by speed run" in seen.html()


def test_a_speed_run_that_tells_nothing_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = comparison(tmp_path / "run", (A, B))
    many = put_under_load(tmp_path / "many", [0.5] * 3, A, B, load="at once 4")
    with pytest.raises(OptionError, match="asked nobody one request at a time, so no verdict"):
        judged(folder, many)
    other = put_under_load(tmp_path / "other", [0.5] * 3, A, replace(B, snapshot="older"))
    with pytest.raises(OptionError, match=r"measured 'b' as 'older', .*; measure the same"):
        judged(folder, other)
    third = put_under_load(tmp_path / "third", [0.5] * 3, A, replace(B, name="c"))
    with pytest.raises(OptionError, match="measured 'c', which is not in this comparison"):
        judged(folder, third)
    with pytest.raises(OptionError, match="'run' is no speed run; 'visavis speed' makes one"):
        judged(folder, folder)
    seen = Comparison(folder, policy="chat", beside=Beside(speed=many))
    (note,) = seen.notes_on_load
    assert note.startswith("speed run 'many' did not ask 'a', 'b' one request at a time; ")
