"""The Zorks and Yorks puzzle and its siblings: does the conclusion follow?

Syllogisms over invented words, so that nothing can be known by heart, each in English and in
French. The answers are proven (see `syllogism`), not written down. Cases come in blocks of four:
one puzzle whose answer is yes and one whose answer is no, both in both languages. The two agree
in kind and in the quantity of their conclusion, so neither always saying yes nor judging by the
look of the conclusion beats chance, over any even number of cases and within either language.

Drawn by `random.Random(f"visavis logic {seed}")`, of which only `random()` is used: the one
sequence that Python promises to keep. The same seed gives the same cases on any machine.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Literal, TypeVar

from visavis.benchmarks.base import BENCHMARKS, Benchmark, LoadOptions
from visavis.benchmarks.syllogism import TERMS, Form, Kind, Quantity, Statement, follows, forms
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.core.prompt import Prompt, ask
from visavis.core.tell import tell
from visavis.scoring.extract import yes_no

T = TypeVar("T")

Language = Literal["en", "fr"]

ARTICLE = Form((Statement("all", 0, 2), Statement("some", 2, 1)), Statement("some", 0, 1))
"""If all Zorks are Yorks and some Yorks are Sporks, are some Zorks definitely Sporks?"""

ARTICLE_WORDS = ("Zork", "Spork", "York")

MAX_TOKENS = 64
"""One word is asked for; a sentence is allowed, an essay is cut."""

ONE_WORD: dict[Language, str] = {
    "en": "Answer with one word: yes or no.",
    "fr": "Répondez par un seul mot : oui ou non.",
}

SYLLABLES = (
    "b bl br d dr fl fr g gl gr kl kr l m pl pr r sk sp st t tr v z",
    "a e i o u",
    "lb ld lm mb nd nt rb rd rl rm rn rv st zl",
    "a i o",
    "k lk rk mp rp sk p",
)
"""A word has one part of each row. It starts with a consonant, so it takes no elision, and ends
in "k" or "p", so its plural is a plain "s" in both languages."""

PREMISE: dict[Language, dict[Quantity, str]] = {
    "en": {
        "all": "all {s}s are {p}s",
        "no": "no {s}s are {p}s",
        "some": "some {s}s are {p}s",
        "some not": "some {s}s are not {p}s",
    },
    "fr": {
        "all": "tous les {s}s sont des {p}s",
        "no": "aucun {s} n'est un {p}",
        "some": "certains {s}s sont des {p}s",
        "some not": "certains {s}s ne sont pas des {p}s",
    },
}
CONCLUSION: dict[Language, dict[Quantity, str]] = {
    "en": {
        "all": "all {s}s are definitely {p}s",
        "no": "definitely no {s}s are {p}s",
        "some": "some {s}s are definitely {p}s",
        "some not": "some {s}s are definitely not {p}s",
    },
    "fr": {
        "all": "tous les {s}s sont assurément des {p}s",
        "no": "assurément aucun {s} n'est un {p}",
        "some": "certains {s}s sont assurément des {p}s",
        "some not": "certains {s}s ne sont assurément pas des {p}s",
    },
}


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A form with its words; `words[t]` names term t."""

    kind: str
    form: Form
    words: tuple[str, ...]

    @property
    def answer(self) -> Literal["yes", "no"]:
        return "yes" if follows(self.form, len(self.words)) else "no"

    @property
    def group(self) -> str:
        """Names the puzzle in whichever language it is asked, and whatever the seed."""
        named = self.words[:1] if self.words == ARTICLE_WORDS else self.words[:2]
        return "logic/" + "-".join(f"{word.lower()}s" for word in named)


def puzzles(seed: int) -> Iterator[tuple[Puzzle, Puzzle]]:
    """A puzzle whose answer is yes and its match whose answer is no, until the forms run out.

    No form is used twice, and no word.
    """
    rng = Random(f"visavis logic {seed}")
    taken = set(ARTICLE_WORDS)
    for kind, *pair in _drawn(rng):
        yes, no = (
            Puzzle(kind, form, ARTICLE_WORDS)
            if form is ARTICLE
            else Puzzle(kind, _mixed(form, rng), new_words(TERMS[kind], taken, rng.random))
            for form in pair
        )
        yield yes, no


def load(options: LoadOptions) -> Iterator[Case]:
    """Cases in blocks of four; the first is the article's own puzzle."""
    rng = Random(f"visavis logic order {options.seed}")
    for number, (yes, no) in enumerate(puzzles(options.seed)):
        a, b = (yes, no) if number and rng.random() < 0.5 else (no, yes)
        yield from (_case(a, "en"), _case(b, "fr"), _case(b, "en"), _case(a, "fr"))


def told(puzzle: Puzzle, language: Language) -> str:
    """The puzzle in words: who exists, what is given, what is asked."""

    def said(statement: Statement, wording: dict[Quantity, str]) -> str:
        quantity, subject, predicate = statement
        return wording[quantity].format(s=puzzle.words[subject], p=puzzle.words[predicate])

    premises = [said(premise, PREMISE[language]) for premise in puzzle.form.premises]
    conclusion = said(puzzle.form.conclusion, CONCLUSION[language])
    mentioned = dict.fromkeys(term for p in puzzle.form.premises for term in p[1:])
    *names, last = (puzzle.words[term] for term in mentioned)
    if language == "en":
        return (
            f"There is at least one {', one '.join(names)} and one {last}.\n"
            f"If {_listed(premises, 'and ')}, can one conclude that {conclusion}?"
        )
    given = [premises[0], *map(_that, premises[1:])]
    return (
        f"Il existe au moins un {', un '.join(names)} et un {last}.\n"
        f"Si {_listed(given, 'et ')}, peut-on en conclure {_that(conclusion)} ?"
    )


def ask_case(case: Case) -> Prompt:
    return ask(case.question, max_tokens=MAX_TOKENS)


def grade(case: Case, text: str, fence: Fence) -> Grade:
    read = yes_no(text)
    if read is None:
        return Score(value=0.0, because=tell("neither yes nor no could be read"))
    return Score(
        value=float(read == case.target),
        because=tell("read {read}, key {key}", read=read, key=case.target),
        read=read,
    )


def _drawn(rng: Random) -> Iterator[tuple[Kind, Form, Form]]:
    """A form whose answer is yes, and one whose answer is no with the same kind of conclusion."""
    yes = {kind: _shuffled(forms(kind).follows, rng) for kind in TERMS}
    no = {kind: _shuffled(forms(kind).open, rng) for kind in TERMS}
    no["two"].remove(ARTICLE)
    yield "two", _take(yes["two"], "some"), ARTICLE
    while any(yes.values()):
        for kind in TERMS:
            if yes[kind]:
                form = yes[kind].pop()
                yield kind, form, _take(no[kind], form.conclusion.quantity)


def _take(pool: list[Form], quantity: Quantity) -> Form:
    return pool.pop(next(i for i, f in enumerate(pool) if f.conclusion.quantity == quantity))


def _mixed(form: Form, rng: Random) -> Form:
    return form._replace(premises=tuple(_shuffled(form.premises, rng)))


def _shuffled(things: Iterable[T], rng: Random) -> list[T]:
    return sorted(things, key=lambda _: rng.random())


def new_words(count: int, taken: set[str], roll: Callable[[], float]) -> tuple[str, ...]:
    """New words with different beginnings, which join the `taken`."""
    parts = [row.split() for row in SYLLABLES]
    words: list[str] = []
    while len(words) < count:
        word = "".join(part[int(roll() * len(part))] for part in parts).capitalize()
        if word not in taken and all(word[0] != other[0] for other in words):
            words.append(word)
            taken.add(word)
    return tuple(words)


def _listed(clauses: list[str], conjunction: str) -> str:
    return ", ".join([*clauses[:-1], conjunction + clauses[-1]])


def _that(clause: str) -> str:
    """French "que", which loses its "e" before a vowel."""
    return f"qu'{clause}" if clause.startswith("a") else f"que {clause}"


def _case(puzzle: Puzzle, language: Language) -> Case:
    return Case(
        id=f"{puzzle.group}-{language}",
        group=puzzle.group,
        question=f"{told(puzzle, language)}\n{ONE_WORD[language]}",
        target=puzzle.answer,
        fields=MappingProxyType({"language": language, "kind": puzzle.kind}),
    )


LOGIC = BENCHMARKS.add(
    "logic@1",
    Benchmark(
        name="logic",
        protocol="logic@1",
        version=1,
        chance=0.5,
        source="made here from a seed, answers proven; Apache-2.0",
        load=load,
        ask=ask_case,
        grade=grade,
        usual_count=200,
    ),
)
