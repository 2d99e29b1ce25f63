"""The questions of MMLU, from the authors' CSV files or the hub's Parquet.

A question's id is a hash of its text, so that a part of the files, or another format of them, gives
the same ids as the whole. 143 texts stand in the files twice: copies within the test split form one
group, since whoever answers one answers the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from visavis.benchmarks.base import LoadOptions, Names, in_order, short_hash
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.tables import csv_rows, parquet_rows
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.pinned.upstream import MMLU

UPSTREAM = Upstream(
    name="mmlu",
    title="MMLU",
    licence="MIT",
    home="github.com/hendrycks/test",
    pinned=MMLU,
)
LETTERS = "ABCD"
WHOLE = 14_042
"""Questions of the test split."""
NAMED = 5
"""Subjects without a question that a note names; of more it would be no line."""
EXAMPLES = 5
"""Questions of the dev split that a subject has."""

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "STEM": (
            "abstract_algebra",
            "astronomy",
            "college_biology",
            "college_chemistry",
            "college_computer_science",
            "college_mathematics",
            "college_physics",
            "computer_security",
            "conceptual_physics",
            "electrical_engineering",
            "elementary_mathematics",
            "high_school_biology",
            "high_school_chemistry",
            "high_school_computer_science",
            "high_school_mathematics",
            "high_school_physics",
            "high_school_statistics",
            "machine_learning",
        ),
        "humanities": (
            "formal_logic",
            "high_school_european_history",
            "high_school_us_history",
            "high_school_world_history",
            "international_law",
            "jurisprudence",
            "logical_fallacies",
            "moral_disputes",
            "moral_scenarios",
            "philosophy",
            "prehistory",
            "professional_law",
            "world_religions",
        ),
        "social sciences": (
            "econometrics",
            "high_school_geography",
            "high_school_government_and_politics",
            "high_school_macroeconomics",
            "high_school_microeconomics",
            "high_school_psychology",
            "human_sexuality",
            "professional_psychology",
            "public_relations",
            "security_studies",
            "sociology",
            "us_foreign_policy",
        ),
        "other": (
            "anatomy",
            "business_ethics",
            "clinical_knowledge",
            "college_medicine",
            "global_facts",
            "human_aging",
            "management",
            "marketing",
            "medical_genetics",
            "miscellaneous",
            "nutrition",
            "professional_accounting",
            "professional_medicine",
            "virology",
        ),
    }
)
"""The authors' four fields and their 57 subjects."""
FIELD_OF = {subject: field for field, subjects in FIELDS.items() for subject in subjects}


class Row(NamedTuple):
    """A question as the files have it."""

    subject: str
    question: str
    choices: tuple[str, str, str, str]
    answer: str
    """A letter."""


def questions(options: LoadOptions) -> list[Row]:
    """The test split; a note tells when it is but a part of it."""
    rows, place = _split("test", options)
    if len(rows) != WHOLE:
        lacking = FIELD_OF.keys() - {row.subject for row in rows}
        none = f", none of {', '.join(sorted(lacking))}" if 0 < len(lacking) <= NAMED else ""
        options.note(f"MMLU: {len(rows):,} of {WHOLE:,} questions are in {str(place)!r}{none}")
    return rows


def examples(options: LoadOptions) -> dict[str, list[Row]]:
    """The five worked questions of each subject, in the files' order."""
    rows, place = _split("dev", options)
    found: dict[str, list[Row]] = {subject: [] for subject in FIELD_OF}
    for row in rows:
        found[row.subject].append(row)
    for subject, shown in found.items():
        if len(shown) != EXAMPLES:
            raise DataError(
                f"{str(place)!r} has {len(shown)} examples of {subject!r} instead of {EXAMPLES}; "
                f"get it anew from {UPSTREAM.home}"
            )
    return found


def cases(rows: Iterable[Row], shots: Mapping[str, str]) -> tuple[Case, ...]:
    """The questions by the SHA-256 of their ids; `shots` are a subject's examples, as written."""
    made, names = [], Names()
    for row in rows:
        text = (row.question, *row.choices)
        name = f"mmlu/{row.subject}/{short_hash(*text, row.answer)}"
        made.append(
            Case(
                id=names.next(name),
                group=f"mmlu/{short_hash(*text)}",
                question=row.question,
                target=row.answer,
                fields=MappingProxyType(_fields(row, shots)),
            )
        )
    return in_order(made)


def _fields(row: Row, shots: Mapping[str, str]) -> dict[str, str]:
    choices = dict(zip(LETTERS, row.choices, strict=True))
    fields = {**choices, "subject": row.subject, "field": FIELD_OF[row.subject]}
    return fields | ({"shots": shots[row.subject]} if shots else {})


def _split(split: str, options: LoadOptions) -> tuple[list[Row], Path]:
    """All rows of a split, and where they were found."""
    for folder in (f"data/{split}", split):
        place = UPSTREAM.look(folder, options)
        if place is not None and any(place.glob(f"*_{split}.csv")):
            return _whole(_of_folder(place, split), place), place
    file = UPSTREAM.find(f"all/{split}-00000-of-00001.parquet", options)
    return _whole(_of_parquet(file), file), file


def _whole(rows: Iterator[Row], place: Path) -> list[Row]:
    made = list(rows)
    if not made:
        raise DataError(f"{str(place)!r} holds no questions; get MMLU anew from {UPSTREAM.home}")
    return made


def _of_folder(folder: Path, split: str) -> Iterator[Row]:
    for file in sorted(folder.glob(f"*_{split}.csv")):
        subject = file.stem.removesuffix(f"_{split}")
        for number, record in enumerate(csv_rows(file), start=1):
            row = _row(subject, record)
            if row is None:
                raise _unlike(file, number)
            yield row


def _of_parquet(file: Path) -> Iterator[Row]:
    columns = ("question", "subject", "choices", "answer")
    for number, record in enumerate(parquet_rows(file, columns), start=1):
        answer = record["answer"]
        letter = LETTERS[answer] if answer in range(len(LETTERS)) else ""
        row = _row(record["subject"], [record["question"], *(record["choices"] or ()), letter])
        if row is None:
            raise _unlike(file, number)
        yield row


def _row(subject: str, record: list[str]) -> Row | None:
    """None where the record is no question of MMLU."""
    if subject not in FIELD_OF or len(record) != 6 or record[5] not in tuple(LETTERS):
        return None
    question, a, b, c, d, answer = record
    return Row(subject, question, (a, b, c, d), answer)


def _unlike(file: Path, number: int) -> DataError:
    return DataError(
        f"record {number} of {str(file)!r} is no MMLU question (a subject's file with question, "
        f"four choices, letter); get it anew from {UPSTREAM.home}"
    )
