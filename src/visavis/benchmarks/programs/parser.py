"""A calculator: expressions with precedence, variables, and errors told by their column.

Expressions are drawn as trees, written out as text, and worked out from the tree in exact
fractions: nothing here parses, so nothing here can share a parser's mistake.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple

from visavis.benchmarks.programs.base import ProgramTask, must, offered
from visavis.benchmarks.programs.calls import Calls, brief, called
from visavis.benchmarks.programs.draw import Draw
from visavis.core.tell import tell

FILE: Final = "calc.py"
_asked: Final = partial(called, FILE)
TERMS: Final = 5_000
DEPTH: Final = 100
CLOSE: Final = 1e-9
"""Relative error that is allowed where digits are the matter."""
ABOUT: Final = 1e-3
"""And where they are not."""

CONTRACT: Final = f"""\
- It is started as `python {FILE}`, reads lines from standard input until it ends, and prints one \
line for each: the value as a decimal number such as `-4`, `0.125` or `1e+20`, or `error at N`, \
where N is a column of the line, counted from 1.
- An error concerns its own line only. The exit code is 0.
- A line is an expression of numbers, names, `+ - * / ^` and parentheses, or `NAME = EXPRESSION`. \
A name is a letter, then letters, digits and underscores."""

_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_ERROR: Final = re.compile(r"error at (\d+)\b.*")


class At(NamedTuple):
    """Where an error is due."""

    column: int


Line = tuple[str, Fraction | At | None]
"""What is sent, and what must come back: a value, an error's column, or an empty line."""


class Tree(NamedTuple):
    """An expression: its text, its value, and how tightly its outermost operation binds."""

    text: str
    value: Fraction
    binds: int


_SUM, _PRODUCT, _MINUS, _POWER, _ATOM = range(1, 6)
_WORK: Final[Mapping[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def number(draw: Draw, high: int = 12) -> Tree:
    drawn = draw.whole(2, high)
    return Tree(str(drawn), Fraction(drawn), _ATOM)


def operation(sign: str, left: Tree, right: Tree) -> Tree:
    """`left sign right`, with parentheses where they are needed."""
    binds = _SUM if sign in "+-" else _PRODUCT
    text = f"{_within(left, binds)}{sign}{_within(right, binds + 1)}"
    return Tree(text, _WORK[sign](left.value, right.value), binds)


def negative(tree: Tree) -> Tree:
    return Tree(f"-{_within(tree, _MINUS)}", -tree.value, _MINUS)


def power(base: Tree, exponent: Tree) -> Tree:
    """`base ^ exponent` with a whole exponent."""
    text = f"{_within(base, _ATOM)}^{_within(exponent, _MINUS)}"
    return Tree(text, base.value ** int(exponent.value), _POWER)


def grouped(tree: Tree) -> Tree:
    """In parentheses, needed or not."""
    return Tree(f"({tree.text})", tree.value, _ATOM)


def _within(tree: Tree, binds: int) -> str:
    return tree.text if tree.binds >= binds else f"({tree.text})"


def random_tree(draw: Draw, depth: int, signs: str = "+-*/") -> Tree:
    """Of the operations, in parentheses all of them; never divides by zero."""
    if depth == 0 or draw.whole(1, 5) == 1:
        return number(draw)
    left, right = (random_tree(draw, depth - 1, signs) for _ in range(2))
    sign = draw.one_of(signs if right.value else signs.replace("/", ""))
    return grouped(operation(sign, left, right))


def _numbers(call: Calls, draw: Draw) -> str:
    texts = [
        *(str(draw.whole(0, 10**9)) for _ in range(3)),
        *(f"{draw.whole(0, 99)}.{draw.whole(10**8, 10**9)}" for _ in range(3)),
        *(f"{draw.whole(1, 9)}.{draw.whole(0, 99)}{e}{draw.whole(2, 30)}" for e in ("e", "E+")),
        *(f"{draw.whole(1, 99)}e-{draw.whole(2, 30)}" for _ in range(2)),
        "007",
    ]
    lines: list[Line] = [(text, Fraction(text)) for text in texts]
    seven = Fraction(draw.whole(1, 6), 7)
    lines.append((f"{seven.numerator}/{seven.denominator}", seven))
    return _answered(call, lines, within=CLOSE)


def _precedence(call: Calls, draw: Draw) -> str:
    lines: list[Line] = []
    for shape in ("+*", "*+", "-/", "/-", "--", "//", "-+", "/*", "*/", "-*+/", "/+*-"):
        value = [draw.whole(2, 20) for _ in range(len(shape) + 1)]
        text = "".join(f"{n}{sign}" for n, sign in zip(value, [*shape, ""], strict=True))
        lines.append((text, _flat(value, shape)))
    return _answered(call, lines)


def _flat(numbers: Sequence[int], signs: str) -> Fraction:
    """Products first, then what is left from left to right: as one does it by hand."""
    terms = [Fraction(numbers[0])]
    for sign, drawn in zip(signs, numbers[1:], strict=True):
        if sign in "+-":
            terms.append(Fraction(drawn if sign == "+" else -drawn))
        else:
            terms[-1] = _WORK[sign](terms[-1], Fraction(drawn))
    return sum(terms, Fraction(0))


def _parentheses(call: Calls, draw: Draw) -> str:
    trees = [random_tree(draw, 3) for _ in range(20)]
    nested = number(draw)
    for _ in range(DEPTH):
        nested = grouped(operation("-", *draw.shuffled((nested, number(draw)))))
    trees += [nested, grouped(grouped(grouped(number(draw))))]
    return _answered(call, [(tree.text, tree.value) for tree in trees])


def _minus(call: Calls, draw: Draw) -> str:
    a, b, c = (number(draw) for _ in range(3))
    trees = [
        negative(a),
        negative(negative(a)),
        negative(negative(negative(b))),
        negative(operation("-", a, b)),
        operation("*", a, negative(b)),
        operation("-", a, negative(b)),
        operation("+", a, negative(negative(c))),
        operation("-", negative(a), negative(operation("+", b, c))),
        operation("/", negative(a), negative(b)),
    ]
    return _answered(call, [(tree.text, tree.value) for tree in trees])


def _power(call: Calls, draw: Draw) -> str:
    a, b, two, three = number(draw, 9), number(draw, 9), *map(_whole, (2, 3))
    trees = [
        power(a, two),
        power(two, power(three, two)),
        power(power(two, three), two),
        negative(power(a, two)),
        power(negative(b), two),
        power(two, negative(three)),
        operation("*", b, power(a, three)),
        operation("/", power(a, two), power(b, three)),
        operation("-", power(operation("+", a, b), two), a),
    ]
    return _answered(call, [(tree.text, tree.value) for tree in trees])


def _whole(value: int) -> Tree:
    return Tree(str(value), Fraction(value), _ATOM)


def _names(call: Calls, draw: Draw) -> str:
    x, y, z = draw.words(3)
    a, b, c, d = (Fraction(draw.whole(2, 99)) for _ in range(4))
    lines: list[Line] = [
        (f"{x} = {a}", a),
        (f"{x.upper()} = {b}", b),
        (f"{x}_1 = {x.upper()}*{c}", b * c),
        (f"{x}_1", b * c),
        (f"{x} = {x}+{d}", a + d),
        (f"{x}_1-{x}", b * c - a - d),
        (f"{y[0]} = {x}", a + d),
        (f"{y[0]}*{x.upper()}", (a + d) * b),
        (f"{z}2={y[0]}/{c}", (a + d) / c),
        (f"{z}2", (a + d) / c),
    ]
    return _answered(call, lines)


def _blanks(call: Calls, draw: Draw) -> str:
    lines: list[Line] = []
    for _ in range(8):
        tree = random_tree(draw, 2, "+-*")
        parts = re.findall(r"\d+|\S", tree.text)
        gaps = [draw.one_of(("", " ", "   ", "\t", " \t ")) for _ in range(len(parts) + 1)]
        text = "".join(gap + part for gap, part in zip(gaps, [*parts, ""], strict=True))
        lines.append((text, tree.value))
    lines[3:3] = [("", None), ("  \t ", None)]
    name, drawn = draw.word(), Fraction(draw.whole(2, 99))
    lines += [(f"\t{name}={drawn}  ", drawn), (f"  {name}  ", drawn)]
    return _answered(call, lines)


def _syntax(call: Calls, draw: Draw) -> str:
    a, b, c = (str(draw.whole(2, 999)) for _ in range(3))
    broken = [  # what is right, and what cannot follow it
        *((f"{a} + ", f"* {b}"), (f"({a} + {b}", ""), (f"{a} ", f"{b}"), ("", f")+{a}")),
        *((f"{a} ", f"$ {b}"), (f"{a}-", ""), ("(", ")"), (f"{a} ", f"= {b}"), ("-", "")),
        *((f"({a}*{b})*{c}", f")+{a}"), (f"{a}*(", f"/{c})"), (f"{a}^", ""), (f"({a} ", f"({b}))")),
        *((f"{draw.word()} =", ""), (f"{a}+{b}", "?"), ("", f"/{a}"), (f"({a}", f",{b})")),
    ]
    lines: list[Line] = [(good + bad, At(len(good) + 1)) for good, bad in broken]
    lines += [(text, Fraction(text)) for text in (a, b, c)]
    return _answered(call, draw.shuffled(lines))


def _values(call: Calls, draw: Draw) -> str:
    x, unknown, further = draw.words(3)
    a, b = (Fraction(draw.whole(2, 99)) for _ in range(2))
    lines: list[Line] = [
        (f"{x} = {a}", a),
        (f"{b} + {unknown}", At(len(f"{b} + ") + 1)),
        (f"{a}*({b} / ({a}-{a}))", At(len(f"{a}*({b} ") + 1)),
        (f"{x} = {b} / 0", At(len(f"{x} = {b} ") + 1)),
        (f"{x} = {further}", At(len(f"{x} = ") + 1)),
        (f"{x}", a),
        (f"{further} = {further}", At(len(f"{further} = ") + 1)),
        (f"0 / {b}", Fraction(0)),
    ]
    return _answered(call, lines)


def _long(call: Calls, draw: Draw) -> str:
    terms = [draw.whole(1, 99) for _ in range(TERMS)]
    return _answered(call, [("+".join(map(str, terms)), Fraction(sum(terms)))])


def _answered(call: Calls, lines: Sequence[Line], *, within: float = ABOUT) -> str:
    """Every line is answered as is due; numbers may be off by `within` of themselves."""
    printed = call.ok(stdin="".join(f"{text}\n" for text, _ in lines)).splitlines()
    must(
        len(printed) == len(lines),
        "{n} lines came back for {lines}",
        n=len(printed),
        lines=len(lines),
    )
    for (text, due), shown in zip(lines, printed, strict=True):
        must(
            _agrees(shown.strip(), due, within),
            "{text} gave {shown}, not {maybe}",
            text=brief(text),
            shown=brief(shown),
            maybe=_said(due),
        )
    return tell(
        "{lines} lines were answered rightly, the last one with {last!r}",
        lines=len(lines),
        last=printed[-1][:40],
    )


def _agrees(shown: str, due: Fraction | At | None, within: float) -> bool:
    match due:
        case None:
            return not shown
        case At(column):
            read = _ERROR.fullmatch(shown)
            return read is not None and read[1] == str(column)
    if not _NUMBER.fullmatch(shown):
        return False
    least = 0.0 if within == CLOSE else ABOUT**2
    return math.isclose(float(shown), float(due), rel_tol=within, abs_tol=least)


def _said(due: Fraction | At | None) -> str:
    match due:
        case None:
            return tell("an empty line")
        case At(column):
            return f"'error at {column}'"
    return f"{float(due):g}"


PARSER: Final = ProgramTask(
    name="parser",
    title="A calculator that reads expressions",
    file=FILE,
    contract=CONTRACT,
    requirements=(
        _asked(
            "numbers",
            "Numbers are whole, have decimals, or a power of ten: `12`, `0.25`, `2e3`, `1.5E-7`. "
            "Values are printed to at least ten digits that count.",
            _numbers,
        ),
        _asked(
            "precedence",
            "`*` and `/` bind tighter than `+` and `-`; of equals the left comes first.",
            _precedence,
        ),
        _asked(
            "parentheses",
            f"What stands in parentheses is worked out first, nested up to {DEPTH} deep.",
            _parentheses,
        ),
        _asked(
            "minus",
            "A minus may stand before any value, also several of them and after another sign: "
            "`--3`, `2*-3`, `-(1+2)`.",
            _minus,
        ),
        _asked(
            "power",
            "`^` is the power; it binds tightest and from right to left: `2^3^2` is 512, `-2^2` is "
            "-4, `2^-1` is 0.5.",
            _power,
        ),
        _asked(
            "names",
            "`NAME = EXPRESSION` prints the value and gives it to the name, for all lines below "
            "until it is given another; `a` and `A` are two names.",
            _names,
        ),
        _asked(
            "blanks",
            "Blanks and tabs between the parts mean nothing; a line that is empty or holds nothing "
            "else is answered by an empty line.",
            _blanks,
        ),
        _asked(
            "syntax",
            "A line that is no expression is answered by `error at N`, where N is the column at "
            "which the first part begins that cannot stand there; where the line ends too early, "
            "one more than its length.",
            _syntax,
        ),
        _asked(
            "values",
            "A name without a value is an error at the name's first column, a division by zero "
            "one at its sign. After an error all names keep their values.",
            _values,
        ),
        _asked(
            "long",
            f"An expression of {TERMS:,} terms is worked out within five seconds.",
            _long,
        ),
    ),
)
offered(PARSER)
