"""Finds all that is wrong with a file of cases, each mistake with its line."""

from collections.abc import Iterator, Sequence, Set
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from visavis.benchmarks.located import Located, Place, Wrong
from visavis.benchmarks.own.filling import Filled, filled
from visavis.benchmarks.own.schema import ALL_CHECKS, OwnCase, OwnFile
from visavis.benchmarks.own.wording import line_of, meant, reworded


def validated(found: Located) -> tuple[OwnFile | None, Filled]:
    """The file if it is right; all that is wrong is added to `found.wrong`."""
    if found.wrong and found.value is None:
        return None, Filled()
    shape = _shape(found)
    if shape is not None:
        found.wrong.append(shape)
        return None, Filled()
    made = filled(found) if isinstance(found.value.get("cases"), list) else Filled()
    wrong = [*made.wrong, *_ruled(found), *_twice(found, made)]
    file = None
    try:
        whole = {**found.value, "cases": made.cases} if made.cases else found.value
        file = OwnFile.model_validate(whole)
    except ValidationError as error:
        wrong += _worded(error, found, made)
    found.wrong += dict.fromkeys(wrong)
    return (None if found.wrong else file), made


def _shape(found: Located) -> Wrong | None:
    if found.value is None:
        return Wrong(
            1, "holds no cases; write some, each with 'id', 'prompt' and a check such as 'equals'"
        )
    if isinstance(found.value, list):
        return Wrong(1, "begin with a line 'cases:' and put the list under it")
    if not isinstance(found.value, dict):
        return Wrong(1, "'the file' must be a mapping of keys and values")
    return None


def _worded(error: ValidationError, found: Located, made: Filled) -> Iterator[Wrong]:
    details = error.errors(include_url=False, include_input=False)
    slips = [one["loc"] for one in details if one["type"] == "extra_forbidden"]
    for detail in details:
        place = _written(detail["loc"], made)
        slip = detail["type"] == "extra_forbidden"
        if found.is_read(place) and not _is_meant(detail, slips):
            line = line_of(detail, place, found)
            yield Wrong(line, reworded(detail, place, found), rank=int(not slip))


def _is_meant(detail: ErrorDetails, slips: Sequence[Place]) -> bool:
    """Whether a key lacks since it goes by another name there, which is told."""
    loc = detail["loc"]
    beside = [slip for slip in slips if slip[:-1] == loc[:-1]]
    if detail["type"] != "missing" or not beside:
        return False
    return loc[-3:-2] == ("turns",) or any(meant(str(slip[-1]), slip) == loc[-1] for slip in beside)


def _written(place: Place, made: Filled) -> Place:
    """The place in the file of a part of what was made of it."""
    if len(place) > 1 and place[0] == "cases" and isinstance(place[1], int) and made.origins:
        return ("cases", made.origins[place[1]], *place[2:])
    return place


def _ruled(found: Located) -> Iterator[Wrong]:
    """What no single key is to blame for."""
    cases = found.value.get("cases")
    for number, raw in enumerate(cases if isinstance(cases, list) else ()):
        if isinstance(raw, dict):
            place = ("cases", number)
            lost = {key for key in ALL_CHECKS if not found.is_read((*place, key))}
            for key, said in _rules(raw, lost):
                yield Wrong(found.line((*place, key) if key else place), said, rank=1)


def _twice(found: Located, made: Filled) -> Iterator[Wrong]:
    """Ids that were used before."""
    first: dict[str, int] = {}
    for raw, origin in zip(made.cases, made.origins, strict=True):
        name = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(name, str):
            line = found.line(("cases", origin, "id"))
            if name in first:
                said = f"the id {name!r} was used before, on line {first[name]}"
                if first[name] == line:
                    said = f"the matrix makes the id {name!r} twice; let its values differ"
                yield Wrong(line, said, rank=1)
            first.setdefault(name, line)


def _rules(raw: dict[str, Any], lost: Set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a case, and under which key; an unknown key may be the missing one, and
    what stands under the keys in `lost` could not be read."""
    misspelt = raw.keys() - OwnCase.model_fields.keys()
    turns = raw.get("turns")
    if "prompt" not in raw and turns is None and not misspelt:
        yield "", "needs 'prompt'"
    if not misspelt and not raw.keys() & {*ALL_CHECKS, "checks"}:
        yield "", f"this case needs a check: one of {', '.join(ALL_CHECKS)}"
    for check in ALL_CHECKS:
        if check in raw and raw[check] is None and check not in lost:
            yield check, f"{check!r} is empty; write what it is to hold, or leave it out"
    if "system" in raw and isinstance(turns, list) and turns and _role(turns[0]) == "system":
        yield "system", "the system message is there twice: as 'system', and as the first turn"
    if isinstance(turns, list):
        said = _order(turns, ends="prompt" not in raw)
        if said:
            yield "turns", said


def _order(turns: Sequence[Any], *, ends: bool) -> str | None:
    """What is wrong with the order of the turns; `ends`: no prompt comes after them."""
    roles = [_role(turn) for turn in turns]
    if not turns:
        return "'turns' needs at least one"
    if None in roles:
        return None  # told of the turn itself
    spoken = roles[1:] if roles[0] == "system" else roles
    for number, role in enumerate(spoken):
        if role != ("user", "assistant")[number % 2]:
            return "'turns' go user, assistant, user …; a system message may come first"
    if ends and (not spoken or spoken[-1] != "user"):
        return "'turns' must end with the user's, or be followed by 'prompt'"
    if not ends and spoken and spoken[-1] != "assistant":
        return "'turns' must end with the assistant's where 'prompt' follows"
    return None


def _role(turn: Any) -> str | None:
    if not isinstance(turn, dict):
        return None
    said = [role for role in ("system", "user", "assistant") if role in turn]
    role = turn.get("role") if "role" in turn else said[0] if len(said) == 1 else None
    return role if role in ("system", "user", "assistant") else None
