"""One pass through a network, for many texts at once, in float32 on NumPy.

Only what is asked for is computed: a beginning that texts share, once; of the last layer and the
output matrix, only the tokens after which a probability is wanted. Rows of tokens go through the
matrices in blocks, one thread a block: BLAS itself runs on one thread, so that no thread waits for
another within a product, which on a busy machine is where the time goes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from math import pi
from typing import Final, NamedTuple, TypeVar

import numpy as np

from visavis.candidates.likelihood.dequantise import Floats
from visavis.candidates.likelihood.network import Layer, Network, Sight
from visavis.candidates.likelihood.prefixes import Run

_ROWS: Final = 256
"""Tokens that go through a layer's matrices together."""
_QUERIES: Final = 64
"""Tokens of one text whose attention is computed together."""
_LOGITS: Final = 32
"""Tokens whose probabilities over the whole vocabulary are held together."""

T = TypeVar("T")


class _Place(NamedTuple):
    """Where a run's tokens stand in the batch."""

    run: Run
    row: int

    @property
    def rows(self) -> slice:
        return slice(self.row, self.row + len(self.run.tokens))


class _Some(NamedTuple):
    """Some tokens of a run, to be computed together."""

    at: _Place
    low: int
    high: int


class Pass:
    """A forward pass. `shared` come first and leave their keys and values; after each token of
    `ends` the probabilities of the next one can be asked. Parents stand before their children."""

    def __init__(
        self,
        network: Network,
        shared: Sequence[Run],
        ends: Sequence[Run],
        pool: ThreadPoolExecutor,
    ) -> None:
        self._network = network
        self._pool = pool
        shape = network.shape
        self._places = list(_placed([*shared, *ends]))
        tokens = [token for place in self._places for token in place.run.tokens]
        positions = [p for place in self._places for p in range(place.run.start, place.run.end)]
        self._first_end = sum(len(run.tokens) for run in shared)
        self.rows = {id(place.run): place.row - self._first_end for place in self._places}
        """Row in the result at which each of `ends` begins, by identity."""
        self._x = network.embed(tokens)
        sights = {layer.sight for layer in network.layers}
        self._turns = {sight: _turns(sight, positions) for sight in sights}
        wide = shape.heads * shape.head_width
        self._queries = np.empty((len(tokens), wide), np.float32)
        self._mixed = np.empty((len(tokens), wide), np.float32)
        self._past = np.empty(
            (shape.layers, 2, len(tokens), shape.key_heads * shape.head_width), np.float32
        )
        for place in self._places:
            place.run.computed = self._past[:, :, place.rows]

    def states(self) -> Floats:
        """The last layer's normalised output at each token of the ends."""
        layers, every = self._network.layers, _blocks(0, len(self._x), _ROWS)
        self._each(partial(self._project, 0), every)
        for number in range(len(layers) - 1):
            self._each(partial(self._attend, number), self._attended(0))
            self._each(partial(self._feed_and_project, number), every)
        last = len(layers) - 1
        self._each(partial(self._attend, last), self._attended(self._first_end))
        wanted = _blocks(self._first_end, len(self._x), _ROWS)
        self._each(partial(self._feed, layers[last]), wanted)
        return _normalised(
            self._x[self._first_end :], self._network.norm, self._network.shape.epsilon
        )

    def log_probabilities(self, asked: Sequence[tuple[int, int]]) -> list[float]:
        """Natural logarithms: of each token, right after the result's row that stands with it."""
        states = self.states()
        of: dict[int, float] = {}

        def some(rows: slice) -> None:
            logits = states[rows] @ self._network.output.T
            most = logits.max(-1)
            wanted = [(n, r - rows.start, t) for n, (r, t) in enumerate(asked) if r in _range(rows)]
            found = {n: float(logits[row, token] - most[row]) for n, row, token in wanted}
            logits -= most[:, None]
            sums = np.log(np.exp(logits, out=logits).sum(-1, dtype=np.float64))
            of.update({n: found[n] - float(sums[row]) for n, row, _ in wanted})

        self._each(some, _blocks(0, len(states), _LOGITS))
        return [of[n] for n in range(len(asked))]

    # --- a layer's steps, for some rows ----------------------------------------------------------

    def _project(self, number: int, rows: slice) -> None:
        """Queries, keys and values from the layer's input."""
        layer, shape = self._network.layers[number], self._network.shape
        x = _normalised(self._x[rows], layer.attention_norm, shape.epsilon)
        made = x @ layer.query_key_value.T
        if layer.bias is not None:
            made += layer.bias
        heads = made.reshape(len(made), -1, shape.head_width)
        queries, keys, values = np.split(heads, [shape.heads, shape.heads + shape.key_heads], 1)
        cos, sin = (table[rows] for table in self._turns[layer.sight])
        turned = _turned(_maybe_normalised(queries, layer.query_norm, shape.epsilon), cos, sin)
        turned *= np.float32(shape.head_width**-0.5)
        self._queries[rows] = turned.reshape(len(made), -1)
        keys = _turned(_maybe_normalised(keys, layer.key_norm, shape.epsilon), cos, sin)
        self._past[number, 0, rows] = keys.reshape(len(made), -1)
        self._past[number, 1, rows] = values.reshape(len(made), -1)

    def _attend(self, number: int, some: _Some) -> None:
        """Each token's mixture of the values at and before it."""
        shape, run = self._network.shape, some.at.run
        rows = slice(some.at.row + some.low, some.at.row + some.high)
        end, new = run.start + some.high, some.high - some.low
        first = end - new + 1 - (self._network.layers[number].sight.window or end)
        begin = max(0, first)
        keys, values = (_before(run, number, which, begin, end) for which in (0, 1))
        queries = self._queries[rows].reshape(new, shape.key_heads, -1, shape.head_width)
        mixed = self._mixed[rows].reshape(queries.shape)
        for head in range(shape.key_heads):
            here = slice(head * shape.head_width, (head + 1) * shape.head_width)
            scores = queries[:, head].reshape(-1, shape.head_width) @ keys[:, here].T
            _hide(scores.reshape(new, -1, end - begin), first - begin)
            scores -= scores.max(-1, keepdims=True)
            np.exp(scores, out=scores)
            drawn = scores @ values[:, here]
            drawn /= scores.sum(-1, keepdims=True)
            mixed[:, head] = drawn.reshape(new, -1, shape.head_width)

    def _feed_and_project(self, number: int, rows: slice) -> None:
        self._feed(self._network.layers[number], rows)
        self._project(number + 1, rows)

    def _feed(self, layer: Layer, rows: slice) -> None:
        """What attention and the feed-forward part add to the rows."""
        x, epsilon = self._x[rows], self._network.shape.epsilon
        x += _maybe_normalised(self._mixed[rows] @ layer.mix.T, layer.mix_norm, epsilon)
        made = _normalised(x, layer.feed_norm, epsilon) @ layer.gate_up.T
        gate, up = np.split(made, 2, -1)
        bend = gate * (_GELU[0] + _GELU[1] * np.square(gate)) if self._network.gelu else gate
        with np.errstate(over="ignore"):  # exp(-bend) may be infinite, and the quotient then is 0
            through = np.exp(-bend)
        through += 1
        np.divide(gate, through, out=through)
        through *= up
        x += _maybe_normalised(through @ layer.down.T, layer.down_norm, epsilon)

    # --- how the work is divided -----------------------------------------------------------------

    def _attended(self, first_row: int) -> list[_Some]:
        """Pieces of attention, the longest first."""
        pieces = [
            _Some(place, cut.start, cut.stop)
            for place in self._places
            if place.row >= first_row
            for cut in _blocks(0, len(place.run.tokens), _QUERIES)
        ]
        return sorted(
            pieces, key=lambda p: (p.high - p.low) * (p.at.run.start + p.high), reverse=True
        )

    def _each(self, job: Callable[[T], None], over: Iterable[T]) -> None:
        for _ in self._pool.map(job, over):
            pass


_LATER: Final = np.triu(np.full((_QUERIES, _QUERIES), -np.inf, np.float32), 1)
_EARLIER: Final = _LATER.T
_GELU: Final = np.float32(2 * (2 / pi) ** 0.5), np.float32(2 * (2 / pi) ** 0.5 * 0.044715)
"""GELU by its usual formula with tanh, which is a logistic curve of twice the argument."""


def _placed(runs: Iterable[Run]) -> Iterator[_Place]:
    row = 0
    for run in runs:
        yield _Place(run, row)
        row += len(run.tokens)


def _range(rows: slice) -> range:
    return range(rows.start, rows.stop)


def _blocks(first: int, end: int, size: int) -> list[slice]:
    """Equal shares of at most `size` rows."""
    count = -(-(end - first) // size)
    cuts = [first + (end - first) * n // count for n in range(count + 1)] if count else []
    return [slice(low, high) for low, high in pairwise(cuts)]


def _before(run: Run, layer: int, which: int, begin: int, end: int) -> Floats:
    """Keys (0) or values (1) of a text, from position `begin` to `end`."""
    parts = []
    for part in run.path():
        assert part.computed is not None
        if part.end > begin:
            here = slice(max(0, begin - part.start), end - part.start)
            parts.append(part.computed[layer, which, here])
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _hide(scores: Floats, first: int) -> None:
    """Takes the keys out of [query, head, key] scores that come after a query, or too long before
    it. The first query sees keys from `first` on, which may lie before the beginning; each later
    one sees one less of them."""
    new = len(scores)
    scores[:, :, -new:] += _LATER[:new, None, :new]
    lacking = new + first
    if lacking > 1:
        scores[-first:, :, :lacking] += _EARLIER[:lacking, None, :lacking]


def _turns(sight: Sight, positions: Sequence[int]) -> tuple[Floats, Floats]:
    """Cosine and sine of each pair's angle at each position."""
    angles = np.outer(np.array(positions, np.float32), sight.turns)
    return np.cos(angles)[:, None], np.sin(angles)[:, None]


def _turned(heads: Floats, cos: Floats, sin: Floats) -> Floats:
    left, right = np.split(heads, 2, -1)
    return np.concatenate([left * cos - right * sin, right * cos + left * sin], -1)


def _maybe_normalised(x: Floats, weight: Floats | None, epsilon: float) -> Floats:
    return x if weight is None else _normalised(x, weight, epsilon)


def _normalised(x: Floats, weight: Floats, epsilon: float) -> Floats:
    """Zhang and Sennrich, arXiv:1910.07467."""
    mean = np.square(x).mean(-1, keepdims=True)
    made: Floats = x / np.sqrt(mean + np.float32(epsilon))
    made *= weight
    return made
