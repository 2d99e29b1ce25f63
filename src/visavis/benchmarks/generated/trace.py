"""Tracing a short program: what does it print?

Easy: four assignments. Medium: a loop with a condition in it. Hard: a loop within a loop, or one
that stops by itself, and three names. The program is Python; the key comes from carrying out the
steps that it was made of, never from running its text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from visavis.benchmarks.generated.answers import NUMBER
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import both, fill

LETTERS = "abcdhkmnprstuvwxy"

ASKED = both(
    "What does this Python program print?\n\n```python\n{program}\n```\n",
    "Qu'affiche ce programme Python ?\n\n```python\n{program}\n```\n",
)
LEAST, MOST = 10, 9_999
"""Of what is printed: more than can be guessed, and no more than can be reckoned by hand."""

Operand: TypeAlias = int | str
"""A number, or a name."""


@dataclass(frozen=True, slots=True)
class Set:
    """`name = value`, `name += value` …"""

    name: str
    sign: str
    value: Operand


@dataclass(frozen=True, slots=True)
class When:
    """`if name % of == rest:`, else …"""

    name: str
    of: int
    rest: int
    then: "Steps"
    otherwise: "Steps"


@dataclass(frozen=True, slots=True)
class Count:
    """`for name in range(start, stop):`"""

    name: str
    start: int
    stop: int
    body: "Steps"


@dataclass(frozen=True, slots=True)
class Until:
    """`while name < limit:`"""

    name: str
    limit: int
    body: "Steps"


Step: TypeAlias = Set | When | Count | Until
Steps: TypeAlias = Sequence[Step]

Values: TypeAlias = Mapping[str, int]


def code(steps: Steps, depth: int = 0) -> Iterator[str]:
    """The lines of the program."""
    for step in steps:
        head, *bodies = _written(step)
        yield "    " * depth + head
        for number, body in enumerate(bodies):
            if number:
                yield "    " * depth + "else:"
            yield from code(body, depth + 1)


def _written(step: Step) -> tuple[str, *tuple[Steps, ...]]:
    match step:
        case Set(name, sign, value):
            return (f"{name} {sign} {value}",)
        case When(name, of, rest, then, otherwise):
            head = f"if {name} % {of} == {rest}:"
            return (head, then, otherwise) if otherwise else (head, then)
        case Count(name, start, stop, body):
            return (f"for {name} in range({start}, {stop}):", body)
        case Until(name, limit, body):
            return (f"while {name} < {limit}:", body)


def carried_out(steps: Steps, values: Values) -> Values:
    """What each name stands for after the steps."""
    for step in steps:
        match step:
            case Set(name, sign, value):
                other = values[value] if isinstance(value, str) else value
                values = {**values, name: _set(values.get(name, 0), sign, other)}
            case When(name, of, rest, then, otherwise):
                values = carried_out(then if values[name] % of == rest else otherwise, values)
            case Count(name, start, stop, body):
                for number in range(start, stop):
                    values = carried_out(body, {**values, name: number})
            case Until(name, limit, body):
                while values[name] < limit:
                    values = carried_out(body, values)
    return values


def _set(old: int, sign: str, value: int) -> int:
    return {"=": value, "+=": old + value, "-=": old - value, "*=": old * value}[sign]


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    drawing = {"easy": _straight, "medium": _loop, "hard": dice.pick((_nested, _stopping))}[level]
    while True:
        steps, name = drawing(dice, dice.some(LETTERS, 4))
        printed = carried_out(steps, {})[name]
        if LEAST <= printed <= MOST:
            break
    program = "\n".join([*code(steps), f"print({name})"])
    return [
        Puzzle(
            said=fill(ASKED, program=program), key=str(printed), kind=drawing.__name__.strip("_")
        )
    ]


def _straight(dice: Dice, names: list[str]) -> tuple[Steps, str]:
    a, b, *_ = names
    return (
        Set(a, "=", dice.between(3, 19)),
        Set(b, "=", dice.between(3, 19)),
        Set(a, dice.pick(("+=", "*=")), b),
        Set(b, dice.pick(("+=", "-=")), dice.between(2, 19)),
        Set(a, dice.pick(("+=", "-=")), b),
    ), a


def _loop(dice: Dice, names: list[str]) -> tuple[Steps, str]:
    total, each, *_ = names
    start, of = dice.between(1, 6), dice.between(2, 3)
    body = When(
        each,
        of,
        dice.between(0, of - 1),
        (Set(total, "+=", each),),
        (Set(total, dice.pick(("-=", "+=")), dice.between(2, 9)),),
    )
    return (
        Set(total, "=", dice.between(5, 60)),
        Count(each, start, start + dice.between(4, 6), (body,)),
    ), total


def _nested(dice: Dice, names: list[str]) -> tuple[Steps, str]:
    total, outer, inner, other = names
    start = dice.between(1, 4)
    choice = When(
        inner,
        2,
        dice.between(0, 1),
        (Set(total, "+=", outer),),
        (Set(other, "+=", inner), Set(total, "-=", dice.between(1, 3))),
    )
    first = dice.between(0, 4)
    return (
        Set(total, "=", dice.between(5, 40)),
        Set(other, "=", dice.between(1, 9)),
        Count(
            outer,
            start,
            start + dice.between(2, 3),
            (Count(inner, first, first + dice.between(3, 4), (choice,)), Set(total, "+=", other)),
        ),
    ), total


def _stopping(dice: Dice, names: list[str]) -> tuple[Steps, str]:
    grows, step, total, _ = names
    body = (
        When(grows, dice.between(2, 3), dice.between(0, 1), (Set(total, "+=", step),), ()),
        Set(grows, "+=", step),
        Set(step, "+=", dice.between(1, 3)),
        Set(total, dice.pick(("+=", "-=")), grows),
    )
    return (
        Set(grows, "=", dice.between(1, 9)),
        Set(step, "=", dice.between(2, 6)),
        Set(total, "=", dice.between(20, 150)),
        Until(grows, dice.between(25, 60), body),
    ), total


TRACE = offered(
    Family(name="trace", about="short programs to be traced by hand", draw=draw, answer=NUMBER)
)
