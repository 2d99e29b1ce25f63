"""Zorks, Yorks and their siblings: right, balanced, all different, the same everywhere."""

import re
from collections import Counter
from hashlib import sha256
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.base import LoadOptions
from visavis.benchmarks.logic import LOGIC, MAX_TOKENS
from visavis.core.case import Case
from visavis.core.outcome import Score


def cases(seed: int, count: int | None = 200) -> list[Case]:
    options = LoadOptions(home=Path("unused"), seed=seed, note=lambda text: None)
    return list(islice(LOGIC.load(options), count))


# --- A second proof, from the words of the prompt alone -------------------------------------

CLAUSES = {
    "en": {
        "all": r"all (\w+)s are (?:definitely )?(\w+)s",
        "no": r"(?:definitely )?no (\w+)s are (\w+)s",
        "some not": r"some (\w+)s are (?:definitely )?not (\w+)s",
        "some": r"some (\w+)s are (?:definitely )?(\w+)s",
    },
    "fr": {
        "all": r"tous les (\w+)s sont (?:assurément )?des (\w+)s",
        "no": r"(?:assurément )?aucun (\w+) n'est un (\w+)",
        "some not": r"certains (\w+)s ne sont (?:assurément )?pas des (\w+)s",
        "some": r"certains (\w+)s sont (?:assurément )?des (\w+)s",
    },
}
SHAPE = {
    "en": (
        r"There is at least one ([\w, ]+)\.\nIf (.+), can one conclude that (.+)\?\n"
        r"Answer with one word: yes or no\."
    ),
    "fr": (
        r"Il existe au moins un ([\w, ]+)\.\nSi (.+), peut-on en conclure (.+) \?\n"
        r"Répondez par un seul mot : oui ou non\."
    ),
}
CONTRARY = {"all": "some not", "some not": "all", "no": "some", "some": "no"}

Clause = tuple[str, str, str]


def clause(text: str, language: str) -> Clause:
    bare = re.sub(r"^(and |et )?(que |qu')?", "", text)
    for quantity, pattern in CLAUSES[language].items():
        if found := re.fullmatch(pattern, bare):
            return quantity, found[1], found[2]
    raise AssertionError(f"not a sentence: {text!r}")


def read(case: Case) -> tuple[list[str], list[Clause], Clause]:
    language = case.fields["language"]
    found = re.fullmatch(SHAPE[language], case.question)
    assert found, case.question
    names = re.split(r", (?:one|un) | and one | et un ", found[1])
    premises = [clause(part, language) for part in found[2].split(", ")]
    return names, premises, clause(found[3], language)


def satisfiable(names: list[str], statements: list[Clause]) -> bool:
    """Whether a world exists, sought one individual at a time.

    Whoever exists must break no universal statement; that settled, each claim of existence
    (one for each name, one for each "some") needs one individual, and may have it.
    """

    def lawful(one: dict[str, bool]) -> bool:
        return all(
            not one[s] or one[p] == (quantity == "all")
            for quantity, s, p in statements
            if quantity in ("all", "no")
        )

    kinds = [dict(zip(names, traits, strict=True)) for traits in product((0, 1), repeat=len(names))]
    people = [{name: bool(has) for name, has in kind.items()} for kind in kinds]
    lawful_people = [one for one in people if lawful(one)]
    wanted = [(name, name, True) for name in names]
    wanted += [(s, p, q == "some") for q, s, p in statements if q in ("some", "some not")]
    return all(any(one[s] and one[p] == has for one in lawful_people) for s, p, has in wanted)


def proven(case: Case) -> str:
    names, premises, (quantity, s, p) = read(case)
    assert satisfiable(names, premises), "the premises contradict each other"
    return "no" if satisfiable(names, [*premises, (CONTRARY[quantity], s, p)]) else "yes"


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 20_251_220])
def test_a_second_proof_from_the_words_alone_gives_every_answer(seed: int) -> None:
    assert all(proven(case) == case.target for case in cases(seed))


@given(st.integers(0, 2**63))
@settings(max_examples=10, deadline=None)
def test_any_seed_gives_200_proven_cases(seed: int) -> None:
    drawn = cases(seed)
    assert len(drawn) == 200
    assert all(proven(case) == case.target for case in drawn)


def test_where_the_answer_is_no_the_premises_allow_either() -> None:
    for case in cases(0):
        if case.target == "no":
            names, premises, conclusion = read(case)
            assert satisfiable(names, [*premises, conclusion])


# --- Balance --------------------------------------------------------------------------------


@given(st.integers(0, 1000), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_any_even_number_of_cases_is_half_yes(seed: int, half: int) -> None:
    answers = [case.target for case in cases(seed, 2 * half)]
    assert answers.count("yes") == half


@pytest.mark.parametrize("language", ["en", "fr"])
def test_any_even_number_of_cases_of_one_language_is_half_yes(language: str) -> None:
    answers = [case.target for case in cases(0) if case.fields["language"] == language]
    assert len(answers) == 100
    assert all(answers[:n].count("yes") == n // 2 for n in range(0, 101, 2))


def test_the_look_of_the_conclusion_says_nothing_of_the_answer() -> None:
    seen = Counter((case.fields["kind"], read(case)[2][0], case.target) for case in cases(5))
    assert all(
        count == seen[kind, quantity, "no" if answer == "yes" else "yes"]
        for (kind, quantity, answer), count in seen.items()
    )


def test_always_answering_yes_scores_chance() -> None:
    grades = [LOGIC.grade(case, "Yes.", PlainFence()) for case in cases(9)]
    values = [grade.value for grade in grades if isinstance(grade, Score)]
    assert sum(values) / len(values) == LOGIC.chance == 0.5


# --- No two alike, the same everywhere ------------------------------------------------------


def shape(case: Case) -> frozenset[Clause | tuple[str, Clause]]:
    """The puzzle with its words replaced by their part in it."""
    _, premises, conclusion = read(case)
    parts = {conclusion[1]: "s", conclusion[2]: "p"}
    others = [name for premise in premises for name in premise[1:] if name not in parts]
    links = Counter(others)
    parts |= {name: f"{sorted(neighbours(name, premises, parts))}{links[name]}" for name in links}
    return frozenset(
        [("conclusion", (conclusion[0], "s", "p"))]
        + [(quantity, parts[s], parts[p]) for quantity, s, p in premises]
    )


def neighbours(name: str, premises: list[Clause], parts: dict[str, str]) -> list[str]:
    return [parts.get(p if s == name else s, "m") for _, s, p in premises if name in (s, p)]


@pytest.mark.parametrize("seed", [0, 7])
def test_no_two_puzzles_are_alike_in_form_or_words(seed: int) -> None:
    drawn = cases(seed, None)
    english = [case for case in drawn if case.fields["language"] == "en"]
    assert len({shape(case) for case in english}) == len(english) == 1288
    words = [name for case in english for name in read(case)[0]]
    assert len(words) == len(set(words))
    assert len({case.id for case in drawn}) == len(drawn) == 2576


def test_a_puzzle_is_asked_in_both_languages_and_its_cases_form_a_group() -> None:
    groups: dict[str, list[Case]] = {}
    for case in cases(3):
        groups.setdefault(case.group, []).append(case)
    assert len(groups) == 100
    for pair in groups.values():
        english, french = sorted(pair, key=lambda case: case.fields["language"])
        assert (english.fields["language"], french.fields["language"]) == ("en", "fr")
        assert read(english) == read(french)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_article_comes_first_whatever_the_seed(seed: int) -> None:
    drawn = {case.id: case for case in cases(seed, 4)}
    assert next(iter(drawn)) == "logic/zorks-en"
    assert drawn["logic/zorks-en"].target == drawn["logic/zorks-fr"].target == "no"
    assert drawn["logic/zorks-en"].question.splitlines()[1] == (
        "If all Zorks are Yorks, and some Yorks are Sporks, "
        "can one conclude that some Zorks are definitely Sporks?"
    )
    assert drawn["logic/zorks-fr"].question.splitlines()[1] == (
        "Si tous les Zorks sont des Yorks, et que certains Yorks sont des Sporks, "
        "peut-on en conclure que certains Zorks sont assurément des Sporks ?"
    )


def test_seed_0_gives_the_same_cases_on_any_machine() -> None:
    told = "\n".join(f"{case.id} {case.target} {case.question}" for case in cases(0, None))
    assert sha256(told.encode()).hexdigest()[:16] == "3a43681e425f5ba7"


def test_another_seed_gives_other_cases_and_one_seed_the_same() -> None:
    assert cases(4) == cases(4)
    assert {c.id for c in cases(4)} & {c.id for c in cases(5)} == {
        "logic/zorks-en",
        "logic/zorks-fr",
    }


# --- Asking and grading ---------------------------------------------------------------------


def test_a_case_is_asked_as_one_short_question() -> None:
    prompt = LOGIC.ask(cases(0, 1)[0])
    assert [message.role for message in prompt.messages] == ["user"]
    assert (prompt.settings.max_tokens, prompt.settings.temperature) == (MAX_TOKENS, 0.0)


@pytest.mark.parametrize(
    ("reply", "value", "answer"),
    [
        ("No.", 1.0, "no"),
        ("Non", 1.0, "no"),
        ("Yes, they are.", 0.0, "yes"),
        ("It is hard to say.", 0.0, None),
    ],
)
def test_a_reply_is_graded_by_what_was_read(reply: str, value: float, answer: str | None) -> None:
    grade = LOGIC.grade(cases(0, 1)[0], reply, PlainFence())
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (value, answer)
