"""Questions to a network, of which many are answered in one pass: how likely is each choice?"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from math import fsum
from typing import Final, NamedTuple, Self

from visavis.candidates.likelihood.forward import Pass
from visavis.candidates.likelihood.network import Network
from visavis.candidates.likelihood.prefixes import Prefixes, Run

_ROWS: Final = 4096
"""New tokens of one pass, about: more would take memory and gain nothing."""

Tokens = tuple[int, ...]


class Question(NamedTuple):
    """A context of at least one token, and its continuations of at least one token each."""

    number: int
    context: Tokens
    choices: tuple[Tokens, ...]

    @classmethod
    def read(cls, line: bytes) -> Self:
        """A question as its asker wrote it, in JSON."""
        told = json.loads(line)
        choices = tuple(tuple(choice) for choice in told["choices"])
        return cls(told["number"], tuple(told["context"]), choices)


class Answer(NamedTuple):
    """What came of a question."""

    number: int
    logprobs: tuple[float, ...]
    """Of each choice: natural logarithm, summed over its tokens."""
    reused: int
    """Tokens of the context that were not computed for this question alone."""


class _Planned(NamedTuple):
    question: Question
    stem: Run
    """The context but its last token."""
    new: int
    """Tokens of the stem that no other question brought."""
    ends: dict[Tokens, Run]
    """What is computed for its probabilities: the context's last token, and choices after it."""

    @property
    def rows(self) -> int:
        return self.new + sum(map(len, self.ends))

    def asked(self, row_of: Mapping[int, int]) -> Iterator[list[tuple[int, int]]]:
        """For each choice, the rows of the pass and the token that is asked after each."""
        for choice in self.question.choices:
            needed = (*self.question.context[-1:], *choice[:-1])
            run = next(run for end, run in self.ends.items() if end[: len(needed)] == needed)
            yield list(enumerate(choice, start=row_of[id(run)]))


class Chooser:
    """Answers questions; what it computed of their beginnings it keeps for later ones."""

    def __init__(self, network: Network, pool: ThreadPoolExecutor, *, kept_bytes: int) -> None:
        self._network = network
        self._pool = pool
        self._prefixes = Prefixes(kept_bytes)

    def answers(self, questions: Iterable[Question]) -> Iterator[Answer]:
        """The answers, pass by pass; questions that begin alike go together."""
        planned: list[_Planned] = []
        for question in sorted(questions, key=lambda question: question.context):
            planned.append(self._plan(question))
            if sum(one.rows for one in planned) >= _ROWS:
                yield from self._answered(planned)
                planned = []
        if planned:
            yield from self._answered(planned)

    def _plan(self, question: Question) -> _Planned:
        *before, last = question.context
        stem, new = self._prefixes.place(before)
        needed = {(last, *choice[:-1]) for choice in question.choices}
        longest = (
            end
            for end in needed
            if not any(end != other and other[: len(end)] == end for other in needed)
        )
        return _Planned(question, stem, new, {end: Run(end, stem) for end in longest})

    def _answered(self, planned: Sequence[_Planned]) -> list[Answer]:
        """One pass."""
        paths = (run for one in planned for run in one.stem.path())
        shared = list({id(run): run for run in paths if run.computed is None}.values())
        ends = [run for one in planned for run in one.ends.values()]
        through = Pass(self._network, shared, ends, self._pool)
        asked = [list(one.asked(through.rows)) for one in planned]
        found = iter(through.log_probabilities([at for one in asked for c in one for at in c]))
        self._prefixes.keep(shared)
        return [
            Answer(
                one.question.number,
                tuple(fsum(islice(found, len(choice))) for choice in choices),
                len(one.question.context) - 1 - one.new,
            )
            for one, choices in zip(planned, asked, strict=True)
        ]
