"""What was found of candidates' limits: as `visavis limits --json` writes it, and others read it.

A file of it may come from anybody: it is read strictly, and what is wrong with it is one line.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from math import ceil
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta

from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.measure.limits.context import GRAIN, REPLY_TOKENS
from visavis.measure.limits.output import ENDS, Ended
from visavis.measure.limits.probe import What

SCHEMA: Final = "visavis-limits"
SCHEMA_VERSION: Final = 1
LARGEST_BYTES: Final = 16 << 20

_NEAR: Final = 0.05
_NEAR_TOKENS: Final = 64
"""How far apart the ends of a limit are where the search for it came to its end."""

Count = Annotated[int, Meta(ge=0, le=10**12)]
Share = Annotated[float, Meta(ge=0, le=1)]
Name = Annotated[str, Meta(max_length=500)]


class Reach(NamedTuple):
    """Where a limit lies, in tokens; nobody knows up to where if there is no `most`."""

    least: int
    most: int | None

    @property
    def is_settled(self) -> bool:
        """Whether the two ends nearly meet: between them it was searched."""
        return self.most is not None and self.most <= (1 + _NEAR) * self.least + _NEAR_TOKENS

    def holds(self, tokens: float) -> bool:
        return self.least <= tokens and (self.most is None or tokens <= self.most)


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Context(_Strict, frozen=True, kw_only=True):
    """The longest prompt that was accepted."""

    accepted_tokens: Count
    """By the server's count; 0 where none was."""
    refused_tokens: Count | None
    """The shortest that was not, by the server's counts of others."""
    longest_tried_tokens: Count
    """No longer prompt was to be tried."""
    cut_to_tokens: Count | None
    """What the server read of longer ones, where it cut them without a word."""
    server_states_tokens: Count | None
    stated_tokens: Count | None
    slot_tokens: Count | None
    """Of a local file: what we gave it, which is no limit of its own."""
    tries: Count

    @property
    def window(self) -> Reach | None:
        """Tokens of prompt and reply; None where nothing was learnt of the model. What was
        refused had so many tokens to one part in a hundred, and was to have a reply."""
        if self.slot_tokens is not None or not (self.accepted_tokens or self.refused_tokens):
            return None
        if self.refused_tokens is None:
            return Reach(self.accepted_tokens, None)
        most = ceil((1 + GRAIN) * (self.refused_tokens + REPLY_TOKENS))
        return Reach(self.accepted_tokens, max(self.accepted_tokens, most))


class Seen(_Strict, frozen=True, kw_only=True):
    """A share of what was asked, with its 95 % interval."""

    value: Share
    low: Share
    high: Share
    n: Count
    method: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError("`value` lies outside `low` and `high`")


class Length(_Strict, frozen=True, kw_only=True):
    """Facts hidden in texts of one length."""

    tokens: Count
    cells: tuple[tuple[Count, Count], ...]
    """Found, and replies, by depth."""
    share: Seen | None
    """Found at any depth; None where too few replies came."""
    failed: Count


class Needle(_Strict, frozen=True, kw_only=True):
    """Which hidden facts were found, in texts of which length."""

    depths: tuple[Share, ...]
    found_up_to_tokens: tuple[Count, ...]
    """By depth, the longest text in which, as in all shorter ones, most were found."""
    lengths: Annotated[tuple[Length, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        columns = {len(self.found_up_to_tokens), *(len(one.cells) for one in self.lengths)}
        if not self.depths or columns != {len(self.depths)}:
            raise ValueError("a column is missing or too many: one for each of `depths`")


class Output(_Strict, frozen=True, kw_only=True):
    """One long reply."""

    asked: Count
    """Tokens that it might have had."""
    tokens: Count | None
    """As the server counted; None where it does not count."""
    ended: Ended
    numbers: Count
    turned_down: Count | None
    """The fewest tokens that the server would not give, where it turned such a request down."""
    allowed: Count | None
    """The most that it says it gives."""

    @property
    def most(self) -> int | None:
        """Tokens that no reply of this server has more of; None where nothing says so."""
        if self.ended == "the server's limit" and self.tokens is not None:
            return self.tokens + ENDS
        refused = None if self.turned_down is None else self.turned_down - 1
        return self.allowed if self.allowed is not None else refused


class Recall(_Strict, frozen=True, kw_only=True):
    """One dated fact."""

    date: date
    question: str
    known: bool | None
    said: str


class Ends(_Strict, frozen=True, kw_only=True, tag_field="state", tag="found"):
    """Fewer facts are known from some day on."""

    at: date
    low: date
    high: date
    before: Share
    after: Share
    n: Count
    method: str
    facts: tuple[Recall, ...] = ()

    def __post_init__(self) -> None:
        if not self.low <= self.at <= self.high:
            raise ValueError("`at` lies outside `low` and `high`")


class NotBefore(_Strict, frozen=True, kw_only=True, tag_field="state", tag="not before"):
    """Even the last facts are known."""

    low: date
    share: Share
    n: Count
    facts: tuple[Recall, ...] = ()


class Undecided(_Strict, frozen=True, kw_only=True, tag_field="state", tag="undecided"):
    """Too few facts are known to tell."""

    share: Share
    n: Count
    facts: tuple[Recall, ...] = ()


Cutoff = Ends | NotBefore | Undecided


class Asked(_Strict, frozen=True, kw_only=True):
    """How it was asked."""

    what: tuple[What, ...]
    repeats: Count
    output_tokens: Count
    seed: int


class Limits(_Strict, frozen=True, kw_only=True):
    """What was found of one candidate."""

    candidate: Name
    kind: Literal["hosted", "local", "scripted"]
    route: Name
    model: Name
    snapshot: Name
    system: Name | None
    quantisation: Name | None
    measured_on: date
    """Day, in UTC, of the oldest reply that it rests on."""
    asked: Asked
    requests: Count
    reused: Count
    usd: Annotated[float, Meta(ge=0, le=1e12)]
    unfinished: dict[What, str]
    """What was not brought to its end, and why."""
    context: Context | None = None
    needle: Needle | None = None
    output: tuple[Output, ...] = ()
    cutoff: Cutoff | None = None

    @property
    def parts(self) -> Iterator[What]:
        """What it tells of."""
        yield from (what for what in get_args(What) if getattr(self, what))

    @property
    def longest_reply(self) -> Output | None:
        """None where no reply was counted."""
        counted = [one for one in self.output if one.tokens is not None]
        return max(counted, key=lambda one: one.tokens or 0, default=None)

    def reach(self, fact: str) -> Reach | None:
        """What it says of a property that others state: `context_window_tokens`, or
        `largest_output_tokens`; None where that is nothing."""
        if fact == "context_window_tokens" and self.context is not None:
            return self.context.window
        reply = self.longest_reply
        if fact != "largest_output_tokens" or reply is None:
            return None
        ours = self.kind == "local" and self.route == "gguf"  # its slot is what we gave it
        most = None if ours or reply.most is None else max(reply.most, reply.tokens or 0)
        return Reach(reply.tokens or 0, most)

    def as_candidate(self) -> Candidate:
        """Whom it was found of, as far as a claim about its system asks."""
        return Candidate(
            name=self.candidate,
            kind=self.kind,
            route=self.route,
            model=self.model,
            snapshot=self.snapshot,
            system=self.system,
            quantisation=self.quantisation,
        )


class LimitsFile(_Strict, frozen=True, kw_only=True):
    """The whole file."""

    schema: Literal["visavis-limits"]
    schema_version: Literal[1]
    visavis: str
    candidates: Annotated[tuple[Limits, ...], Meta(min_length=1)]


class _Head(msgspec.Struct):
    schema: str = ""
    schema_version: int = 0


def read(path: Path) -> tuple[Limits, ...]:
    """What a file says of each candidate; what is wrong with it is told in one line."""
    named = f"limits file {str(path)!r}"
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_BYTES + 1)  # a device has no end
    except OSError as error:
        why = f"{named} cannot be read: {error.strerror}"
        raise OptionError(f"{why}; name one that 'visavis limits --json' wrote") from error
    if len(text) > LARGEST_BYTES:
        raise OptionError(f"{named} is larger than 16 MiB; name what 'visavis limits' wrote")
    try:
        head = msgspec.json.decode(text, type=_Head)
    except (msgspec.DecodeError, RecursionError):
        head = _Head()
    if head.schema != SCHEMA:
        raise OptionError(f"{named} is none; 'visavis limits CANDIDATE --json FILE' writes one")
    if head.schema_version != SCHEMA_VERSION:
        raise OptionError(
            f"{named} is of version {head.schema_version}, and this visavis reads version "
            f"{SCHEMA_VERSION}; let 'visavis limits --json' write it anew, replies are kept"
        )
    try:
        found = msgspec.json.decode(text, type=LimitsFile).candidates
    except (msgspec.DecodeError, RecursionError) as error:
        said = " ".join(str(error).replace("`$.", "`").split())
        raise OptionError(f"{named}: {said[:200]}; have it written anew") from error
    return found


def check_once(found: Iterable[tuple[Limits, Path]]) -> None:
    """Refuses two findings of one thing: nobody could say which of them holds."""
    seen: dict[tuple[str, What], Path] = {}
    for one, path in found:
        for part in one.parts:
            first = seen.get((one.candidate, part))
            if first is not None:
                raise OptionError(
                    f"the {part} of {one.candidate!r} is told by {str(first)!r} and by "
                    f"{str(path)!r}; name one of them"
                )
            seen[one.candidate, part] = path
