"""Fills variables into cases: `{{name}}` becomes its value, a matrix one case a combination."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice, product
from math import prod
from typing import Any

from visavis.benchmarks.located import Located, Place, Wrong

MOST_CASES = 20_000
"""That the matrices of one file may make."""
LONGEST_LABEL = 40
"""Characters of a value that become part of an id."""

_SLOT = re.compile(r"\{\{([^{}]*)\}\}")
_KEPT = ("vars", "matrix")
_TEXTS = frozenset(
    ("id", "prompt", "system", "group", "user", "assistant", "content", "equals", "contains")
) | {"lacks", "matches", "good", "bad", "images", "tags", "text", "texts", "reference", "language"}
"""Keys of texts: a number becomes one there."""


@dataclass(slots=True)
class Filled:
    """Cases as written, one for each combination, and from which of the file's each came."""

    cases: list[Any] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def filled(found: Located) -> Filled:
    """The file's cases with every variable filled in. Without variables a text stays as it is."""
    made = Filled()
    made.wrong += _within_variables(found, ())
    for number, raw in enumerate(found.value["cases"]):
        for one in _combinations(found, number, made):
            made.cases.append(raw if one is None else one)
            made.origins.append(number)
        made.wrong += _within_variables(found, ("cases", number))
    made.wrong = sorted(set(made.wrong))
    return made


def _within_variables(found: Located, place: Place) -> Iterator[Wrong]:
    """Variables whose values name variables: nothing would fill them in."""
    raw = found.value["cases"][place[1]] if place else found.value
    known = {**_mapping(found.value, "vars"), **_mapping(raw, "vars"), **_mapping(raw, "matrix")}
    for key in _KEPT:
        for name, value in _mapping(raw, key).items():
            slots = _SLOT.findall(str(value)) if "{{" in str(value) else ()
            inner = [slot.strip() for slot in slots if slot.strip().split(".")[0] in known]
            if inner:
                said = f"{inner[0]!r} is not filled in here, in a variable; write its value out"
                yield Wrong(found.line((*place, key, name)), said)


def _combinations(found: Located, number: int, made: Filled) -> Iterator[Any]:
    """The case under each combination of its variables; None where it has none."""
    raw, shared = found.value["cases"][number], _mapping(found.value, "vars")
    fixed, matrix = {**shared, **_mapping(raw, "vars")}, _matrix(raw)
    if not isinstance(raw, dict) or not (fixed or matrix):
        yield None
        return
    room = MOST_CASES - len(made.cases)
    count = prod(map(len, matrix.values()))
    if count > room:
        line = found.line(("cases", number, "matrix"))
        made.wrong.append(
            Wrong(line, f"makes {count:,} cases; a file holds {MOST_CASES:,} at most")
        )
    base = dict(raw)
    if "system" not in raw and isinstance(found.value.get("system"), str):
        base["system"] = found.value["system"]
    for picked in islice(product(*matrix.values()), count if count <= room else 1):
        varied = dict(zip(matrix, picked, strict=True))
        filling = _Filling({**fixed, **varied}, found, made.wrong)
        yield filling.case(base, varied, ("cases", number))


def _mapping(raw: Any, key: str) -> dict[str, Any]:
    value = raw.get(key) if isinstance(raw, Mapping) else None
    return value if isinstance(value, dict) else {}


def _matrix(raw: Any) -> dict[str, list[Any]]:
    """As far as it is one; what is wrong with it is found with all else."""
    return {name: of for name, of in _mapping(raw, "matrix").items() if isinstance(of, list) and of}


@dataclass(frozen=True, slots=True)
class _Filling:
    """One set of values, to be filled in wherever their names stand."""

    values: Mapping[str, Any]
    found: Located
    wrong: list[Wrong]

    def case(self, raw: dict[str, Any], varied: Mapping[str, Any], place: Place) -> dict[str, Any]:
        made = {
            key: value if key in _KEPT else self.part(value, (*place, key))
            for key, value in raw.items()
        }
        name = raw.get("id")
        if varied and isinstance(name, str):
            if "{{" not in name:
                made["id"] = "/".join((name, *map(label, varied.values())))
            made.setdefault("group", name)
        return made

    def part(self, value: Any, place: Place) -> Any:
        if isinstance(value, str):
            return self.text(value, place)
        if isinstance(value, list):
            return [self.part(inner, (*place, i)) for i, inner in enumerate(value)]
        if isinstance(value, dict):
            return {key: self.part(inner, (*place, key)) for key, inner in value.items()}
        return value

    def text(self, written: str, place: Place) -> Any:
        whole = _SLOT.fullmatch(written.strip())
        if whole:
            value = self.value(whole[1].strip(), place)
            return text_of(value) if _holds_text(place) else value
        return _SLOT.sub(lambda slot: text_of(self.value(slot[1].strip(), place)), written)

    def value(self, name: str, place: Place) -> Any:
        outer, _, inner = name.partition(".")
        value = self.values.get(outer)
        if inner:
            value = value.get(inner) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, Mapping):
            known = ", ".join(_names(self.values))
            said = f"no variable is called {name!r}; known are {known}"
            self.wrong.append(Wrong(self.found.line(place), said))
            return f"{{{{{name}}}}}"
        return value


def _holds_text(place: Place) -> bool:
    """Whether a number that is filled in there is meant as text: what is asked, or looked for."""
    return next((key for key in reversed(place) if isinstance(key, str)), "") in _TEXTS


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from (f"{name}.{key}" for key in value)
        else:
            yield name


def text_of(value: Any) -> str:
    """A value as it stands in a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def label(value: Any) -> str:
    """A value as a part of an id: short, and the same as long as the value is."""
    if isinstance(value, Mapping):
        value = next(iter(value.values()), "")
    plain = re.sub(r"[\s/]+", "-", text_of(value)).strip("-")
    if 0 < len(plain) <= LONGEST_LABEL:
        return plain
    return f"{plain[: LONGEST_LABEL - 8]}~{sha256(plain.encode()).hexdigest()[:6]}"
