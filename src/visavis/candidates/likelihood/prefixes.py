"""What was computed of earlier texts, kept for later ones that begin alike.

A tree of token runs. A text is a path from the root, and texts share the runs in which they agree,
with the keys and values computed there: a few-shot beginning is computed once, however many
questions follow it. After RadixAttention (Zheng et al., SGLang, arXiv:2312.07104).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final

from visavis.candidates.likelihood.dequantise import Floats


class Run:
    """Tokens that follow the parent's, with their keys and values once these are computed."""

    __slots__ = ("children", "computed", "parent", "start", "tokens", "used")

    def __init__(self, tokens: Sequence[int], parent: "Run | None") -> None:
        self.tokens = tokens
        self.parent = parent
        self.start = parent.end if parent else 0
        """Position of the first token."""
        self.children: dict[int, Run] = {}
        self.computed: Floats | None = None
        """Keys and values, [layer, key or value, token, width]."""
        self.used = 0

    @property
    def end(self) -> int:
        return self.start + len(self.tokens)

    def path(self) -> list["Run"]:
        """The runs from the beginning of the text to this one."""
        runs: list[Run] = []
        run: Run | None = self
        while run is not None and run.tokens:
            runs.append(run)
            run = run.parent
        return runs[::-1]


class Prefixes:
    """Runs that are kept, the latest used ones, within a limit of memory."""

    def __init__(self, most_bytes: int) -> None:
        self.bytes = 0
        """Of keys and values held now."""
        self._most_bytes: Final = most_bytes
        self._root = Run((), None)
        self._clock = 0

    def place(self, tokens: Sequence[int]) -> tuple[Run, int]:
        """The run that ends where `tokens` end, and how many of them no earlier text shares."""
        self._clock += 1
        run, rest, new = self._root, list(tokens), 0
        while rest:
            child = run.children.get(rest[0])
            if child is None:
                child = Run(rest, run)
                run.children[rest[0]] = child
                new = len(rest)
            shared = _agreeing(child.tokens, rest)
            run = child if shared == len(child.tokens) else _split(child, shared)
            run.used = self._clock
            rest = rest[shared:]
        return run, new

    def keep(self, runs: Iterable[Run]) -> None:
        """Takes these runs, just computed, into the account, and drops the longest unused ones."""
        for run in runs:
            assert run.computed is not None
            run.computed = run.computed.copy()  # it was a part of the whole batch's
            self.bytes += run.computed.nbytes
        while self.bytes > self._most_bytes:
            oldest = min(_leaves(self._root), key=lambda run: run.used)
            assert oldest.parent is not None
            assert oldest.computed is not None
            self.bytes -= oldest.computed.nbytes
            del oldest.parent.children[oldest.tokens[0]]


def _agreeing(these: Sequence[int], those: Sequence[int]) -> int:
    pairs = zip(these, those, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _split(run: Run, at: int) -> Run:
    """Cuts a run in two and gives the upper one; the run itself becomes the lower one, so that
    whoever holds it still holds the end of the same text."""
    assert run.parent is not None
    upper = Run(run.tokens[:at], run.parent)
    upper.used = run.used
    run.parent.children[upper.tokens[0]] = upper
    if run.computed is not None:
        upper.computed = run.computed[:, :, :at].copy()
        run.computed = run.computed[:, :, at:].copy()
    run.tokens, run.parent, run.start = run.tokens[at:], upper, upper.end
    upper.children[run.tokens[0]] = run
    return upper


def _leaves(root: Run) -> Iterator[Run]:
    waiting = [root]
    while waiting:
        run = waiting.pop()
        waiting += run.children.values()
        if not run.children:
            yield run
