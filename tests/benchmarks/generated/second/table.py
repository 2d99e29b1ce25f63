"""Tables by columns: the table is turned, and conditions are masks."""

import re

import numpy as np
import numpy.typing as npt

from tests.benchmarks.generated.second.words import NAME, body

OF = r"(?:de |d')"
ASKED = {
    "en": {
        "row": rf"How many tickets does ({NAME}) sell in (\w+) and (\w+) together\?",
        "people": rf"By how many tickets do ({NAME})'s sales exceed ({NAME})'s, all months .*",
        "months": r"By how many tickets do the sales of (\w+) exceed those of (\w+), all people .*",
        "picked": r"How many tickets are sold in (\w+) by the people from (\w+) who sell more than "
        r"(\d+) in (\w+)\?",
    },
    "fr": {
        "row": rf"Combien de billets vend ({NAME}) en (\w+) et en (\w+) réunis \?",
        "people": rf"De combien de billets les ventes {OF}({NAME}) dépassent-elles celles "
        rf"{OF}({NAME}), tous mois réunis \?",
        "months": rf"De combien de billets les ventes {OF}(\w+) dépassent-elles celles {OF}(\w+), "
        r"toutes personnes réunies \?",
        "picked": r"Combien de billets vendent en (\w+) les personnes de (\w+) qui en vendent plus "
        r"de (\d+) en (\w+) \?",
    },
}

Column = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]


def proven(question: str, language: str) -> str:
    lines = body(question)
    rows = [re.split(r" ?\| ?", line)[1:-1] for line in lines if line.startswith("|")]
    heads, rule, *cells = rows
    assert set(rule) == {"---"}
    names, cities = (np.array([row[column] for row in cells]) for column in (0, 1))
    sold = {
        month: np.array([int(row[column]) for row in cells])
        for column, month in enumerate(heads)
        if column > 1
    }
    for kind, pattern in ASKED[language].items():
        if found := re.fullmatch(pattern, lines[-1]):
            return str(_answer(kind, found.groups(), names, cities, sold))
    raise AssertionError(lines[-1])


def _answer(
    kind: str, said: tuple[str, ...], names: Words, cities: Words, sold: dict[str, Column]
) -> int:
    every = np.sum(list(sold.values()), axis=0)
    if kind == "row":
        return int((sold[said[1]] + sold[said[2]])[names == said[0]].sum())
    if kind == "people":
        return int(every[names == said[0]].sum() - every[names == said[1]].sum())
    if kind == "months":
        return int((sold[said[0]] - sold[said[1]]).sum())
    return int(sold[said[0]][(cities == said[1]) & (sold[said[3]] > int(said[2]))].sum())
