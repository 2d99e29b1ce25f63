"""A calculator: recursive descent, worked out while it is read, each part with its column."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import re
import sys

PART = re.compile(r"[ \t]*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z]\w*)|(\S))", re.ASCII)


class WrongError(Exception):
    def __init__(self, column):
        self.column = column


class Line:
    def __init__(self, text, names):
        self.names = names
        self.parts = []
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = PART.match(text, at)
            at = found.end()
            number, name, sign = found.groups()
            kind = "number" if number else "name" if name else sign
            self.parts.append((kind, found.group().strip(), at - len(found.group().strip()) + 1))
        self.parts.append(("end", "", len(text) + 1))
        self.at = 0

    @property
    def kind(self):
        return self.parts[self.at][0]

    def take(self):
        self.at += 1
        return self.parts[self.at - 1]

    def wrong(self):
        return WrongError(self.parts[self.at][2])

    def line(self):
        if self.kind == "name" and self.parts[1][0] == "=":
            name = self.take()[1]
            self.take()
            value = self.whole()
            self.names[name] = value
            return value
        return self.whole()

    def whole(self):
        value = self.sum()
        if self.kind != "end":
            raise self.wrong()
        return value()

    def sum(self):
        terms = [("+", self.product())]
        while self.kind in ("+", "-"):
            sign = self.take()[0]
            terms.append((sign, self.product()))

        def work():
            total = 0.0
            for sign, term in terms:
                total = total + term() if sign == "+" else total - term()
            return total

        return work

    def product(self):
        factors = [("*", 0, self.minus())]
        while self.kind in ("*", "/"):
            sign, _, column = self.take()
            factors.append((sign, column, self.minus()))

        def work():
            value = 1.0
            for sign, column, factor in factors:
                worth = factor()
                if sign == "*":
                    value *= worth
                elif worth == 0:
                    raise WrongError(column)
                else:
                    value /= worth
            return value

        return work

    def minus(self):
        if self.kind != "-":
            return self.power()
        self.take()
        inner = self.minus()
        return lambda: -inner()

    def power(self):
        base = self.atom()
        if self.kind != "^":
            return base
        column = self.take()[2]
        exponent = self.minus()

        def work():
            try:
                return base() ** exponent()
            except ZeroDivisionError:
                raise WrongError(column) from None

        return work

    def atom(self):
        if self.kind == "number":
            value = float(self.take()[1])
            return lambda: value
        if self.kind == "name":
            _, name, column = self.take()
            return lambda: self.value(name, column)
        if self.kind == "(":
            self.take()
            inner = self.sum()
            if self.kind != ")":
                raise self.wrong()
            self.take()
            return inner
        raise self.wrong()

    def value(self, name, column):
        if name not in self.names:
            raise WrongError(column)
        return self.names[name]


def main():
    names = {}
    for text in sys.stdin:
        if not text.strip():
            sys.stdout.write("\n")
            continue
        try:
            sys.stdout.write(f"{Line(text, names).line()!r}\n")
        except WrongError as error:
            sys.stdout.write(f"error at {error.column}\n")


main()
