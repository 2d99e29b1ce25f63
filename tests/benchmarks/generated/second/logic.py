"""Syllogisms by implications: "all" and "no" lead from one trait to another or away from it.

An individual with some traits exists if closing them under all implications, contrapositives
included, never gives a trait and its contrary. That is unit propagation; no world is tried.
"""

import re

from tests.benchmarks.test_logic import CONTRARY, Clause, clause

Literal = tuple[str, bool]

SHAPE = {
    "en": r"There is at least one (.+)\.\nIf (.+), can one conclude that (.+)\?\nAnswer with .*",
    "fr": r"Il existe au moins un (.+)\.\nSi (.+), peut-on en conclure (.+) \?\nRépondez par .*",
}


def read(question: str, language: str) -> tuple[list[str], list[Clause], Clause]:
    found = re.fullmatch(SHAPE[language], question)
    assert found, question
    names = re.split(r", (?:one|un) | and one | et un ", found[1])
    premises = [clause(part, language) for part in found[2].split(", ")]
    return names, premises, clause(found[3], language)


def possible(names: list[str], statements: list[Clause]) -> bool:
    leads: dict[Literal, set[Literal]] = {}
    for quantity, s, p in statements:
        if quantity in ("all", "no"):
            to = quantity == "all"
            leads.setdefault((s, True), set()).add((p, to))
            leads.setdefault((p, not to), set()).add((s, False))
    claims = [{(name, True)} for name in names]
    claims += [{(s, True), (p, q == "some")} for q, s, p in statements if q.startswith("some")]
    return all(_consistent(claim, leads) for claim in claims)


def _consistent(traits: set[Literal], leads: dict[Literal, set[Literal]]) -> bool:
    known, waiting = set(traits), list(traits)
    while waiting:
        for further in leads.get(waiting.pop(), ()):
            if further not in known:
                known.add(further)
                waiting.append(further)
    return not any((name, not has) in known for name, has in known)


def proven(question: str, language: str) -> str:
    names, premises, conclusion = read(question, language)
    assert possible(names, premises), "the premises contradict each other"
    assert possible(names, [*premises, conclusion]), "the conclusion is contradicted"
    quantity, s, p = conclusion
    return "no" if possible(names, [*premises, (CONTRARY[quantity], s, p)]) else "yes"
