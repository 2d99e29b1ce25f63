"""Reads runs that are to be merged, and writes the whole: its folder is there whole or not at all.

Rows are carried as they are stored, none is read and written anew: so a hundred thousand trials
take seconds, and what a later version adds to a reply is not lost.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any

import msgspec

from visavis.core.errors import OptionError, StoreError
from visavis.core.trial import TrialKey
from visavis.measure import disk, evidence
from visavis.measure.disk import plain_errors
from visavis.measure.glance import is_being_written
from visavis.measure.judging.store import JudgementStore, differ
from visavis.measure.merging import CaseRow, OfCase, Part, all_cases
from visavis.measure.merging_tries import Renumbered, Tried
from visavis.measure.run_folder import HEAD, TRIALS
from visavis.measure.spec import FORMAT, RunSpec, is_speed, read
from visavis.measure.speed import SPEED
from visavis.measure.store import PEAK, RunStore, read_case
from visavis.measure.votes import VoteStore

_TRIAL = f"INSERT INTO trials VALUES ({', '.join('?' * 13)})"

Row = tuple[Any, ...]


@dataclass(kw_only=True)
class Source:
    """One run, open to be read from, all of it at one moment."""

    folder: Path
    part: Part
    db: sqlite3.Connection
    blocks: dict[str, str]
    """What its blocks of speed are called in the whole, and what that makes of their JSON."""

    def rows(self, table: str) -> Iterator[Row]:
        """All of a table, in order; none where this run has no such table."""
        there = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        with plain_errors(self.folder):
            if self.db.execute(there, (table,)).fetchone():
                yield from self.db.execute(f"SELECT * FROM {table} ORDER BY rowid")

    def tried(self) -> Iterator[Tried]:
        """Its trials, each with what tells its reply from any other."""
        recorded = {one.name for one in self.part.spec.candidates if one.kind == "recorded"}
        for n, row in enumerate(self.rows("trials")):
            key, at = self.renamed(TrialKey(*row[:4])), row[11]
            sign = at or f"{self.folder} {n}"
            if key.candidate in recorded:
                sign = sha256(_said(row[4]).encode()).hexdigest()
            yield Tried(key, sign)

    def renamed(self, key: TrialKey) -> TrialKey:
        """Blocks of speed have other names in the whole: two runs' are no pairs."""
        return key._replace(case=self.blocks[key.case]) if key.benchmark == SPEED else key


class _Text(msgspec.Struct):
    text: str


def _said(reply: str | None) -> str:
    """The text of a recorded reply; what is stored around it differs by version."""
    return "no reply" if reply is None else f"reply {_text(reply).text}"


_text = msgspec.json.Decoder(_Text).decode


@contextmanager
def opened(folders: Sequence[Path], names: Sequence[str]) -> Iterator[list[Source]]:
    """The runs in these folders; refused where one of them is none that can be merged."""
    sources: list[Source] = []
    try:
        blocks: dict[str, CaseRow] = {}
        for folder, name in zip(folders, names, strict=True):
            sources.append(_source(folder, name, blocks))
        _check_cases(sources)
        yield sources
    finally:
        for source in sources:
            source.db.close()


def _source(folder: Path, name: str, blocks: dict[str, CaseRow]) -> Source:
    if is_speed(folder):
        raise OptionError(f"run {name!r} measured speed alone; only comparisons can be merged")
    if is_being_written(folder):
        raise StoreError(f"run {name!r} is being written by another process; let it end")
    with plain_errors(folder):
        spec = read((folder / HEAD).read_bytes(), of=name)
        db = disk.connect_to_read(folder / TRIALS, FORMAT)
        try:
            db.execute("BEGIN")
            cases = db.execute("SELECT * FROM cases ORDER BY rowid").fetchall()
            (trials,) = db.execute("SELECT count(*) FROM trials").fetchone()
        except BaseException:
            db.close()
            raise
    named = {(row[0], row[1]): CaseRow(*row[2:4]) for row in cases if row[0] != SPEED}
    own = {row[1]: CaseRow(*row[2:4]) for row in cases if row[0] == SPEED}
    called = _called(own, blocks)
    for block, row in own.items():
        blocks[called[block]] = named[SPEED, called[block]] = _as(row, block, called[block])
    return Source(
        folder=folder,
        part=Part(name=name, spec=spec, cases=named, trials=trials),
        db=db,
        blocks=called,
    )


def _called(own: dict[str, CaseRow], known: dict[str, CaseRow]) -> dict[str, str]:
    """Names in the whole: those of the runs before where it is the very same block."""
    prompts = {row.prompt: name for name, row in known.items()}
    number, called = len(known), {}
    for block, row in own.items():
        if row.prompt not in prompts:
            number += 1
        called[block] = prompts.get(row.prompt, f"block {number}")
    return called


def _as(row: CaseRow, block: str, called: str) -> CaseRow:
    """The case of a block under another name."""
    return row._replace(body=row.body.replace(f'"{block}"', f'"{called}"'))


def _check_cases(sources: Iterable[Source]) -> None:
    """One id is one case, in one wording."""
    there: dict[OfCase, tuple[CaseRow, str]] = {}
    for source in sources:
        for key, row in source.part.cases.items():
            before, name = there.setdefault(key, (row, source.part.name))
            if before != row and not _alike(before, row):
                raise OptionError(
                    f"case {key[1]!r} of {key[0]!r} was not asked in the same words in {name!r} "
                    f"and {source.part.name!r}; they cannot be one run"
                )


def _alike(one: CaseRow, other: CaseRow) -> bool:
    """Whether they say the same, though another version may have written more fields."""
    return read_case(one.body, one.prompt) == read_case(other.body, other.prompt)


def write(
    folder: Path,
    spec: RunSpec,
    sources: Sequence[Source],
    tries: Sequence[Renumbered],
    beside: Mapping[str, bytes],
) -> tuple[str, ...]:
    """Make the whole in `folder`, which must not be there, with the files that lie `beside` its
    trials; what the reader should know of it."""
    with plain_errors(folder), _in_one(folder) as part:
        RunStore.begin(part, spec).close()
        notes = list(_noted(sources, tries))
        if any(next(source.rows("votes"), None) for source in sources):
            VoteStore(part).close()
        if any(next(source.rows("judges"), None) for source in sources):
            JudgementStore(part).close()
        with closing(disk.connect_beside(part / TRIALS, "", FORMAT)) as db, db:
            _cases(db, sources)
            for source, one in zip(sources, tries, strict=True):
                notes += _carry(db, source, one)
            _charges(db, sources)
            db.executemany("INSERT OR IGNORE INTO notes VALUES (?)", [(text,) for text in notes])
        for name, content in beside.items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_bytes(content)
    return tuple(notes)


@contextmanager
def _in_one(folder: Path) -> Iterator[Path]:
    """A place to write to that becomes `folder` in one moment, or is gone."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    place, file = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.lock")
    lock = disk.lock(file)
    if lock is None:
        raise StoreError(f"another process is merging into {str(folder)!r}; let it end")
    try:
        check_free(folder)
        rmtree(place, ignore_errors=True)  # of a merge that was killed
        yield place
        check_free(folder)
        place.rename(folder)
        # Only now: who still gets the lock of a file that is gone finds that the folder is there.
        file.unlink()
    finally:
        rmtree(place, ignore_errors=True)
        lock.close()


def check_free(folder: Path) -> None:
    """Refuse a place where something is."""
    if folder.is_symlink() or (
        folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))
    ):
        raise OptionError(f"{str(folder)!r} is there already; a merged run needs a new folder")


def _noted(sources: Sequence[Source], tries: Sequence[Renumbered]) -> Iterator[str]:
    """Where the whole comes from, and what became of what several runs have."""
    for source, one in zip(sources, tries, strict=True):
        part = source.part
        machine = part.spec.machine
        about = [part.at[:10], f"visavis {machine.get('visavis', '')}", str(machine.get("cpu", ""))]
        told = ", ".join([*filter(None, about), f"seed {part.spec.seed}"])
        became = [
            f"{count:,} {what}"
            for count, what in (
                (len(one.keys), "trials taken"),
                (one.further, "of them as further tries"),
                (len(one.same), "there already"),
                (len(one.passed_over), "passed over for another run's"),
            )
            if count
        ]
        yield f"merged from {part.name!r} ({told}): {', '.join(became)}"
    yield from _engines([source.part for source in sources])


def _engines(parts: Sequence[Part]) -> Iterator[str]:
    """Local candidates of which the parts asked another engine, or another version of it."""
    used: dict[str, set[str]] = {}
    for part in parts:
        for candidate in part.spec.candidates:
            told = {str(fact.value) for fact in candidate.facts if fact.name == "engine"}
            used.setdefault(candidate.name, set()).update(told)
    for name, engines in used.items():
        if len(engines) > 1:
            yield f"{name!r} was asked through {' and '.join(map(repr, sorted(engines)))}"


def _cases(db: sqlite3.Connection, sources: Sequence[Source]) -> None:
    rows = ((*key, *row) for key, row in all_cases(s.part for s in sources).items())
    db.executemany("INSERT INTO cases VALUES (?, ?, ?, ?)", rows)
    for source in sources:
        db.executemany("INSERT OR IGNORE INTO pictures VALUES (?, ?)", source.rows("pictures"))


def _carry(db: sqlite3.Connection, source: Source, tries: Renumbered) -> list[str]:
    """All that one run brings. Returns its own notes, and what had to stay behind."""
    db.executemany(_TRIAL, _trials(source, tries))
    seen = [
        (*key, *row[4:]) for row in source.rows("evidence") if (key := _kept(row, source, tries))
    ]
    if seen:
        evidence.write(db, ())  # makes its table
        db.executemany(f"INSERT INTO evidence VALUES ({', '.join('?' * 8)})", seen)
    db.executemany(PEAK, source.rows("peaks"))
    left = _judged(db, source, tries) + _votes(db, source, tries)
    told = [f"{source.part.name}: {text}" for (text,) in source.rows("notes")]
    if left:
        told.append(f"{source.part.name}: {left:,} votes or judgements were of trials left out")
    return told


def _trials(source: Source, tries: Renumbered) -> Iterator[Row]:
    for row in source.rows("trials"):
        key = _kept(row, source, tries)
        if key is not None:
            marks = row[12] if len(row) > 12 else None  # of format 1, which had none
            yield (*key, *row[4:12], marks)


def _kept(row: Row, source: Source, tries: Renumbered) -> TrialKey | None:
    return tries.keys.get(source.renamed(TrialKey(*row[:4])))


def _judged(db: sqlite3.Connection, source: Source, tries: Renumbered) -> int:
    """Judges, what they said, and what people said of the same; how much stayed behind."""
    for row in source.rows("judges"):
        _seat(db, row, source)
    for row in source.rows("judge_charges"):
        db.execute("INSERT INTO judge_charges VALUES (?, ?, ?)", row)
    left = 0
    for table, at in (("judgements", 1), ("labels", 0)):
        for row in source.rows(table):
            benchmark, case, repeat, _, first, second = row[at : at + 6]
            number = _try(tries, benchmark, case, repeat, [first, *filter(None, [second])])
            if number is None:
                left += 1
                continue
            moved = (*row[: at + 2], number, *row[at + 3 :])
            marks = ", ".join("?" * len(moved))
            db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", moved)
    return left


def _seat(db: sqlite3.Connection, row: Row, source: Source) -> None:
    """A judge of one name is one judge, and a panel judges beside one candidate."""
    name, body, wording, _, against = row
    before = db.execute(
        "SELECT candidate, wording, against FROM judges WHERE name = ?", (name,)
    ).fetchone()
    if before is None:
        db.execute("INSERT INTO judges VALUES (?, ?, ?, ?, ?)", row)
    elif differ((before[0], before[1]), (body, wording)) or before[2] != against:
        raise OptionError(
            f"judge {name!r} of {source.part.name!r} is another, or was asked otherwise, than in "
            "the runs before; they cannot be one run"
        )


def _votes(db: sqlite3.Connection, source: Source, tries: Renumbered) -> int:
    left = 0
    for _, benchmark, case, repeat, one, other, *told in source.rows("votes"):
        number = _try(tries, benchmark, case, repeat, [one, other])
        if number is None:
            left += 1
            continue
        row = (benchmark, case, number, one, other, *told)
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT OR IGNORE INTO votes VALUES (NULL, {marks})", row)
    return left


def _try(
    tries: Renumbered, benchmark: str, case: str, repeat: int, names: Sequence[str]
) -> int | None:
    """The try of the whole that these candidates' try of this run is; None where it is none."""
    now = {tries.now(TrialKey(name, benchmark, case, repeat)) for name in names}
    numbers = {None if key is None else key.repeat for key in now}
    return numbers.pop() if len(numbers) == 1 else None


def _charges(db: sqlite3.Connection, sources: Sequence[Source]) -> None:
    """All of them; of copies of one run, what either has, once."""
    by_origin: dict[tuple[str, int], Counter[Row]] = {}
    for source in sources:
        origin = source.part.at, source.part.spec.seed
        by_origin[origin] = by_origin.get(origin, Counter()) | Counter(source.rows("charges"))
    for charges in by_origin.values():
        db.executemany("INSERT INTO charges VALUES (?, ?, ?)", charges.elements())
