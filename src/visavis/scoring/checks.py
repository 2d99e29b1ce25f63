"""The checks that a user's own case can make of a reply's text. Each gives a grade of 0 or 1.

A check that could not be made (its code failed, its pattern ran out of time) leaves the reply
unscored: that says nothing about the candidate. Patterns and code run inside the fence, where
they can be stopped: Python's `re` can take for ever, and holds the interpreter while it does.
"""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, cast

from visavis.core.fence import Check, Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.tell import tell
from visavis.scoring.extract import json_value
from visavis.scoring.numbers import last_number

PATTERN_LIMIT_S = 2.0
CODE_LIMIT_S = 5.0
SHOWN = 80
"""Characters of a reply or a key that a reason quotes."""


def equals(expected: Sequence[str], reply: str, fence: Fence) -> Grade:
    """The whole reply is one of the texts, but for case, spacing and a final full stop."""
    said = _plain(reply).removesuffix(".")
    held = any(said == _plain(text).removesuffix(".") for text in expected)
    wanted = " or ".join(shown(text) for text in expected)
    because = tell("is {key}", key=wanted) if held else tell("is not {key}", key=wanted)
    return _grade(held, because, shown(reply))


def contains(expected: Sequence[str], reply: str, fence: Fence) -> Grade:
    """Each of the texts is somewhere in the reply, whatever its case and spacing."""
    said = _plain(reply)
    missing = [text for text in expected if _plain(text) not in said]
    if missing:
        return _grade(False, tell("lacks {text}", text=shown(missing[0])), shown(reply))
    return _grade(True, tell("contains what it should"), shown(reply))


def lacks(unwanted: Sequence[str], reply: str, fence: Fence) -> Grade:
    """None of the texts is anywhere in the reply, whatever its case and spacing."""
    said = _plain(reply)
    found = [text for text in unwanted if _plain(text) in said]
    if found:
        return _grade(False, tell("contains {text}", text=shown(found[0])), shown(reply))
    return _grade(True, tell("contains nothing that it should not"), shown(reply))


def matches(pattern: str, reply: str, fence: Fence) -> Grade:
    """Python's `re.search` finds the pattern in the reply."""
    held = _found(pattern, reply, fence)
    if isinstance(held, Unscored):
        return held
    if held:
        return _grade(True, tell("matches {pattern}", pattern=shown(pattern)), shown(reply))
    return _grade(False, tell("does not match {pattern}", pattern=shown(pattern)), shown(reply))


def number(expected: Mapping[str, float], reply: str, fence: Fence) -> Grade:
    """The last number of the reply is `value`, at most `within` away."""
    value, within = expected["value"], expected.get("within", 0.0)
    read = last_number(reply)
    if read is None:
        return Score(value=0.0, because=tell("no number in the reply"))
    held = any(
        abs(reading - value) <= within or math.isclose(reading, value, rel_tol=1e-9)
        for reading in read.readings
    )
    because = tell("read {read}, key {key}", read=read.written, key=f"{value:g}")
    return _grade(held, because, read.written)


def json_schema(schema: Mapping[str, Any], reply: str, fence: Fence) -> Grade:
    """The reply, or the JSON in it, is valid under the schema."""
    from referencing.exceptions import Unresolvable

    found = json_value(reply)
    if found is None:
        return Score(value=0.0, because=tell("no JSON in the reply"))
    read = json.dumps(found.value, ensure_ascii=False)
    try:
        error = next(_validator(schema, fence).iter_errors(found.value), None)
    except _NoAnswerError as undecided:
        return Unscored(because=undecided.because)
    except Unresolvable as missing:
        because = tell("the schema refers to {ref!r}, which it does not hold", ref=missing.ref)
        return Unscored(because=because)
    except RecursionError:
        return Unscored(because=tell("the JSON is nested too deeply to be checked"))
    if error is None:
        return _grade(True, tell("valid under the schema"), read)
    at, fault = error.json_path, shown(error.message)
    return _grade(False, tell("not valid at {at}: {fault}", at=at, fault=fault), read)


def python(code: str, reply: str, fence: Fence) -> Grade:
    """The case's own `check(reply)` returns something true."""
    ran = fence.run(Check(code=code, reply=reply, limit_s=CODE_LIMIT_S))
    if ran.end not in ("passed", "failed"):
        return Unscored(because=tell("the check {told}", told=ran.told))
    if ran.end == "passed":
        return _grade(True, tell("its check passed"), shown(reply))
    return _grade(False, tell("its check failed"), shown(reply))


def _grade(held: bool, because: str, read: str) -> Score:
    return Score(value=float(held), because=because, read=read.strip() or None)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def shown(text: str) -> str:
    """The text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


class _NoAnswerError(Exception):
    """A pattern could not be decided; carries the reason through jsonschema's generators."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def _found(pattern: str, text: str, fence: Fence) -> bool | Unscored:
    code = (
        f"import re\n\n\ndef check(reply):\n    return re.search({pattern!r}, reply) is not None\n"
    )
    ran = fence.run(Check(code=code, reply=text, limit_s=PATTERN_LIMIT_S))
    if ran.end in ("passed", "failed"):
        return ran.end == "passed"
    because = tell("the pattern {pattern!r} {told}", pattern=shown(pattern), told=ran.told)
    return Unscored(because=because)


def _validator(schema: Mapping[str, Any], fence: Fence) -> Any:
    """A validator that fetches nothing and whose patterns can be stopped."""
    from jsonschema.validators import Draft202012Validator, extend, validator_for
    from referencing import Registry

    known: Any = validator_for(schema, default=Draft202012Validator)
    bounded = cast("Any", extend)(known, {"pattern": partial(_pattern, fence)})
    return bounded(schema, registry=Registry())


def _pattern(
    fence: Fence, validator: Any, pattern: str, instance: object, schema: object
) -> Iterator[Any]:
    from jsonschema import ValidationError

    if isinstance(instance, str):
        held = _found(pattern, instance, fence)
        if isinstance(held, Unscored):
            raise _NoAnswerError(held.because)
        if not held:
            yield ValidationError(f"{instance!r} does not match {pattern!r}")
