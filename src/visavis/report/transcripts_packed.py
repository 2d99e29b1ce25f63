"""Transcripts as a page holds them: in chunks that it opens when they are looked at.

A chunk is a JSON list of cases, deflated and in base64: letters and digits, so that whatever a
model wrote is no markup and no program before the page's own script has opened it. What filters
go by is in a small index, so that no chunk is opened in vain. Up to a size that opens at once all
chunks are in the page; above it they lie in a folder beside it.
"""

import json
import sys
import zlib
from array import array
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from math import fsum
from typing import NamedTuple, Protocol, get_args

import msgspec

from visavis.options import Language
from visavis.report.retold import retold
from visavis.report.transcripts import Exchange, ReplyView, Shot
from visavis.scoring.heard import Heard, Part

CHUNK_BYTES = 512 << 10
"""Of JSON, after which a chunk is closed. Smaller ones are no quicker to show, and are more files;
of larger ones, a page of rare cases would open too much."""
EMBEDDED_BYTES = 12 << 20
"""Of base64 that stays in a page: some 40,000 trials. Larger ones open as well, but a page of this
size can still be sent by mail."""
_REASONS = 20_000
"""That are remembered: many replies are right or wrong for the same reason."""
_LEVEL = 4
"""Of zlib: twice as fast as its usual 6 on replies, and 8 % larger."""

Json = bytes


class Aside(Protocol):
    """Takes the chunks that a page leaves beside it."""

    @property
    def beyond_bytes(self) -> int:
        """How much base64 stays in the page; where there is more, all of it is left beside it."""

    @property
    def folder(self) -> str:
        """Where they lie, as seen from the page."""

    def put(self, name: str, text: str) -> None:
        """Keep one; `text` is base64."""


class Chunk(NamedTuple):
    """Some cases, packed."""

    name: str
    """Its place, and a part of its digest: it is another one when its content is."""
    cases: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """All transcripts of a run."""

    index: Mapping[str, object]
    """What filters need, as `transcripts_store.js` reads it."""
    embedded: tuple[str, ...]
    """The chunks that are in the page itself; none where they lie beside it."""


def pack(exchanges: Iterable[Exchange], candidates: int, aside: Aside | None = None) -> Packed:
    """Where there are too many for a page, `aside` takes them; without one, all are embedded."""
    index = _Index(candidates)
    chunks: list[tuple[str, int]] = []
    held: list[Chunk] = []
    size = 0
    for chunk in _chunks(exchanges, index):
        chunks.append((chunk.name, chunk.cases))
        held.append(chunk)
        size += len(chunk.text)
        if aside is not None and size > aside.beyond_bytes:
            for one in held:
                aside.put(one.name, one.text)
            held.clear()
    folder = aside.folder if aside is not None and chunks and not held else ""
    return Packed(
        index={**index.told(), "chunks": chunks, "folder": folder},
        embedded=tuple(chunk.text for chunk in held),
    )


def _chunks(exchanges: Iterable[Exchange], index: "_Index") -> Iterator[Chunk]:
    number, size, cases = 0, 0, list[Json]()
    for exchange in exchanges:
        index.add(exchange)
        cases.append(_json(_case(exchange)))
        size += len(cases[-1])
        if size >= CHUNK_BYTES:
            yield _chunk(number, cases)
            number, size, cases = number + 1, 0, []
    if cases:
        yield _chunk(number, cases)


def _chunk(number: int, cases: list[Json]) -> Chunk:
    packed = zlib.compress(b"[" + b",".join(cases) + b"]", _LEVEL)
    name = f"{number:04}-{sha256(packed).hexdigest()[:12]}"
    return Chunk(name, len(cases), b64encode(packed).decode())


def deflated(content: bytes) -> str:
    """As the page's script inflates it."""
    return b64encode(zlib.compress(content, _LEVEL)).decode()


def _json(thing: object) -> Json:
    try:
        return msgspec.json.encode(thing)
    except UnicodeEncodeError:  # half a surrogate pair: no UTF-8 has it, JSON can name it
        return json.dumps(thing).encode()


@dataclass(slots=True)
class _Index:
    """Of each case where it belongs and what became of it, and its id."""

    candidates: int
    patterns: dict[str, int] = field(default_factory=dict)
    """What may become of a case: there are few, however many cases there are."""
    cases: "array[int]" = field(default_factory=lambda: array("I"))
    """Of each case the number of its pattern."""
    ids: list[str] = field(default_factory=list)
    benchmarks: dict[str, int] = field(default_factory=dict)
    """Cases of each, in order."""

    def add(self, exchange: Exchange) -> None:
        pattern = _pattern(exchange.replies, self.candidates)
        self.cases.append(self.patterns.setdefault(pattern, len(self.patterns)))
        self.ids.append(exchange.case)
        self.benchmarks[exchange.benchmark] = self.benchmarks.get(exchange.benchmark, 0) + 1

    def told(self) -> dict[str, object]:
        if sys.byteorder == "big":
            self.cases.byteswap()
        return {
            "benchmarks": list(self.benchmarks.items()),
            "patterns": list(self.patterns),
            "marks": deflated(self.cases.tobytes()),
            "ids": deflated(_json(self.ids)),
        }


def _pattern(replies: Iterable[ReplyView], candidates: int) -> str:
    """A letter a candidate: graded in every try, `r` solved it in each, `w` in none nor partly, and
    from `A` on is what lies between, the lowest mean first; `-` was not graded so, and `.` was not
    asked. Then `f` where some try failed and `p` where one was unparsed."""
    of: list[list[ReplyView]] = [[] for _ in range(candidates)]
    for reply in replies:
        of[reply.candidate].append(reply)
    marks: list[set[str]] = [{one.mark for one in own} for own in of]
    letters = [*map(_letter, marks)]
    between = {who: _mean(of[who]) for who, letter in enumerate(letters) if letter == _BETWEEN}
    ranks = sorted(set(between.values()))
    for who, mean in between.items():
        letters[who] = chr(ord(_BETWEEN) + ranks.index(mean))
    some = set[str]().union(*marks)
    return "".join((*letters, "f" if "failed" in some else "", "p" if "unparsed" in some else ""))


_BETWEEN = "A"


def _letter(marks: set[str]) -> str:
    if marks == {"solved"}:
        return "r"
    if not marks:
        return "."
    if marks & {"failed", "ungraded"}:
        return "-"
    return _BETWEEN if marks & {"solved", "partly"} else "w"


def _mean(replies: Sequence[ReplyView]) -> float:
    """The score over all tries, rounded so that equal ones are equal."""
    scores = (float(one.mark == "solved") or one.measured.score or 0.0 for one in replies)
    return round(fsum(scores) / len(replies), 9)


def _case(exchange: Exchange) -> list[object]:
    """Lists, not objects: of many trials, names would be a third."""
    return [
        exchange.benchmark,
        exchange.case,
        exchange.question,
        exchange.target,
        exchange.prompt,
        [_reply(reply) for reply in exchange.replies],
    ]


def _reply(reply: ReplyView) -> list[object]:
    told = reply.measured
    return [
        reply.candidate,
        reply.mark,
        reply.failure,
        _told(reply.because),
        reply.text,
        reply.reasoning,
        [
            told.output_tokens,
            told.total_s,
            told.usd,
            told.score,
            told.truncated,
            told.reused,
        ],
        *([[_shot(shot) for shot in reply.shots]] if reply.shots or reply.heard else []),
        *([_heard(reply.heard)] if reply.heard else []),
    ]


@lru_cache(maxsize=_REASONS)
def _told(because: str) -> str | Mapping[Language, str]:
    """In each language in which it can be said; one that is English in any language as it is."""
    said = {lang: retold(because, lang) for lang in get_args(Language)}
    own = {lang: one.text for lang, one in said.items() if one.lang == lang}
    return own if len(own) > 1 else because


def _shot(shot: Shot) -> list[object]:
    return [shot.name, shot.holds, shot.moves, b64encode(shot.png).decode()]


def _heard(heard: Heard) -> list[object]:
    return [heard.share, heard.needed, [_part(part) for part in heard.parts]]


def _part(part: Part) -> list[object]:
    return [
        part.name,
        part.kind,
        part.asked,
        part.scale,
        part.pass_mark,
        part.weight,
        part.earned,
        _told(part.because),
        [
            [
                one.judge,
                one.beside,
                one.shown_first,
                one.text,
                one.read,
                one.earned,
                _told(one.because),
            ]
            for one in part.spoken
        ],
    ]
