"""Configurations of promptfoo (promptfooconfig.yaml): prompts, times variables, with assertions.

Each prompt of each test becomes a case, the prompts of one test a group. What has no meaning here
(an assertion in JavaScript, a file of a provider) is told with its line, never left out in silence.
Where promptfoo minds capitals (`contains`, `equals`), our checks of that name do not.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from visavis.benchmarks.located import Located, Place, csv_of, decoded
from visavis.benchmarks.own.foreign import Brought, named_apart, slug
from visavis.benchmarks.own.promptfoo_checks import Untold, check_of, expected
from visavis.benchmarks.own.samples import turns_of
from visavis.core.errors import CaseFileError

_IGNORED = frozenset(
    ("description", "providers", "targets", "sharing", "outputPath", "evaluateOptions", "tags",
     "commandLineOptions", "writeLatestResults", "env", "metadata")
)  # fmt: skip
_KNOWN = _IGNORED | {"prompts", "tests", "defaultTest"}
_OF_A_TEST = frozenset(("description", "vars", "assert", "threshold", "metadata"))
_LONGEST_PROMPT = 1 << 20
"""Bytes of a file that holds a prompt."""


def brought(found: Located, path: Path) -> Brought:
    """The cases of a configuration, whose files are looked for beside it."""
    return _Config(found, path.resolve().parent).brought()


class _Config:
    def __init__(self, found: Located, folder: Path) -> None:
        self._found, self._folder = found, folder
        self._made = Brought(file=found.file)
        self._usual: dict[str, Any] = _mapping(found.value.get("defaultTest"))

    def brought(self) -> Brought:
        made, config = self._made, self._found.value
        made.lost += self._found.wrong
        for key in config.keys() - _KNOWN:
            made.lose(f"{key!r} has no meaning here", self._found, (key,))
        prompts = list(self._prompts(config.get("prompts")))
        for test, place in self._tests(config.get("tests")):
            self._lose_unknown(test, place)
            for number, prompt in enumerate(prompts, start=1):
                self._add(prompt, number if len(prompts) > 1 else 0, test, place)
        named_apart(made.cases)
        return made

    def _lose_unknown(self, test: Mapping[str, Any], place: Place) -> None:
        for key in test.keys() - _OF_A_TEST:
            self._made.lose(f"{key!r} of a test has no meaning here", self._found, (*place, key))

    def _add(self, prompt: str, number: int, test: dict[str, Any], place: Place) -> None:
        values = {**_mapping(self._usual.get("vars")), **_mapping(test.get("vars"))}
        case = {
            **_named(test, _mapping(test.get("vars")) or values),
            **_asked(prompt),
            **_varied(values),
        }
        if number:
            case["group"] = case["id"]
            case["id"] = f"{case['id']}-prompt-{number}"
        checks = list(self._checks(self._usual, ("defaultTest",)))
        checks += self._checks(test, place)
        if not checks:
            said = "a test without an assertion that has a meaning here is left out"
            self._made.lose(said, self._found, place)
            return
        case |= _together(checks)
        threshold = test.get("threshold", self._usual.get("threshold"))
        if isinstance(threshold, int | float) and 0 < threshold <= 1:
            case["threshold"] = threshold
        self._made.cases.append(case)

    def _checks(self, test: Mapping[str, Any], place: Place) -> Iterator[dict[str, Any]]:
        told = test.get("assert")
        for number, one in enumerate(told if isinstance(told, list) else ()):
            try:
                yield check_of(one)
            except Untold as lost:
                self._made.lose(str(lost), self._found, (*place, "assert", number))

    def _prompts(self, told: Any) -> Iterator[str]:
        for number, one in enumerate(told if isinstance(told, list) else [told]):
            place = ("prompts", number)
            text = one.get("raw", one.get("id")) if isinstance(one, dict) else one
            if not isinstance(text, str) or not text.strip():
                self._made.lose("a prompt must be a text", self._found, place)
            elif _is_file(text):
                yield from self._from_file(text, place)
            else:
                yield text

    def _from_file(self, told: str, place: Place) -> Iterator[str]:
        text = self._read(told, place)
        if text is not None:
            parts = text.split("\n---\n") if told.endswith(".txt") else [text]
            yield from (part.strip() for part in parts if part.strip())

    def _read(self, told: str, place: Place) -> str | None:
        path = (self._folder / told.removeprefix("file://")).resolve()
        fit = path.is_relative_to(self._folder) and path.suffix in (".txt", ".md", ".json", ".csv")
        try:
            if fit and path.is_file() and path.stat().st_size <= _LONGEST_PROMPT:
                return decoded(str(path), path.read_bytes())
        except (OSError, CaseFileError):
            pass
        self._made.lose(f"{told!r} cannot be read from here", self._found, place)
        return None

    def _tests(self, told: Any) -> Iterator[tuple[dict[str, Any], Place]]:
        listed = told if isinstance(told, list) else [told] if told is not None else [{}]
        for number, one in enumerate(listed):
            place: Place = ("tests", number) if isinstance(told, list) else ("tests",)
            if isinstance(one, str) and one.endswith(".csv"):
                yield from ((test, place) for test in self._rows(one, place))
            elif isinstance(one, dict):
                yield one, place
            else:
                self._made.lose("a test must be a mapping, or a CSV file", self._found, place)

    def _rows(self, told: str, place: Place) -> Iterator[dict[str, Any]]:
        """Tests of a CSV file: its columns are variables, `__expected` holds assertions."""
        text = self._read(told, place)
        for row in csv_of(told, text).value if text is not None else ():
            plain = {name: cell for name, cell in row.items() if not name.startswith("__")}
            cells = [cell for name, cell in row.items() if name.startswith("__expected")]
            test: dict[str, Any] = {"vars": plain, "assert": list(map(expected, cells))}
            if "__description" in row:
                test["description"] = row["__description"]
            yield test


def is_config(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "cases" not in value
        and bool({"prompts", "tests"} & value.keys())
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_file(text: str) -> bool:
    return text.startswith("file://") or (
        " " not in text and text.endswith((".txt", ".md", ".json"))
    )


def _named(test: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    told = test.get("description") or " ".join(str(v) for v in values.values())
    return {"id": slug(str(told)) or "case"}


def _asked(prompt: str) -> dict[str, Any]:
    """A prompt may be a whole conversation, as JSON."""
    try:
        turns = turns_of(json.loads(prompt))
    except (ValueError, RecursionError):
        turns = None
    return turns or {"prompt": prompt}


def _varied(values: Mapping[str, Any]) -> dict[str, Any]:
    """A list of values makes a case of each, as in promptfoo."""
    several = {name: of for name, of in values.items() if isinstance(of, list) and of}
    one = {name: of for name, of in values.items() if isinstance(of, str | int | float | dict)}
    return {**({"vars": one} if one else {}), **({"matrix": several} if several else {})}


def _together(checks: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = [kind for check in checks for kind in check if kind != "weight"]
    if len(set(kinds)) < len(kinds) or any("weight" in check for check in checks):
        return {"checks": checks}
    return {kind: wanted for check in checks for kind, wanted in check.items()}
