"""From a file or a folder of cases to a benchmark, or to all that is wrong with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from os.path import isdir
from pathlib import Path
from types import MappingProxyType
from typing import Any

from visavis.benchmarks.base import Benchmark
from visavis.benchmarks.located import Located, Wrong, told
from visavis.benchmarks.own.asking import (
    ask_case,
    checks_of,
    grade,
    grade_reply,
)
from visavis.benchmarks.own.figures import figures
from visavis.benchmarks.own.pictures import Album, PictureError
from visavis.benchmarks.own.reading import files_of, located, read_bytes
from visavis.benchmarks.own.schema import OwnCase, OwnFile
from visavis.benchmarks.own.validating import validated
from visavis.core.case import Case
from visavis.core.errors import CaseFileError, OptionError
from visavis.core.prompt import Image
from visavis.core.rubric import CHECKS_WEIGHT, PASS_SHARE, RUBRICS, Rubric, written
from visavis.scoring.combined import WHEN_IT_CAME, uses_fence


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A case, and where and how it was written."""

    case: Case
    own: OwnCase
    file: str
    line: int
    lines: Mapping[str, int]
    """Of its keys; a check in the list `checks` is `checks 0`."""


@dataclass(slots=True)
class OwnCases:
    """What a file or a folder of cases holds."""

    name: str
    protocol: str = ""
    cases: list[Written] = field(default_factory=list)
    repeats: int = 1
    wrong: list[tuple[str, Wrong]] = field(default_factory=list)
    """Mistakes with the file of each, in the order in which they stand."""


def load_own(path: Path, tag: str = "") -> Benchmark:
    """The benchmark that a user's file or folder describes; all of it is read and checked here."""
    own = read_own(path)
    if own.wrong:
        (file, first), more = own.wrong[0], len(own.wrong) - 1
        for other, wrong in own.wrong:
            if other == file and wrong.rank < first.rank:
                first = wrong
        raise told(file, first, more)
    cases = tuple(one.case for one in own.cases if not tag or tag in one.own.tags_or_none)
    if not cases:
        known = ", ".join(sorted({name for one in own.cases for name in one.own.tags_or_none}))
        raise OptionError(
            f"no case of {str(path)!r} has the tag {tag!r}; there is {known or 'none'}"
        )
    kinds = [(check.kind, check.wanted) for case in cases for check in checks_of(case)]
    timed = any(kind in WHEN_IT_CAME for kind, _ in kinds)
    mark = f"#{tag}" if tag else ""
    return Benchmark(
        name=own.name + mark,
        protocol=own.protocol + mark,
        version=1,
        chance=None,
        source=f"your own {'folder' if isdir(path) else 'file'} {path.name!r}",
        load=lambda options: cases,
        ask=ask_case,
        grade=grade,
        grade_reply=grade_reply if timed else None,
        asks_anew=any(kind == "latency" for kind, _ in kinds),
        figures=figures,
        repeats=own.repeats,
        needs_sight=any(case.images for case in cases),
        runs_programs=any(uses_fence(kind, wanted) for kind, wanted in kinds),
    )


def read_own(path: Path) -> OwnCases:
    """All cases of a file or a folder, and all that is wrong with them."""
    files = files_of(path)
    own = OwnCases(name=path.resolve().name if isdir(path) else path.stem)
    digest, album = sha256(), Album(path if isdir(path) else path.parent)
    repeats: dict[int, str] = {}
    for file in files:
        raw = read_bytes(file)
        inner = file.relative_to(path).with_suffix("").as_posix() if isdir(path) else ""
        digest.update(f"{file.relative_to(path)}\n{len(raw)}\n".encode() if inner else b"")
        digest.update(raw)
        try:
            found = located(file, raw)
        except CaseFileError as error:
            if not inner:
                raise
            own.wrong.append((str(file), _as_wrong(error, str(file))))
            continue
        made = _Made(found, album, inner)
        own.cases += made.cases()
        own.wrong += [(str(file), wrong) for wrong in sorted(found.wrong)]
        if made.file is not None and "repeats" in made.file.model_fields_set:
            repeats.setdefault(made.file.repeats, str(file))
    if len(repeats) > 1:
        told_of = " and ".join(f"{count} in {file!r}" for count, file in repeats.items())
        raise CaseFileError(f"'repeats' is {told_of}; a folder has one, write it in one file")
    own.repeats = next(iter(repeats), 1)
    pictures = [image.data for one in own.cases for image in one.case.images]
    for data in pictures:
        digest.update(sha256(data).digest())
    own.protocol = f"own@{digest.hexdigest()[:12]}"
    return own


def _as_wrong(error: CaseFileError, file: str) -> Wrong:
    line, _, said = str(error).removeprefix(f"{file}:").partition(": ")
    return Wrong(int(line), said) if line.isdigit() else Wrong(1, str(error))


class _Made:
    """The cases that one file makes."""

    def __init__(self, found: Located, album: Album, prefix: str) -> None:
        self.file, self._filled = validated(found)
        self._found, self._album, self._prefix = found, album, prefix

    def cases(self) -> list[Written]:
        """None where the file is wrong; its pictures are looked for all the same."""
        pairs = zip(self._filled.cases, self._filled.origins, strict=True)
        images = [tuple(self._pictures(raw, origin)) for raw, origin in pairs]
        if self.file is None or self._found.wrong:
            self._found.wrong = list(dict.fromkeys(self._found.wrong))
            return []
        made = zip(self.file.cases, self._filled.origins, images, strict=True)
        return [self._written(own, self.file, origin, shown) for own, origin, shown in made]

    def _written(
        self, own: OwnCase, file: OwnFile, origin: int, images: tuple[Image, ...]
    ) -> Written:
        place = ("cases", origin)
        keys: list[tuple[str | int, ...]] = [(name,) for name in own.model_fields_set]
        keys += [("checks", n) for n in range(len(own.checks or ()))]
        return Written(
            case=case_of(own, file, images, self._prefix),
            own=own,
            file=self._found.file,
            line=self._found.line((*place, "id")),
            lines={" ".join(map(str, key)): self._found.line((*place, *key)) for key in keys},
        )

    def _pictures(self, raw: Any, origin: int) -> Iterator[Image]:
        """The pictures of a case, those of its turns first."""
        for place, name in _named_pictures(raw):
            try:
                yield self._album.picture(name)
            except PictureError as error:
                line = self._found.line(("cases", origin, *place))
                self._found.wrong.append(Wrong(line, str(error), rank=1))


def _named_pictures(raw: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    turns = raw.get("turns") if isinstance(raw, dict) else None
    parts: list[tuple[tuple[str | int, ...], Any]] = [
        (("turns", number), turn)
        for number, turn in enumerate(turns if isinstance(turns, list) else ())
    ]
    for place, part in (*parts, ((), raw)):
        named = part.get("images") if isinstance(part, dict) else None
        for name in named if isinstance(named, list) else [named]:
            if isinstance(name, str):
                yield (*place, "images"), name


def case_of(own: OwnCase, file: OwnFile, images: Sequence[Image], prefix: str) -> Case:
    """The case as it is asked, graded and kept; `prefix` names its file in a folder."""
    turns = [[turn.role, turn.content, len(turn.images or ())] for turn in own.turns or ()]
    question = own.prompt if own.prompt is not None else str(turns.pop()[1])
    system = own.system if own.system is not None else file.system
    if turns and turns[0][0] == "system":
        system = None
    rubrics = tuple(_rubrics(own))
    weighs = own.threshold is not None or any(
        "weight" in one.model_fields_set for one in own.checks or ()
    )
    name = f"{prefix}/{own.id}" if prefix else own.id
    fields = {
        "max_tokens": str(own.max_tokens or file.max_tokens),
        "system": system,
        "turns": json.dumps(turns, ensure_ascii=False) if turns else None,
        "tags": " ".join(own.tags) if own.tags else None,
        RUBRICS: written(rubrics) if rubrics else None,
        CHECKS_WEIGHT: _weight(own) if rubrics and weighs else None,
        PASS_SHARE: str(own.threshold) if rubrics and own.threshold else None,
    }
    return Case(
        id=name,
        group=own.group or name,
        question=question,
        target=json.dumps(_target(own, weighs, bool(rubrics)), ensure_ascii=False),
        fields=MappingProxyType({key: text for key, text in fields.items() if text is not None}),
        images=tuple(images),
    )


def _target(own: OwnCase, weighs: bool, judged: bool) -> dict[str, Any]:
    """All checks by name where all must hold, as ever; else a list of them with their weights."""
    listed = [(kind, wanted, 1.0) for kind, wanted in own.made().items()]
    for one in own.checks or ():
        listed += [(kind, wanted, one.weight) for kind, wanted in one.made().items()]
    kinds = [kind for kind, _, _ in listed]
    if not weighs and len(set(kinds)) == len(kinds):
        return {kind: wanted for kind, wanted, _ in listed}
    if not listed:
        return {}
    threshold = 1.0 if not weighs else None if judged else own.threshold
    checks = [{"kind": kind, "wanted": wanted, "weight": weight} for kind, wanted, weight in listed]
    return {"checks": checks, "threshold": threshold}


def _weight(own: OwnCase) -> str:
    """What all checks that a program makes weigh together."""
    in_list = sum(one.weight for one in own.checks or () if one.made())
    return str(len(own.made()) + in_list)


def _rubrics(own: OwnCase) -> Iterator[Rubric]:
    """The criteria of the case, each under a name of its own."""
    judged = [(kind, one, 1.0) for kind, one in own.judged()]
    for check in own.checks or ():
        judged += [(kind, one, check.weight) for kind, one in check.judged()]
    used: set[str] = set()
    for kind, one, weight in judged:
        plain = name = one.name or kind
        number = 1
        while name in used:
            number += 1
            name = f"{plain} {number}"
        used.add(name)
        told = one.model_dump(exclude={"name", "weight"}, exclude_none=True)
        yield Rubric(
            name=name,
            kind="pairwise" if kind == "pairwise" else "rubric",
            weight=one.weight or weight,
            **told,
        )
