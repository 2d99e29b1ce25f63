"""Money in fractions of a euro, from the amounts as they are written."""

import re
from fractions import Fraction

from tests.benchmarks.generated.second.words import NUMBER, body, value

EUROS = {"en": rf"€({NUMBER})", "fr": rf"({NUMBER})\u00a0€"}
THINGS = {"en": r"(\d+) ([a-z]+) at {} each", "fr": r"(\d+) ([a-zîâéè]+) à {} pièce"}
PERCENT = {"en": r"(\d+)%", "fr": r"(\d+)\u00a0%"}
PEOPLE = {"en": r"(\d+) people share", "fr": r"(\d+) personnes partagent"}


def proven(question: str, language: str) -> str:
    (text,) = body(question)
    goods = re.findall(THINGS[language].format(EUROS[language]), text)
    costs = {thing: int(count) * value(price, language) for count, thing, price in goods}
    assert len(costs) == len(goods) >= 2
    found = re.search(PERCENT[language], text)
    off = Fraction(int(found[1]), 100) if found else Fraction(0)
    others = [value(written, language) for written in re.findall(EUROS[language], text)]
    others = others[len(goods) :]
    shared = re.search(PEOPLE[language], text)
    due = sum(costs.values(), Fraction(0))
    if len(others) == 3:
        least, delivery, voucher = others
        due = due * (1 - off) if due >= least else due
        due += delivery - voucher
    elif off:
        (reduced,) = re.findall(r"(?:on the|sur les) (\w+)\.", text)
        due -= costs[reduced] * off
    if shared:
        due /= int(shared[1])
    elif others:
        due = others[0] - due
    assert (due * 100).denominator == 1
    return f"{due * 100 // 100}.{int(due * 100 % 100):02}"
