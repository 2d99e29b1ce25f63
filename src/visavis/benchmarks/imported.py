"""Protocols that came with other tools' logs: `gsm8k@zeroeval`, `ifeval@lm-eval`, your own.

`visavis import` keeps the cases of a log in `HOME/cases/PROTOCOL.jsonl`, one `Case` a line, each
with all that was asked, so that a live candidate can be asked the very same. Every case names its
grader, which is ours: that of the family where we know the benchmark, else a check that the user
named.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from string import ascii_uppercase
from typing import get_args

import msgspec

from visavis.benchmarks.base import Benchmark, Figure, Graded
from visavis.benchmarks.figures import divided, macro
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.prompt import Message, Prompt, Settings, Way
from visavis.core.tell import tell
from visavis.scoring import checks
from visavis.scoring.extract import json_value
from visavis.scoring.letters import stated_letter

FOLDER = "cases"
MAX_TOKENS = 4096
"""Where a log does not say after how many tokens a reply is cut."""

Grader = Callable[[Case, str, Fence], Grade]


def _equals(case: Case, text: str, fence: Fence) -> Grade:
    return checks.equals((case.target,), text, fence)


def _contains(case: Case, text: str, fence: Fence) -> Grade:
    return checks.contains((case.target,), text, fence)


def _number(case: Case, text: str, fence: Fence) -> Grade:
    from visavis.scoring.numbers import last_number

    key = last_number(case.target)
    if key is None:
        return Unscored(because=tell("the key {key!r} is no number", key=case.target))
    return checks.number({"value": key.readings[0]}, text, fence)


def _letter(case: Case, text: str, _: Fence) -> Grade:
    options = json.loads(case.fields.get("options", "[]"))
    read = stated_letter(text, ascii_uppercase[: len(options) or None])
    if read is None:
        return Score(value=0.0, because=tell("states no letter"))
    because = tell("read {read}, key {key}", read=read, key=case.target)
    return Score(value=float(read == case.target), because=because, read=read)


def _json(case: Case, text: str, _: Fence) -> Grade:
    read, key = json_value(text), json_value(case.target)
    if key is None:
        return Unscored(because=tell("the key is no JSON"))
    if read is None:
        return Score(value=0.0, because=tell("no JSON in the reply"))
    held = read.value == key.value
    shown = json.dumps(read.value, ensure_ascii=False)
    because = tell("equals the key") if held else tell("differs from the key")
    return Score(value=float(held), because=because, read=shown)


def _choice(case: Case, text: str, _: Fence) -> Grade:
    """The reply is one of the prompt's choices, to the letter."""
    because = tell("chose {choice!r}", choice=text)
    return Score(value=float(text == case.target), because=because, read=text)


def _humaneval(case: Case, text: str, fence: Fence) -> Grade:
    """The question is what was asked; the function's head is a part of it."""
    from visavis.benchmarks import humaneval

    return humaneval.grade(replace(case, question=case.fields["head"]), text, fence)


def _none(case: Case, text: str, _: Fence) -> Grade:
    return Unscored(because=tell("imported without a check; import again with --check to grade it"))


_OWN: Mapping[str, Grader] = {
    "equals": _equals,
    "contains": _contains,
    "number": _number,
    "letter": _letter,
    "json": _json,
    "choice": _choice,
    "humaneval": _humaneval,
    "none": _none,
}
_FAMILIES = {"gsm8k": "gsm8k", "math": "competition_math", "ifeval": "ifeval", "mmmu": "mmmu"}
"""Benchmarks whose own `grade` reads the answers: family, and module."""


def grader(check: str) -> Grader:
    """How a case is graded that names this check."""
    if check in _OWN:
        return _OWN[check]
    grade: Grader = import_module(f"visavis.benchmarks.{_FAMILIES[check]}").grade
    return grade


def known_check(task: str) -> str | None:
    """The family whose answers a task's are, by its name; None where we would have to guess."""
    plain = task.rpartition("/")[2].lower().replace("-", "_")
    for start, family in _STARTS:
        if plain == start or plain.startswith(f"{start}_"):
            return family
    return None


_STARTS = (
    ("gsm8k", "gsm8k"),
    ("math", "math"),
    ("math500", "math"),
    ("math_500", "math"),
    ("minerva_math", "math"),
    ("hendrycks_math", "math"),
    ("ifeval", "ifeval"),
    ("humaneval", "humaneval"),
    ("mmmu", "mmmu"),
)


def told(
    messages: Sequence[Message],
    *,
    max_tokens: int | None = None,
    way: Way = "chat",
    choices: Sequence[str] = (),
    stop: Sequence[str] = (),
) -> tuple[str, dict[str, str]]:
    """A case's question, and the fields from which `ask_case` makes the same prompt again."""
    asked = [message.content for message in messages if message.role == "user"]
    fields: dict[str, str] = {}
    if len(messages) != 1 or not asked:
        turns = [[message.role, message.content] for message in messages]
        fields["messages"] = json.dumps(turns, ensure_ascii=False)
    if max_tokens is not None:
        fields["max_tokens"] = str(max_tokens)
    if way != "chat":
        fields["way"] = way
    if choices:
        fields["choices"] = json.dumps(list(choices), ensure_ascii=False)
    if stop:
        fields["stop"] = json.dumps(list(stop), ensure_ascii=False)
    return (asked[-1] if asked else ""), fields


def ask_case(protocol: str, case: Case) -> Prompt:
    """What the log says was asked. Recorded answers are found by the case."""
    fields = case.fields
    messages: tuple[Message, ...] = (Message(role="user", content=case.question),)
    if "messages" in fields:
        turns = json.loads(fields["messages"])
        messages = tuple(Message(role=role, content=content) for role, content in turns)
    way = _way(case)
    limit = int(fields.get("max_tokens", MAX_TOKENS)) if way != "choose" else 0
    return Prompt(
        messages=messages,
        settings=Settings(max_tokens=limit, stop=tuple(json.loads(fields.get("stop", "[]")))),
        way=way,
        choices=tuple(json.loads(fields.get("choices", "[]"))),
        case=f"{protocol}/{case.id}",
    )


def same(one: Case, other: Case) -> bool:
    """Whether two logs mean the same case by one id, whatever a chat template put round it."""
    if one.target != other.target or one.fields.get("check") != other.fields.get("check"):
        return False
    if "doc" in one.fields and "doc" in other.fields:
        return one.fields["doc"] == other.fields["doc"]
    words = [(case.question, case.fields.get("messages")) for case in (one, other)]
    return words[0] == words[1]


def protocols(home: Path) -> tuple[str, ...]:
    """Every protocol that was imported."""
    folder = home / FOLDER
    return tuple(sorted(file.stem for file in folder.glob("*@*.jsonl"))) if folder.is_dir() else ()


def file_of(home: Path, protocol: str) -> Path:
    return home / FOLDER / f"{protocol}.jsonl"


def read_cases(file: Path) -> tuple[Case, ...]:
    """The cases of an imported protocol."""
    protocol = file.stem
    try:
        with file.open("rb") as lines:
            cases = tuple(map(_case, lines))
    except FileNotFoundError as error:
        raise DataError(
            f"there are no cases of {protocol!r}; import a log that holds them by 'visavis import'"
        ) from error
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(
            f"the cases of {protocol!r} are torn ({error}); import its log again with --replace"
        ) from error
    if not cases or "check" not in cases[0].fields:
        raise DataError(f"{str(file)!r} holds no imported cases; import its log with --replace")
    return cases


_case = msgspec.json.Decoder(Case).decode


def imported(home: Path, protocol: str) -> Benchmark:
    """The benchmark that was imported under this name."""
    return benchmark_of(protocol, read_cases(file_of(home, protocol)))


def imported_as(protocol: str, cases: Sequence[Case]) -> Benchmark | None:
    """The benchmark of cases that a run kept; None where they were not imported."""
    if "check" not in cases[0].fields:
        return None
    return benchmark_of(protocol, tuple(cases))


def benchmark_of(protocol: str, cases: tuple[Case, ...]) -> Benchmark:
    first = cases[0]
    check = first.fields["check"]
    return Benchmark(
        name=protocol,
        protocol=protocol,
        version=1,
        chance=_chance(cases),
        source=f"as logged by {protocol.partition('@')[2]}; under the licence of its source",
        load=lambda options: cases,
        ask=partial(ask_case, protocol),
        grade=lambda case, text, fence: grader(case.fields["check"])(case, text, fence),
        figures=_figures,
        way=_way(first),
        only_recorded=first.fields.get("asked", ""),
        runs_programs=check == "humaneval",
        grades_slowly=check == "math",
        departures=(
            tell(
                "Graded by our reader of {check!r}, not by that of the log's own tool.", check=check
            ),
        ),
    )


def _way(case: Case) -> Way:
    told = case.fields.get("way", "chat")
    return next(way for way in get_args(Way) if way == told)


def _chance(cases: Sequence[Case]) -> float | None:
    """What a guesser scores where every case is a choice among what it lists."""
    counts = [
        len(json.loads(case.fields.get("options") or case.fields.get("choices") or "[]"))
        for case in cases
    ]
    return sum(1 / count for count in counts) / len(counts) if all(counts) else None


def _figures(graded: Sequence[Graded]) -> Iterable[Figure]:
    """Those of the family where it has its own, and by whatever part the log names."""
    if graded[0].case.fields["check"] == "ifeval":
        from visavis.benchmarks import ifeval

        yield from ifeval.figures(graded)
    if all("subject" in one.case.fields and "field" in one.case.fields for one in graded):
        yield macro(graded, "subject")
    for by in ("level", "field", "discipline", "subject"):
        if all(by in one.case.fields for one in graded):
            yield from divided(graded, by)
