"""What would find out what too few requests leave open: a command to measure, one to decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote
from types import MappingProxyType
from typing import Final

from visavis.core.numbers import MOST_BLOCKS
from visavis.measure.spec import WRITTEN
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.run_facts import RunFacts
from visavis.report.text import line
from visavis.stats.proportion import least_above
from visavis.stats.quantile import least
from visavis.verdict.choice import Choice
from visavis.verdict.policy import Policy
from visavis.verdict.policy_file import is_shipped

HEADS: Final = (N_("To find out:"), N_("then:"))
"""What stands before each command."""
REPLY_TOKENS: Final = 16
"""Enough to see the first token come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What commands call a run, its policy and its candidates."""

    run: str
    policy: str = ""
    """As it was given; where it was not, a policy's own name."""
    candidates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """As they were given, by name; one that is not here goes by its name."""


def named(run: RunFacts) -> Named:
    """As the command that made the run had them."""
    given = run.spec.passed.get("candidates", ())
    ours = [candidate.name for candidate in run.spec.candidates]
    one_by_one = len(given) == len(ours) and not run.spec.parts
    of = dict(zip(ours, given, strict=True)) if one_by_one else {}
    return Named(
        run=run.label,
        candidates={n: text for n, text in of.items() if not text.startswith(WRITTEN)},
    )


def to_find_out(choice: Choice, by: Named) -> tuple[str, ...]:
    """Both commands, in order; none where nothing is left open by too few requests.

    Each request is a block by itself, in which candidates take turns: so requests stand apart, and
    as many as are needed suffice (in six blocks they would be worth fewer). Where they all do
    their part, the speed run's own objective is met, too: of 95 of 100 that takes 73.
    """
    left_open = [
        (name, must, must.share)
        for name, of in choice.few.items()
        for must in of
        if must.share and not must.benchmark  # a speed run's requests are of none
    ]
    if not left_open:
        return ()
    names = dict.fromkeys(by.candidates.get(name, name) for name, _, _ in left_open)
    objectives = dict.fromkeys(must.text.replace(" ", "") for _, must, _ in left_open)
    most = max(max(least(share), least_above(share)) for _, _, share in left_open)
    blocks = min(most, MOST_BLOCKS)
    measures = (
        *("visavis", "speed", *names, "--concurrency", "1"),
        *("--requests", str(most), "--blocks", str(blocks), "--tokens", str(REPLY_TOKENS)),
        *(word for text in objectives for word in ("--slo", text)),
    )
    policy = by.policy or _called(choice.policy)
    decides = ("visavis", "verdict", by.run, "--policy", policy, "--speed", "last")
    return _typed(measures), _typed(decides)


def _typed(words: Iterable[str]) -> str:
    return " ".join(quote(line(word)) for word in words)


def with_heads(commands: Sequence[str], lang: Language) -> Iterator[tuple[str, str]]:
    """Each command behind what is said before it; of none, nothing."""
    _ = Words(lang)
    if commands:
        yield from ((_(head), command) for head, command in zip(HEADS, commands, strict=True))


def _called(policy: Policy) -> str:
    """A shipped one has its name; one's own is taken to lie in a file that is called so."""
    return policy.name if is_shipped(policy) else f"{policy.name}.yaml"
