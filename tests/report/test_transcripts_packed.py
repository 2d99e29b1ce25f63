"""Transcripts as they travel: packed, indexed, in the page or beside it."""

import json
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report import packed
from tests.report.fixtures import (
    CASES,
    FAILED,
    JUDGEMENT,
    PASSED,
    QWEN,
    RUN,
    SMOL,
    TRIALS,
    reply,
    trial,
)
from tests.report.hostile import HOSTILE, LONG, hostile
from visavis.core.errors import StoreError
from visavis.core.outcome import Score
from visavis.core.trial import Trial
from visavis.measure.store import StoredCase
from visavis.report.page import page
from visavis.report.transcripts_beside import Beside
from visavis.report.transcripts_packed import CHUNK_BYTES
from visavis.report.view import View, view


def marks(html: str) -> list[str]:
    """Of each case what became of it, as the page's filters know it."""
    index = packed.index(html)
    which = array("I", packed.inflated(index["marks"]))
    return [index["patterns"][of] for of in which]


def test_filters_know_what_became_of_each_case_without_opening_it(seen: View) -> None:
    told = ["rw", "rr", "wr", "wwp", "r-f", "r-", "rw", "rw", "rr", "rw"]
    assert marks(page(seen)) == told


def test_every_try_counts() -> None:
    def nth(repeat: int, grade: object) -> Trial:
        made = trial(QWEN, "humaneval", 0, reply("x"), PASSED if grade else FAILED)
        return replace(made, key=made.key._replace(repeat=repeat))

    once = [nth(0, True), nth(1, False), trial(SMOL, "humaneval", 0, reply("y"), PASSED)]
    assert marks(page(view(JUDGEMENT, RUN, once))) == ["Ar"]  # right in one try is not wrong
    assert marks(page(view(JUDGEMENT, RUN, [once[0]]))) == ["r."]


def test_of_two_that_are_right_in_part_it_is_known_which_is_more_so() -> None:
    def tries(candidate: str, *values: float) -> list[Trial]:
        made = [
            trial(candidate, "humaneval", 0, reply("x"), Score(value=value, because="partly"))
            for value in values
        ]
        return [replace(one, key=one.key._replace(repeat=nth)) for nth, one in enumerate(made)]

    for ours, theirs, told in (
        ((0.2, 0.4), (0.8, 0.9), "AB"),
        ((1.0, 0.0), (0.25, 0.25), "BA"),
        ((0.1, 0.2, 0.0), (0.0, 0.2, 0.1), "AA"),
        ((0.1, 0.0), (1.0, 1.0), "Ar"),
    ):
        trials = tries(QWEN, *ours) + tries(SMOL, *theirs)
        assert marks(page(view(JUDGEMENT, RUN, trials)))[0].rstrip("p") == told


def test_ids_and_benchmarks_are_in_the_index(seen: View) -> None:
    index = packed.index(page(seen))
    ids = json.loads(packed.inflated(index["ids"]))
    assert ids == [stored.case.id for of in CASES.values() for stored in of]
    assert index["benchmarks"] == [["logic", 6], ["humaneval", 4]]
    assert index["folder"] == ""


def test_a_run_without_trials_has_no_chunk() -> None:
    html = page(view(JUDGEMENT, RUN, ()))
    assert packed.chunks(html) == []
    assert packed.index(html)["chunks"] == []


def test_chunks_are_closed_before_they_are_large() -> None:
    case, prompt = CASES["logic"][0]
    texts = [f"{n} " + "word " * 20_000 for n in range(20)]
    cases = tuple(StoredCase(replace(case, id=f"logic/{n}"), prompt) for n in range(20))
    trials = [trial(QWEN, "logic", n, reply(text), PASSED) for n, text in enumerate(texts)]
    html = page(view(JUDGEMENT, replace(RUN, cases={"logic": cases}), trials))
    sizes = [len(packed.inflated(chunk)) for chunk in packed.chunks(html)]
    assert len(sizes) == 4
    assert max(sizes) < CHUNK_BYTES + 110_000
    assert [cases for _, cases in packed.index(html)["chunks"]] == [6, 6, 6, 2]
    assert [case[5][0][4] for case in packed.cases(html)] == texts


def test_what_is_too_much_for_a_page_lies_beside_it(tmp_path: Path) -> None:
    aside = Beside(tmp_path / "a page.html", beyond_bytes=1000)
    html = page(hostile(), aside=aside)
    folder = tmp_path / "a page.transcripts"
    assert packed.chunks(html) == []
    assert packed.index(html)["folder"] == "a%20page.transcripts"
    replies = [found[4] for case in packed.cases(html, folder) for found in case[5]]
    assert replies == [text for text in (*HOSTILE, LONG) for _ in (QWEN, SMOL)]
    assert "'strict-dynamic'" in html


def test_a_page_that_holds_everything_allows_nothing_to_be_loaded(
    tmp_path: Path, seen: View
) -> None:
    aside = Beside(tmp_path / "page.html")
    assert page(seen, aside=aside) == page(seen)
    assert "strict-dynamic" not in page(seen)
    assert list(tmp_path.iterdir()) == []


def test_a_page_written_again_leaves_nothing_of_the_one_before(tmp_path: Path, seen: View) -> None:
    folder = tmp_path / "page.transcripts"
    for shown in (hostile(), seen):
        aside = Beside(tmp_path / "page.html", beyond_bytes=0)
        html = page(shown, aside=aside)
        (folder / "notes.txt").write_text("the user's own")
        aside.tidy()
        names = {f"{name}.js" for name, _ in packed.index(html)["chunks"]}
        assert {file.name for file in folder.iterdir()} == names | {"notes.txt"}
    (folder / "notes.txt").unlink()
    Beside(tmp_path / "page.html").tidy()
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, seen: View) -> None:
    (tmp_path / "page.transcripts").write_text("a file")
    with pytest.raises(StoreError, match=r"page\.transcripts"):
        page(seen, aside=Beside(tmp_path / "page.html", beyond_bytes=0))


def test_trials_are_all_in_the_page(seen: View) -> None:
    assert sum(len(case[5]) for case in packed.cases(page(seen))) == len(TRIALS)
