"""Mutants of the calculator."""

from typing import Final

from tests.benchmarks.programs.wrong import Mutant, each

MUTANTS: Final = (
    *each(
        "numbers",
        (r"(?:[eE][-+]?\d+)?", ""),
        ("names).line()!r}", "names).line():g}"),
        (r"(?:\.\d+)?", r"(?:\.\d)?"),
    ),
    *each(
        "precedence",
        (
            'for sign, term in terms:\n                total = total + term() if sign == "+" else '
            "total - term()\n            return total",
            "value = terms[-1][1]()\n            for n in range(len(terms) - 1, 0, -1):\n"
            "                left, sign = terms[n - 1][1](), terms[n][0]\n"
            '                value = left + value if sign == "+" else left - value\n'
            "            return value",
        ),
    ),
    Mutant(
        "precedence",
        (
            ('while self.kind in ("*", "/"):', 'while self.kind in ("*", "/", "+"):'),
            (
                '                if sign == "*":\n',
                '                if sign == "+":\n                    value += worth\n'
                '                elif sign == "*":\n',
            ),
        ),
    ),
    *each(
        "parentheses",
        (
            'if self.kind == "(":',
            'if self.kind == "(" and sum(one[0] == "(" for one in self.parts[: self.at]) < 4:',
        ),
        ("            return inner\n", "            return lambda: float(int(inner()))\n"),
    ),
    *each(
        "minus",
        ("inner = self.minus()", "inner = self.power()"),
        (
            "factors.append((sign, column, self.minus()))",
            "factors.append((sign, column, self.power()))",
        ),
        ("return lambda: -inner()", "return lambda: -abs(inner())"),
    ),
    *each(
        "power",
        ("exponent = self.minus()", "exponent = self.atom()"),
        ("base() ** exponent()", "float(int(base()) ^ int(exponent()))"),
    ),
    Mutant(
        "power",
        (
            ('if self.kind != "-":\n            return self.power()', "return self.power()"),
            (
                "            return inner\n        raise",
                '            return inner\n        if self.kind == "-":\n            self.take()\n'
                "            negated = self.atom()\n            return lambda: -negated()\n"
                "        raise",
            ),
        ),
    ),
    *each(
        "names",
        ("self.names[name] = value", "self.names[name.lower()] = value"),
        (r"([A-Za-z]\w*)", "([A-Za-z]+)"),
        ("self.names[name] = value", "self.names.setdefault(name, value)"),
    ),
    *each(
        "blanks",
        ('r"[ \\t]*', 'r" *'),
        ("if not text.strip():", 'if text == "\\n":'),
        ('sys.stdout.write("\\n")', "pass"),
    ),
    *each(
        "syntax",
        ("len(text) + 1))", "len(text)))"),
        ('if self.kind != "end":', "if False:"),
        (
            'if self.kind != ")":\n                raise self.wrong()\n            self.take()',
            'if self.kind == ")":\n                self.take()',
        ),
    ),
    *each(
        "values",
        (
            "if name not in self.names:\n            raise WrongError(column)",
            "if name not in self.names:\n            return 0.0",
        ),
        (
            "raise WrongError(column)\n                else:",
            "raise WrongError(1)\n                else:",
        ),
        (
            "value = self.whole()\n            self.names",
            "self.names.setdefault(name, 0.0)\n            value = self.whole()\n"
            "            self.names",
        ),
    ),
    *each(
        "long",
        ("Line(text, names)", "Line(text[:4096], names)"),
        (
            'while self.kind in ("+", "-"):',
            'while self.kind in ("+", "-") and len(terms) < 1000:',
        ),
    ),
)
