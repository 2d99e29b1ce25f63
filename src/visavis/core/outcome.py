"""What came of a trial: a reply or a failure; then a score, or left unscored.

A failure is another type than a reply, so that it can never be graded as wrong,
and an absence is another type than a number, so that it can never be a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from visavis.core.stamps import Stamps

Finish = Literal["stop", "length", "content_filter", "tool_calls", "unknown"]
FailureKind = Literal[
    "rejected",  # the server said no and will say it again: 400, 401, 404 …
    "overloaded",  # 429 and 503, after the retries allowed
    "server error",  # other 5xx, or an error inside the stream
    "unreachable",  # no connection, or one that broke before the reply's end
    "timed out",
    "malformed",  # bytes that are no reply
    "crashed",  # a local engine died
    "missing",  # a recording holds no answer to this case
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the server counted them."""

    input_tokens: int
    output_tokens: int
    """All output, reasoning included: what is paid for."""
    cached_tokens: int = 0
    """The part of `input_tokens` that the provider read from its cache."""
    reasoning_tokens: int = 0
    """The part of `output_tokens` that is not answer text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """One try that did not count: why, and how long we waited after it, in seconds."""

    because: str
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a candidate answered."""

    text: str
    finish: Finish = "stop"
    usage: Usage | None = None
    """None when the server gave no count: then no price and no token speed are known."""
    stamps: Stamps | None = None
    """None for recorded and scripted replies, which say nothing about speed."""
    reasoning: str | None = None
    """Thinking the server reported apart from the answer; never graded."""
    refusal: str | None = None
    """The text of a refusal that the server marked as one."""
    model: str | None = None
    """The model id in the response; a change of it during a run is reported."""
    fingerprint: str | None = None
    """The server's own mark of the system behind the model (`system_fingerprint`)."""
    logprobs: tuple[float, ...] | None = None
    """Of each of the prompt's choices: natural logarithm, summed over its tokens."""
    retries: tuple[Retry, ...] = ()

    @property
    def truncated(self) -> bool:
        return self.finish == "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No usable reply came. Never graded as wrong, never dropped from a count."""

    kind: FailureKind
    detail: str
    """One line, free of keys and of the prompt."""
    stamps: Stamps | None = None
    retries: tuple[Retry, ...] = ()
    usage: Usage | None = None
    """What the server counted before it broke off, where it said so: it may be billed."""
    again_after_s: float | None = None
    """Seconds after which it is right to ask again; None where the answer would be the same."""


Outcome = Reply | Failure


CLIP = " clip"
"""Ends the name of a picture that moves; before it is the name of what it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a check saw: a frame, a clip, a trace. Shown to the reader, never graded."""

    name: str
    """What it is of: a requirement's name, mostly."""
    media_type: Literal["image/png", "text/plain", "application/json"]
    """An animated PNG is a PNG."""
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A reply's mark."""

    value: float
    """0 to 1."""
    because: str
    read: str | None = None
    """The answer that was read in the reply; None when none could be read: it is *unparsed*."""
    marks: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Further marks of the same reply by name, such as that of a stricter reader; 0 to 1."""
    evidence: tuple[Evidence, ...] = ()
    """What the checks saw. Kept apart from the score, so a score that was read again has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """We could not grade this reply. Says nothing about the candidate."""

    because: str


Grade = Score | Unscored
