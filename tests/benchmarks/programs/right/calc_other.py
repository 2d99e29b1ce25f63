"""A calculator: two stacks (the shunting yard), in fractions where it can."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import sys
from fractions import Fraction

BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "minus": 3, "^": 4}


class Trouble(Exception):  # noqa: N818  # as somebody else would call it
    pass


def scan(text):  # noqa: C901  # as a model would write it
    at = 0
    while at < len(text):
        letter, start = text[at], at
        if letter in " \t":
            at += 1
            continue
        if letter.isdigit():
            while at < len(text) and (text[at].isdigit() or text[at] == "."):
                at += 1
            if at < len(text) and text[at] in "eE":
                ahead = at + 1 + (text[at + 1 : at + 2] in ("+", "-"))
                if text[ahead : ahead + 1].isdigit():
                    at = ahead
                    while at < len(text) and text[at].isdigit():
                        at += 1
            yield "value", Fraction(text[start:at]), start + 1
        elif letter.isalpha():
            while at < len(text) and (text[at].isalnum() or text[at] == "_"):
                at += 1
            yield "name", text[start:at], start + 1
        else:
            at += 1
            yield letter, letter, start + 1
    yield "end", None, len(text) + 1


def postfix(parts):  # noqa: C901  # as a model would write it
    """The parts in the order of work; a part that cannot stand where it does is told."""
    out, waiting, operand = [], [], True
    for kind, thing, column in parts:
        if operand:
            if kind in ("value", "name"):
                out.append((kind, thing, column))
                operand = False
            elif kind == "-":
                waiting.append(("minus", column))
            elif kind == "(":
                waiting.append(("(", column))
            else:
                raise Trouble(column)
            continue
        if kind in BINDS:
            # A power waits for the power to its right; the others go first.
            while waiting and waiting[-1][0] != "(":
                ahead = BINDS[waiting[-1][0]]
                if ahead > BINDS[kind] or (ahead == BINDS[kind] and kind != "^"):
                    out.append(waiting.pop())
                else:
                    break
            waiting.append((kind, column))
            operand = True
        elif kind in (")", "end"):
            while waiting and waiting[-1][0] != "(":
                out.append(waiting.pop())
            if (kind == ")") != bool(waiting):
                raise Trouble(column)
            if waiting:
                waiting.pop()
        else:
            raise Trouble(column)
    return out


def work(steps, names):
    stack = []
    for step in steps:
        kind = step[0]
        if kind == "value":
            stack.append(step[1])
        elif kind == "name":
            if step[1] not in names:
                raise Trouble(step[2])
            stack.append(names[step[1]])
        elif kind == "minus":
            stack.append(-stack.pop())
        else:
            right, left = stack.pop(), stack.pop()
            try:
                stack.append(apply(kind, left, right))
            except ZeroDivisionError:
                raise Trouble(step[1]) from None
    return stack.pop()


def apply(sign, left, right):
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
    return left**right


def answer(text, names):
    parts = list(scan(text))
    target = None
    if parts[0][0] == "name" and parts[1][0] == "=":
        target = parts[0][1]
        parts = parts[2:]
    value = work(postfix(parts), names)
    if target:
        names[target] = value
    whole = isinstance(value, Fraction) and value.denominator == 1 and abs(value) < 10**15
    return str(int(value)) if whole else repr(float(value))


known = {}
for row in sys.stdin.read().splitlines():
    try:
        sys.stdout.write((answer(row, known) if row.strip() else "") + "\n")
    except Trouble as trouble:
        sys.stdout.write(f"error at {trouble}\n")
