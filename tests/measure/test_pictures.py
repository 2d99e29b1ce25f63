"""What a run keeps of prompts with pictures."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drawn import png
from tests.measure.things import candidate, spec, sums
from visavis.core.errors import StoreError
from visavis.core.prompt import Image, Message, Prompt, Settings
from visavis.measure.plan import Asked
from visavis.measure.store import RunStore, StoredCase

SEEN = tuple(
    Image(media_type="image/png", data=png(9, 9, grey), mark=f"<image {n}>", pixels=(9, 9))
    for n, grey in enumerate((0, 90, 0), start=1)
)
"""Three pictures, two of which are the same."""


def pictured() -> Asked:
    plain = sums(3)
    cases = tuple(replace(case, images=SEEN) for case in plain.cases)

    def ask(case: object) -> Prompt:
        look = Message(role="system", content="Look.")
        shown = Message(role="user", content="<image 1> or <image 2>?", images=SEEN)
        return Prompt(messages=(look, shown), settings=Settings(max_tokens=9))

    return Asked(benchmark=replace(plain.benchmark, ask=ask), cases=cases)


def kept(folder: Path, *, pictures: bool = True) -> list[StoredCase]:
    with RunStore.open(folder) as store:
        return list(store.cases("sums", pictures=pictures))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = pictured()
    with RunStore.begin(tmp_path / "run", spec([asked], [candidate("a")])) as store:
        store.add_cases([asked])
        store.add_cases([asked])
    return tmp_path / "run"


def test_prompts_come_back_with_every_picture(folder: Path) -> None:
    asked = pictured()
    prompts = [asked.benchmark.ask(case) for case in asked.cases]
    assert [stored.prompt for stored in kept(folder)] == prompts
    cases = [replace(case, images=()) for case in asked.cases]
    assert [stored.case for stored in kept(folder)] == cases


def test_a_picture_is_kept_once_however_often_it_is_shown(folder: Path) -> None:
    with sqlite3.connect(folder / "trials.sqlite") as db:
        assert db.execute("SELECT count(*) FROM pictures").fetchone() == (2,)
        (longest,) = db.execute("SELECT max(length(prompt)) FROM cases").fetchone()
    db.close()
    assert longest < 900


def test_a_reader_without_need_of_pictures_gets_none(folder: Path) -> None:
    (_, shown) = kept(folder, pictures=False)[0].prompt.messages
    assert shown.images == tuple(replace(image, data=b"") for image in SEEN)


def test_a_lost_picture_is_told(folder: Path) -> None:
    with sqlite3.connect(folder / "trials.sqlite") as db:
        db.execute("DELETE FROM pictures")
    db.close()
    with pytest.raises(StoreError, match="lost a picture"):
        kept(folder)


def test_a_run_from_before_there_were_pictures_is_read(tmp_path: Path) -> None:
    asked = sums(2)
    with RunStore.begin(tmp_path / "run", spec([asked], [candidate("a")])) as store:
        store.add_cases([asked])
    with sqlite3.connect(tmp_path / "run" / "trials.sqlite") as db:
        db.execute("DROP TABLE pictures")
    db.close()
    assert [stored.case for stored in kept(tmp_path / "run")] == list(asked.cases)
