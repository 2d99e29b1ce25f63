"""A benchmark's questions and texts in other orders than the published one. Pure.

Two ways to ask whether a candidate knows the order in which a benchmark was published:

- `turned`: each question with its options moved on place by place, the key along with them, so
  that every option stands once at every letter (Zheng et al. 2024, arXiv 2309.03882).
- `option_orders` and `example_orders`: the published text and others that differ from it in
  nothing but order, as the choices of one prompt: which is the likeliest? Orders of a question's
  options after Ni et al. 2024 (arXiv 2409.01790), of a file's examples after Oren et al. 2023
  (arXiv 2310.17623), who shuffle a few neighbours at a time as we do.

Both rest on this: to whoever never saw it, the published order is one of many. That fails where
options have an order of their own, so such questions are left out (`fit`). Which ones those are is
decided by what the options say, never by how they stood, so what is left is as good as shuffled.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from random import Random
from string import ascii_uppercase
from types import MappingProxyType

from visavis.benchmarks import gsm8k
from visavis.benchmarks.base import Benchmark, LoadOptions
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.core.prompt import Prompt, choose
from visavis.core.tell import tell
from visavis.measure.plan import Asked

OTHERS = 7
"""Orders beside the published one. More would hardly sharpen a mean's comparison with one text:
its variance is 1 + 1/7 of what endless orders would give."""

NEIGHBOURS = 4
"""Examples of a file that are shuffled among one another; the one before them stays."""

TURNED, OPTION_ORDERS, EXAMPLE_ORDERS = "+turned", "@option-orders", "@example-orders"
"""In what the names of these protocols end."""

Texts = Callable[[LoadOptions], Sequence[str]]

FILES: Mapping[str, Texts] = MappingProxyType({"gsm8k": gsm8k.in_file_order})
"""By family: the examples as they follow one another in a published file whose order is arbitrary.
MMLU's is not: its questions follow their sources."""

_OWN_ORDER = re.compile(
    r"\b(above|below|all|none|both|neither|either|other|i|ii|iii|iv|[A-Z] (and|or) [A-Z])\b"
    r"|^(yes|no|true|false)\b|<image",
    re.IGNORECASE,
)
"""Of an option that speaks of others, or comes first or last by custom."""
_DIGIT = re.compile(r"\d")
_TRIES = 20
"""Draws for each order that is wanted: of three options there are but five others."""


def options_of(case: Case) -> tuple[str, ...]:
    """A question's options in their order; none where it has none that we know of."""
    if "options" in case.fields:
        return tuple(json.loads(case.fields["options"]))
    return tuple(case.fields[letter] for letter in takewhile(case.fields.__contains__, _LETTERS))


_LETTERS = tuple(ascii_uppercase)


def fit(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Those whose options could as well stand in another order."""
    often = Counter(frozenset(options_of(case)) for case in cases)
    return tuple(
        case
        for case in cases
        if often[frozenset(options_of(case))] == 1
        and _could_be_shuffled(options_of(case))
        and case.target in _LETTERS[: len(options_of(case))]
    )


def _could_be_shuffled(options: tuple[str, ...]) -> bool:
    return (
        len(options) > 1
        and len(set(options)) == len(options)
        and sum(1 for option in options if _DIGIT.search(option)) < 2  # two would be sorted
        and not any(map(_OWN_ORDER.search, options))
        and not _is_sorted(options)
    )


def _is_sorted(options: Sequence[str]) -> bool:
    """By alphabet or by length, which people do. Such orders count neither as published nor as
    ours: 10 % of MMLU's other questions are sorted by alphabet, where 4 % would be by chance."""
    letters = [option.casefold() for option in options]
    lengths = [len(option) for option in options]
    return any(
        len(set(keys)) > 1 and list(keys) in (sorted(keys), sorted(keys, reverse=True))
        for keys in (letters, lengths)
    )


def is_of_orders(protocol: str) -> bool:
    """Whether a run of this protocol tries other orders."""
    return protocol.endswith((TURNED, OPTION_ORDERS, EXAMPLE_ORDERS))


def turned(benchmark: Benchmark, questions: Sequence[Case]) -> Asked:
    """The questions, each in as many orders as it has options; the published one keeps its id."""
    cases = tuple(_turned(case, by) for case in questions for by in range(len(options_of(case))))
    name = f"{benchmark.protocol}{TURNED}"
    departures = (
        *benchmark.departures,
        tell("Asked at temperature 0, so that nothing but the order varies."),
    )
    variant = replace(
        benchmark,
        name=name,
        protocol=name,
        ask=lambda case: _greedy(benchmark.ask(case)),
        figures=lambda graded: (),
        departures=departures,
    )
    return Asked(benchmark=variant, cases=cases)


def turn_of(case: Case) -> int:
    """By how many places a case's options were moved on; 0 is the published order."""
    return int(case.fields.get("turn", 0))


def published_id(case: Case) -> str:
    """The id of the question whose options were moved on."""
    return case.id.removesuffix(_turn_mark(turn_of(case)))


def _turn_mark(by: int) -> str:
    return f"+{by}" if by else ""


def _turned(case: Case, by: int) -> Case:
    if by == 0:
        return case
    options = options_of(case)
    moved = options[-by:] + options[:-by]
    key = (_LETTERS.index(case.target) + by) % len(options)
    placed = (
        {"options": json.dumps(moved, ensure_ascii=False)}
        if "options" in case.fields
        else dict(zip(_LETTERS, moved, strict=False))
    )
    return replace(
        case,
        id=case.id + _turn_mark(by),
        target=_LETTERS[key],
        fields=MappingProxyType({**case.fields, **placed, "turn": str(by)}),
    )


def _greedy(prompt: Prompt) -> Prompt:
    return replace(prompt, settings=replace(prompt.settings, temperature=0.0))


def option_orders(benchmark: Benchmark, questions: Iterable[Case], seed: int) -> Asked:
    """Each question followed by its options, in the published order and in others."""
    cases = (_options_case(case, seed) for case in questions)
    return _by_likelihood(benchmark, OPTION_ORDERS, cases)


def example_orders(benchmark: Benchmark, examples: Sequence[str], seed: int) -> Asked:
    """Neighbours in a file, in the published order and in others, behind the one before them."""
    size = NEIGHBOURS + 1
    starts = range(0, len(examples) - size + 1, size)
    cases = (
        _case(
            f"{benchmark.family}/examples/{at + 1}-{at + size}",
            examples[at],
            _orders(examples[at + 1 : at + size], Random(f"visavis examples {seed} {at}")),
            lambda order: "".join(f"\n\n{example}" for example in order),
        )
        for at in starts
    )
    return _by_likelihood(benchmark, EXAMPLE_ORDERS, cases)


def _options_case(case: Case, seed: int) -> Case:
    rng = Random(f"visavis options {seed} {case.id}")
    orders = _orders(options_of(case), rng, barred=_is_sorted)
    made = _case(case.id, case.question, orders, _lettered)
    return replace(made, group=case.group)


def _lettered(options: Iterable[str]) -> str:
    lines = zip(_LETTERS, options, strict=False)
    return "".join(f"\n{letter}. {option}" for letter, option in lines)


def _orders(
    published: Sequence[str],
    rng: Random,
    barred: Callable[[Sequence[str]], bool] = lambda order: False,
) -> list[Sequence[str]]:
    """The published order, and others drawn among all that are not barred; no two alike.

    Only `random()` is used: the one sequence that Python promises to keep.
    """
    found = {tuple(published): None}
    for _ in range(_TRIES * OTHERS):
        if len(found) > OTHERS:
            break
        order = tuple(sorted(published, key=lambda _: rng.random()))
        if not barred(order):
            found[order] = None
    return list(found)


def _case(
    name: str, head: str, orders: Sequence[Sequence[str]], written: Callable[[Sequence[str]], str]
) -> Case:
    texts = [written(order) for order in orders]
    fields = {"texts": json.dumps(texts, ensure_ascii=False)}
    return Case(
        id=name, group=name, question=head, target=texts[0], fields=MappingProxyType(fields)
    )


def ask_likeliest(case: Case) -> Prompt:
    """Which of the texts is the likeliest; the published one is the first."""
    return choose(case.question, tuple(json.loads(case.fields["texts"])))


def grade_likeliest(case: Case, text: str, fence: Fence) -> Grade:
    is_published = text == case.target
    because = (
        tell("the published order is the likeliest") if is_published else tell("another order is")
    )
    return Score(value=float(is_published), because=because, read=text)


def _by_likelihood(benchmark: Benchmark, name: str, cases: Iterator[Case]) -> Asked:
    """Cases that could be written in at least one other order."""
    protocol = f"{benchmark.family}{name}"
    variant = Benchmark(
        name=protocol,
        protocol=protocol,
        version=1,
        chance=None,
        source=benchmark.source,
        load=lambda options: (),
        ask=ask_likeliest,
        grade=grade_likeliest,
        way="choose",
        departures=(
            tell("{orders:d} other orders, drawn at random; not all there are.", orders=OTHERS),
        ),
    )
    several = tuple(case for case in cases if len(json.loads(case.fields["texts"])) > 1)
    return Asked(benchmark=variant, cases=several)
