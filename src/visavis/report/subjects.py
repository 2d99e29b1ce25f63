"""What a benchmark is about, and what it is called in a sentence."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from types import MappingProxyType
from typing import Literal, ParamSpec, TypeVar

from visavis.measure.spec import BenchmarkSpec
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.text import line

Given = ParamSpec("Given")
T = TypeVar("T")

Field = Literal[
    "code", "mathematics", "knowledge", "reasoning", "pictures", "language", "instructions"
]

_FAMILIES: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {
        "code": (
            *("humaneval", "humaneval+"),
            *("arkanoid", "csv-report", "parser", "plot", "todo", "web-server"),
        ),
        "mathematics": ("gsm8k", "math", "math500", "mgsm", "money", "units"),
        "knowledge": ("mmlu",),
        "reasoning": ("logic", "grid", "ordering", "rule", "schedule", "table", "trace"),
        "pictures": ("mmmu", "mmmu-pro"),
        "language": ("glue",),
        "instructions": ("ifeval",),
    }
)
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "math@zeroeval": N_("MATH, level 5"),
        "humaneval": N_("HumanEval"),
        "humaneval+": N_("HumanEval+"),
        "gsm8k": N_("GSM8K"),
        "math": N_("MATH"),
        "math500": N_("MATH-500"),
        "mgsm": N_("MGSM"),
        "mmlu": N_("MMLU"),
        "mmmu": N_("MMMU"),
        "mmmu-pro": N_("MMMU-Pro"),
        "glue": N_("GLUE"),
        "ifeval": N_("IFEval"),
        "logic": N_("Logic puzzles"),
        "grid": N_("Grid puzzles"),
        "ordering": N_("Ordering puzzles"),
        "rule": N_("Rules to apply"),
        "schedule": N_("Schedules"),
        "table": N_("Tables to read"),
        "trace": N_("Programs traced by hand"),
        "money": N_("Sums of money"),
        "units": N_("Units to convert"),
        "arkanoid": N_("The Arkanoid game"),
    }
)
"""By protocol, else by family."""
_ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "math@zeroeval": N_("Competition problems, only of the hardest of five levels."),
        "humaneval": N_("Python functions to be written, which have to pass tests."),
        "humaneval+": N_("The functions of HumanEval, which have to pass many more tests."),
        "gsm8k": N_("School word problems in several steps, with a number to find."),
        "math": N_("Competition problems of five levels."),
        "math500": N_("500 of the competition problems of MATH."),
        "mgsm": N_("Problems of GSM8K, translated into other languages."),
        "mmlu": N_("Questions of 57 subjects, each with four options."),
        "mmmu": N_("University questions about pictures."),
        "mmmu-pro": N_("Questions of MMMU with up to ten options."),
        "glue": N_("English sentences to be judged: what is right, alike, meant or follows."),
        "ifeval": N_("Instructions whose keeping a program can check."),
    }
)
"""What is asked, by protocol, else by family. Those made here say it in their source."""
_CALLED: ContextVar[Mapping[str, str]] = ContextVar("titles", default=MappingProxyType({}))
"""Titles in force, by name: like the language they are in, they go wherever words are made."""


def family(protocol: str) -> str:
    """`humaneval` of `humaneval@evalplus`, `glue` of `glue-cola@loglik`."""
    name = protocol.partition("@")[0]
    return "glue" if name.startswith("glue-") else name


def field_of(protocol: str) -> Field | None:
    """None for a benchmark of one's own, of which nobody else knows what it is about."""
    name = family(protocol)
    return next((field for field, known in _FAMILIES.items() if name in known), None)


def title(spec: BenchmarkSpec, lang: Language) -> str:
    """What a sentence calls it: its published name, unless the user gave it another."""
    name = spec.protocol.partition("@")[0]
    known = _TITLES.get(spec.protocol) or _TITLES.get(name)
    own = spec.name not in (name, spec.protocol)
    return line(spec.name) if own or known is None else Words(lang)(known)


@contextmanager
def by_title(titles: Mapping[str, str]) -> Iterator[None]:
    """While it lasts, these benchmarks are `called` by their titles."""
    before = _CALLED.set(titles)
    try:
        yield
    finally:
        _CALLED.reset(before)


def called(name: str) -> str:
    """What a reader sees of a benchmark: its title where titles are in force, else its name as
    commands have it."""
    return _CALLED.get().get(name) or line(name)


def later(make: Callable[Given, T], *given: Given.args, **also: Given.kwargs) -> Callable[[], T]:
    """`make` put off; what it then says, it says with the titles in force now."""
    return partial(copy_context().run, make, *given, **also)


def about(spec: BenchmarkSpec, lang: Language) -> str:
    """What it asks, in one sentence; empty where only its source can say it."""
    known = _ABOUT.get(spec.protocol) or _ABOUT.get(family(spec.protocol))
    return Words(lang)(known) if known else ""


def titles_of(specs: Iterable[BenchmarkSpec], lang: Language) -> Mapping[str, str]:
    """By name, no two alike; also of those that are spoken of and were not asked."""
    _, own = Words(lang), {spec: title(spec, lang) for spec in specs}
    often = Counter(own.values())
    known = {name: _(usual) for name, usual in _TITLES.items() if "@" not in name}
    return known | {
        spec.name: said if often[said] == 1 else f"{said} ({line(spec.name)})"
        for spec, said in own.items()
    }


def shown(specs: Iterable[BenchmarkSpec], lang: Language) -> Mapping[str, str]:
    """By name, what tables and drawings call them: the titles in force, and where none is, the
    title of what is but a part of what its name promises."""
    parts = {spec.name: title(spec, lang) for spec in specs if spec.protocol in _TITLES}
    return {**parts, **_CALLED.get()}
