"""The questions of MMMU and MMMU-Pro with their pictures: the hub's Parquet, or JSON lines.

JSON lines have the hub's columns, with the path of a picture's file beside them in its place.
`options` is a text that holds a Python list, and so is the key of some short answers.
"""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from visavis.benchmarks.base import LoadOptions, in_order
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.mmmu_rules import LETTERS
from visavis.benchmarks.tables import parquet_rows
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.prompt import Image
from visavis.pinned.upstream import MMMU, MMMU_PRO

DISCIPLINES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Art and Design": ("Art", "Art_Theory", "Design", "Music"),
        "Business": ("Accounting", "Economics", "Finance", "Manage", "Marketing"),
        "Science": ("Biology", "Chemistry", "Geography", "Math", "Physics"),
        "Health and Medicine": (
            "Basic_Medical_Science",
            "Clinical_Medicine",
            "Diagnostics_and_Laboratory_Medicine",
            "Pharmacy",
            "Public_Health",
        ),
        "Humanities and Social Science": ("History", "Literature", "Psychology", "Sociology"),
        "Tech and Engineering": (
            "Agriculture",
            "Architecture_and_Engineering",
            "Computer_Science",
            "Electronics",
            "Energy_and_Power",
            "Materials",
            "Mechanical_Engineering",
        ),
    }
)
"""The authors' six disciplines and their 30 subjects."""
DISCIPLINE_OF = {subject: name for name, subjects in DISCIPLINES.items() for subject in subjects}

MOST_PICTURES = 7
_MARKS = tuple(f"<image {n}>" for n in range(1, MOST_PICTURES + 1))
_PICTURES = tuple(f"image_{n}" for n in range(1, MOST_PICTURES + 1))
_TYPES: tuple[tuple[bytes, Literal["image/jpeg", "image/webp", "image/gif"]], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"GIF8", "image/gif"),
)
_MULTIPLE_CHOICE = "multiple-choice"
_HOME = "github.com/MMMU-Benchmark/MMMU"
_PRO_HUB = "huggingface.co/datasets/MMMU/MMMU_Pro"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """One set of questions, and where it is found."""

    upstream: Upstream
    whole: int
    """Questions that it has."""
    parquet: tuple[str, ...]
    """The hub's files: paths, or patterns where their names are not known to us."""
    columns: tuple[str, ...]
    lines: str = ""
    """JSON lines that may stand in their place."""

    def load(self, options: LoadOptions) -> tuple[Case, ...]:
        """The cases; a note tells when they are but a part of the whole."""
        files = self._files(options)
        made = [case for file in files for case in _cases(file, self.columns)]
        if not made:
            raise DataError(f"{str(files[0])!r} holds no questions; get it anew from {_HOME}")
        if len(made) != self.whole:
            place = str(files[0].parent)
            title = self.upstream.title
            options.note(f"{title}: {len(made):,} of {self.whole:,} questions are in {place!r}")
        return in_order(made)

    def _files(self, options: LoadOptions) -> list[Path]:
        """The user's own files, in part or whole, before any that must be fetched."""
        own = [found for path in self.parquet for found in self._matching(path, options)]
        if own:
            return own
        lines = self.upstream.look(self.lines, options) if self.lines else None
        if lines is not None:
            return [lines]
        unnamed = next((path for path in self.parquet if "*" in path), None)
        if unnamed is not None:
            folder = unnamed.rpartition("/")[0]
            kept = options.home / "data" / self.upstream.name / folder
            raise DataError(
                f"{self.upstream.title} needs {unnamed!r}, whose names on the hub are not known "
                f"here, so they cannot be fetched: put those of {_PRO_HUB} into {str(kept)!r}, or "
                f"name a folder that has {self.upstream.name + '/' + folder!r} by --data"
            )
        return [self.upstream.find(path, options) for path in self.parquet]

    def _matching(self, path: str, options: LoadOptions) -> Iterator[Path]:
        folder, _, name = path.rpartition("/")
        place = self.upstream.look(folder, options)
        theirs = options.data is not None and place and place.is_relative_to(options.data)
        if place is not None and (theirs or path not in self.upstream.pinned):
            yield from sorted(place.glob(name))


VALIDATION = Questions(
    upstream=Upstream(name="mmmu", title="MMMU", licence="Apache-2.0", home=_HOME, pinned=MMMU),
    whole=900,
    parquet=tuple(MMMU),
    columns=("id", "question", "options", "answer", "question_type", *_PICTURES),
    lines="samples_mmmu_val.jsonl",
)
_PRO = Upstream(name="mmmu", title="MMMU-Pro", licence="Apache-2.0", home=_HOME, pinned=MMMU_PRO)
PRO = Questions(
    upstream=_PRO,
    whole=1730,
    parquet=tuple(MMMU_PRO),
    columns=("id", "question", "options", "answer", *_PICTURES),
    lines="samples_mmmu_pro_standard10.jsonl",
)
VISION = Questions(
    upstream=_PRO,
    whole=1730,
    parquet=("vision/test-*.parquet",),
    columns=("id", "options", "answer", "image"),
    lines="samples_mmmu_pro_vision.jsonl",
)


def _cases(file: Path, columns: Sequence[str]) -> Iterator[Case]:
    rows = parquet_rows(file, columns) if file.suffix == ".parquet" else _json_rows(file)
    for number, row in enumerate(rows, start=1):
        try:
            yield case_of(row, file.parent)
        except (KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
            raise DataError(
                f"question {number} of {str(file)!r} is not as MMMU's are ({error}); "
                f"get it anew from {_HOME}"
            ) from error


def _json_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
        yield from (json.loads(line) for line in lines if line.strip())
    except (OSError, ValueError) as error:
        raise DataError(f"{str(file)!r} cannot be read: {error}") from error


def case_of(row: Mapping[str, Any], folder: Path) -> Case:
    """One row as a case; `folder` is where the paths of its pictures begin."""
    name = str(row["id"])
    subject = name.partition("_")[2].rpartition("_")[0]
    fields = {"subject": subject, "discipline": DISCIPLINE_OF[subject]}
    target = str(row["answer"])
    if row.get("question_type", _MULTIPLE_CHOICE) == _MULTIPLE_CHOICE:
        options = [str(option) for option in _listed(row["options"])]
        fields["options"] = json.dumps(options, ensure_ascii=False)
        if target not in LETTERS[: len(options)]:
            raise ValueError(f"{target!r} is none of its {len(options)} options")
    else:
        target = json.dumps(_accepted(row["answer"]), ensure_ascii=False)
    return Case(
        id=name,
        group=name,
        question=str(row.get("question") or "(in the picture)"),
        target=target,
        fields=MappingProxyType(fields),
        images=tuple(_images(row, folder)),
    )


def _listed(value: object) -> Iterable[object]:
    """A list, or the text of one."""
    found = ast.literal_eval(value) if isinstance(value, str) else value
    if not isinstance(found, list):
        raise TypeError(f"{value!r} is no list")
    return found


def _accepted(value: object) -> list[str]:
    """The short answers that count as right: one, or a list of them."""
    is_list = isinstance(value, list) or str(value).startswith("[")
    return [str(one) for one in _listed(value)] if is_list else [str(value)]


def _file(path: str, folder: Path) -> bytes:
    """A picture's file, which must lie in the folder: what it holds is sent to a provider."""
    if ".." in Path(path).parts or Path(path).is_absolute():
        raise ValueError(f"the picture {path!r} lies outside its folder")
    return (folder / path).read_bytes()


def _images(row: Mapping[str, Any], folder: Path) -> Iterator[Image]:
    for column, mark in (*zip(_PICTURES, _MARKS, strict=True), ("image", "")):
        kept = row.get(column)
        if kept is not None:
            data = _file(kept, folder) if isinstance(kept, str) else bytes(kept["bytes"])
            kinds = (kind for start, kind in _TYPES if data.startswith(start))
            yield Image(media_type=next(kinds, "image/png"), data=data, mark=mark)
