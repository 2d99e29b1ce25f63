"""One request and what it amounts to: every end it may take, as a `Reply` or a `Failure`."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from visavis.candidates.detail import keyless, one_line
from visavis.candidates.heard import Heard
from visavis.candidates.retrying import seconds_asked
from visavis.candidates.wire_format import SPARED, Complaint, read_complaint
from visavis.core.outcome import Failure, FailureKind, Outcome, Reply
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.core.tell import tell

_OVERLOADED: Final = frozenset({"429", "503", "529"})
"""529 is Anthropic's and others' `overloaded`."""
_SPENT: Final = "insufficient_quota"
"""OpenAI's 429 for an account without money: no wait will mend it."""
_NOT_TAKEN: Final = re.compile(
    r"not (support|permitted|allowed|accepted)|unsupported|unrecogni[sz]ed|unknown|unexpected|extra"
)


class Exchange:
    """What went and came for one prompt.

    The key is held to be kept out of every text that leaves here, and so is the prompt.
    """

    __slots__ = ("_key", "_prompt", "arrived", "due", "heard", "refused", "sent")

    def __init__(self, prompt: Prompt, *, key: str | None, due: float) -> None:
        self.heard = Heard()
        self.due = due
        self.sent = perf_counter()
        self.arrived: float | None = None
        """When the latest piece of the answer came."""
        self.refused: str | None = None
        """The field that the server does not take, when that is why it turned us down."""
        self._prompt = prompt
        self._key = key

    def outcome(self) -> Outcome:
        """The stream came to its end."""
        heard = self.heard
        if heard.complaint is not None:
            return self._complained(heard.complaint)
        if heard.malformed:
            return self.failure(
                "malformed", tell("a part of the answer is not the JSON that was due")
            )
        if heard.complete:
            return self._keyless(heard.reply(self._stamps(self.arrived or perf_counter())))
        if heard.spoke:
            return self.broken("unreachable", tell("the answer stopped without an end"))
        return self.failure("malformed", tell("the answer holds no reply"))

    def broken(self, kind: FailureKind, why: str) -> Outcome:
        """The connection ended before the stream did, which a complete answer survives."""
        heard = self.heard
        if heard.complete or heard.complaint is not None or heard.malformed:
            return self.outcome()
        if heard.characters:
            why = tell(
                "{maybe}, after {characters:,} characters of answer",
                maybe=why,
                characters=heard.characters,
            )
        again = 0.0 if kind == "unreachable" and heard.silent else None
        return self.failure(kind, why, again_after_s=again)

    def turned_down(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        """The server answered something else than 200."""
        complaint = read_complaint(body)
        why = f"{status}: {complaint.message}"
        if status == 401:
            return self.failure("rejected", tell("401: the server refuses the key"))
        if status in (400, 422):
            self.refused = refused_field(complaint)
        if str(status) in _OVERLOADED and _SPENT not in (complaint.code, complaint.kind):
            asked = seconds_asked(headers, now=datetime.now(UTC))
            return self.failure("overloaded", why, again_after_s=asked or 0.0)
        if 200 <= status < 300:
            return self.failure("malformed", tell("{status}: no stream was opened", status=status))
        if 300 <= status < 400:
            place = urlsplit(headers.get("Location", "")).hostname or tell("another address")
            sent = tell("{status}: the server sends us on to {maybe}", status=status, maybe=place)
            return self.failure("rejected", sent)
        return self.failure("server error" if status >= 500 else "rejected", why)

    def failure(
        self, kind: FailureKind, why: str, *, again_after_s: float | None = None
    ) -> Failure:
        return Failure(
            kind=kind,
            detail=one_line(why, key=self._key, prompt=self._prompt),
            stamps=self._stamps(perf_counter()),
            usage=self.heard.usage,
            again_after_s=again_after_s,
        )

    def _keyless(self, reply: Reply) -> Reply:
        key = self._key
        if key is None:
            return reply

        def hidden(said: str | None) -> str | None:
            return said and keyless(said, key)

        return replace(
            reply,
            text=keyless(reply.text, key),
            reasoning=hidden(reply.reasoning),
            refusal=hidden(reply.refusal),
            model=hidden(reply.model),
            fingerprint=hidden(reply.fingerprint),
        )

    def _complained(self, complaint: Complaint) -> Failure:
        why = tell("error in the answer: {fault}", fault=complaint.message)
        if complaint.code in _OVERLOADED and self.heard.silent:
            return self.failure("overloaded", why, again_after_s=0.0)
        return self.failure("server error", why)

    def _stamps(self, done: float) -> Stamps:
        heard = self.heard
        return Stamps(due=self.due, sent=self.sent, first=heard.first, last=heard.last, done=done)


def refused_field(complaint: Complaint) -> str | None:
    """The field of our request that this complaint is about, if it can be spared.

    A value out of range is no refusal of the field: sparing it would ask another question.
    """
    message = complaint.message.lower()
    if "max_completion_tokens" in message and "max_tokens" in message:
        return "max_tokens"
    if not _NOT_TAKEN.search(f"{message} {complaint.code}"):
        return None
    about = complaint.param or message
    fields = (field for field in SPARED if field != "max_tokens")
    return next((field for field in fields if re.search(rf"\b{field}\b", about)), None)
