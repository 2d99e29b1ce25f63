"""A policy by its name, or read from a user's YAML file.

Such a file says what it changes, and need not say more:

    name: thrifty
    matters:
      score: 0.08                 # 8 points, as a difference
      usd_per_solved_case: 0.02   # 2 %, as a ratio minus one

A measure that the file leaves out keeps the default policy's figure.
"""

from collections.abc import Iterable, Mapping
from math import nan
from pathlib import Path
from typing import NoReturn

from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.verdict.policy import DEFAULT, MEASURES, POLICIES, Policy

LARGEST_RATIO = 1000.0
"""Beyond a thousandfold, nothing is being compared."""


def policy_of(text: str) -> Policy:
    """The policy that a user named, or wrote in a YAML file."""
    path = Path(text)
    if path.suffix not in (".yaml", ".yml"):
        return POLICIES.get(text)
    try:
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OptionError(f"no policy can be read from {text!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OptionError(f"policy file {text!r} is no UTF-8 text; save it as such") from error
    return read(written, path)


def read(text: str, path: Path) -> Policy:
    """The policy written in `text`; `path` names it in errors, and where it names itself not."""
    from ruamel.yaml import YAML  # slow to import, and needed only for a user's own policy
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        top = YAML().load(text)
    except MarkedYAMLError as error:
        _refuse(path, error.problem_mark.line, " ".join(error.problem.split()))
    except (YAMLError, ValueError):  # the latter from a date or number that is none
        _refuse(path, 0, "this is no YAML text; look for characters that cannot be printed")
    top = _mapping(path, 0, "a policy", top)
    _known(path, top, "key", ("name", "matters"))
    name = top.get("name", path.stem)
    if not isinstance(name, str) or not name:
        _refuse(path, _line(top, "name"), "the name is no text; put it in quotes")
    if "matters" not in top:
        _refuse(path, 0, "no `matters:` says what difference matters; add one")
    matters = _mapping(path, _line(top, "matters"), "`matters`", top["matters"])
    _known(path, matters, "measure", MEASURES)
    own = {measure: _figure(path, matters, measure) for measure in matters}
    return Policy(name=str(name), matters={**DEFAULT.matters, **own})


def _figure(path: Path, matters: Mapping[str, object], measure: str) -> float:
    figure = matters[measure]
    value = float(figure) if type(figure) is not bool and isinstance(figure, int | float) else nan
    largest = 1.0 if MEASURES[measure].scale == "difference" else LARGEST_RATIO
    if not 0 < value <= largest:
        why = f"{figure!r} is no gap in {measure!r} that could matter; write 0.05 for 5 %"
        _refuse(path, _line(matters, measure), why)
    return value


def _mapping(path: Path, line: int, what: str, written: object) -> Mapping[str, object]:
    if not isinstance(written, Mapping):
        _refuse(path, line, f"{what} is written as `name: value`, one a line")
    return written


def _known(path: Path, written: Mapping[str, object], kind: str, names: Iterable[str]) -> None:
    for name in written:
        if name not in names:
            _refuse(path, _line(written, name), str(unknown(kind, str(name), names)))


def _line(written: object, key: str) -> int:
    """Counted from 0, as ruamel.yaml does; it notes the place of each key it reads."""
    place: tuple[int, int] = written.lc.key(key)  # type: ignore[attr-defined]  # ruamel's own map
    return place[0]


def _refuse(path: Path, line: int, why: str) -> NoReturn:
    raise OptionError(f"policy file {str(path)!r}, line {line + 1}: {why}")
