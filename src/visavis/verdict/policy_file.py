"""A policy by its name, or read from a user's YAML file.

Such a file says what it changes, and need not say more:

    name: thrifty
    about: many short answers, as cheap as they come
    must:
      - score.logic >= 0.7
      - first_token_s.p95 <= 2.0
    matters:
      score: 0.08                 # 8 points, as a difference
      usd_per_solved_case: 0.02   # 2 %, as a ratio minus one
    weights:
      usd_per_solved_case: 3      # one gap that matters in price counts as much as three
      score: [1, 2]               # or a range: nobody knows better

    workload:                     # what `usd_per_month` in `must` speaks of
      requests_per_day: 5000
      output_tokens: 300          # what is left out is as measured in the run
    hardware:                     # on which candidates run that have no price list
      usd: 2500
      watts: 300
      tokens_per_s: 900

A measure that `matters` leaves out keeps the default policy's figure; one that `weights` leaves out
does not count, and without `weights` nobody knows what counts how much.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from math import nan
from pathlib import Path
from typing import NoReturn, TypeVar

from visavis.core.errors import OptionError
from visavis.core.registry import Registry, unknown
from visavis.verdict.hardware import Hardware, stated
from visavis.verdict.must import Must, must
from visavis.verdict.policy import DEFAULT, MEASURES, Policy, Weight
from visavis.verdict.workload import Workload

T = TypeVar("T", Workload, Hardware)

LARGEST_RATIO = 1000.0
"""Beyond a thousandfold, nothing is being compared."""


KEYS = ("name", "about", "must", "matters", "weights", "workload", "hardware")
SHIPPED = Path(__file__).with_name("policies.yaml")
"""A policy for each use that the two articles name, in the writing of a user's own."""
HEAVIEST = 1000.0
DECIDING = [name for name, measure in MEASURES.items() if measure.decides]
"""Measures that can be given a weight."""


def policy_of(text: str) -> Policy:
    """The policy that a user named, or wrote in a YAML file."""
    if text == DEFAULT.name:
        return DEFAULT
    path = Path(text)
    if path.suffix not in (".yaml", ".yml"):
        return policies().get(text)
    try:
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OptionError(f"no policy can be read from {text!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OptionError(f"policy file {text!r} is no UTF-8 text; save it as such") from error
    return read(written, path)


@cache
def policies() -> Registry[Policy]:
    """Those that come with the program, the default first."""
    found: Registry[Policy] = Registry("policy")
    found.add(DEFAULT.name, DEFAULT)
    for name, written in _loaded(SHIPPED.read_text(encoding="utf-8"), SHIPPED).items():
        found.add(name, _policy(written, SHIPPED, name))
    return found


def is_shipped(policy: Policy) -> bool:
    """Whether its name says all of it; a file may call its own by the same."""
    return policy in map(policies().get, policies())


def source(name: str) -> str:
    """A policy that comes with the program as YAML, to start a file of one's own from."""
    policy = policies().get(name)
    lines = [f"name: {policy.name}", f"about: {policy.about}"]
    if policy.must:
        lines += ["must:", *(f"  - {one.text}" for one in policy.must)]
    lines += ["matters:", *(f"  {name}: {gap:g}" for name, gap in policy.matters.items())]
    if policy.weights:
        lines.append("weights:")
        lines += [f"  {each}: [{low:g}, {high:g}]" for each, (low, high) in policy.weights.items()]
    return "\n".join(lines) + "\n" + money(policy)


def money(policy: Policy) -> str:
    """The part of a policy's YAML that says what is asked, and on what hardware; empty for none."""
    lines = []
    for key, part in (("workload", policy.workload), ("hardware", policy.hardware)):
        if part is not None:
            figures = ((field.name, getattr(part, field.name)) for field in fields(part))
            lines += [f"{key}:", *(f"  {name}: {x!r}" for name, x in figures if x is not None)]
    return "".join(f"{line}\n" for line in lines)


def read(text: str, path: Path) -> Policy:
    """The policy written in `text`; `path` names it in errors, and where it names itself not."""
    return _policy(_loaded(text, path), path, path.stem)


def _loaded(text: str, path: Path) -> Mapping[str, object]:
    from ruamel.yaml import YAML  # slow to import, and needed only for a policy with a file
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        top = YAML().load(text)
    except MarkedYAMLError as error:
        _refuse(path, error.problem_mark.line, " ".join(error.problem.split()))
    except RecursionError:
        _refuse(path, 0, "lists within lists within lists; a policy has no need of so many")
    except (YAMLError, ValueError):  # the latter from a date or number that is none
        _refuse(path, 0, "this is no YAML text; look for characters that cannot be printed")
    return _mapping(path, 0, "a policy", top)


def _policy(written: object, path: Path, name: str) -> Policy:
    top = _mapping(path, 0, "a policy", written)
    _known(path, top, "key", KEYS)
    if top.keys() <= {"name", "about"}:
        _refuse(path, 0, "it asks for nothing; say what `matters:`, what `must:` hold, `weights:`")
    matters, weights = (_part(path, top, key) for key in ("matters", "weights"))
    _known(path, matters, "measure", MEASURES)
    for each in weights:
        if str(each).partition(".")[0] not in DECIDING:
            said = unknown("measure that decides", str(each), DECIDING)
            _refuse(path, _line(weights, each), str(said))
    own = {measure: _figure(path, matters, measure) for measure in matters}
    return Policy(
        name=_text(path, top, "name", name),
        about=_text(path, top, "about", ""),
        matters={**DEFAULT.matters, **own},
        must=tuple(_musts(path, top)),
        weights={each: _weight(path, weights, each) for each in weights},
        workload=_stated(path, top, "workload", Workload),
        hardware=_stated(path, top, "hardware", Hardware),
    )


def _stated(path: Path, top: Mapping[str, object], key: str, kind: type[T]) -> T | None:
    """A workload, or hardware, of the figures that are given."""
    if key not in top:
        return None
    part, figures = _part(path, top, key), {}
    _known(path, part, "figure", [field.name for field in fields(kind)])
    if kind is Hardware and "usd" not in part:
        _refuse(path, _line(top, key), "`hardware` has no price; write `usd: 2500`")
    for name, value in part.items():
        try:
            figures[name] = stated(name, value)
        except OptionError as error:
            _refuse(path, _line(part, name), str(error))
    return kind(**figures)


def _text(path: Path, top: Mapping[str, object], key: str, usual: str) -> str:
    text = top.get(key, usual)
    if not isinstance(text, str) or (key in top and not text):
        _refuse(path, _line(top, key), f"the {key} is no text; put it in quotes")
    return str(text)


def _part(path: Path, top: Mapping[str, object], key: str) -> Mapping[str, object]:
    return _mapping(path, _line(top, key), f"`{key}`", top[key]) if key in top else {}


def _musts(path: Path, top: Mapping[str, object]) -> Iterator[Must]:
    written = top.get("must", [])
    if not isinstance(written, list):
        _refuse(path, _line(top, "must"), "`must` is a list: `- score >= 0.6`, one a line")
    for number, text in enumerate(written):
        try:
            yield must(str(text))
        except OptionError as error:
            line = written.lc.item(number)[0]  # type: ignore[attr-defined]  # ruamel's own list
            _refuse(path, line, str(error))


def _weight(path: Path, weights: Mapping[str, object], name: str) -> Weight:
    written = weights[name]
    ends = written if isinstance(written, list) else [written, written]
    figures = [
        float(end)
        for end in ends
        if isinstance(end, int | float) and type(end) is not bool and 0 <= end <= HEAVIEST
    ]
    if len(ends) != 2 or len(figures) != 2 or figures[0] > figures[1]:
        why = f"{written!r} is no weight of {name!r}; write 2, or a range such as [1, 3]"
        _refuse(path, _line(weights, name), why)
    return Weight(*figures)


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
