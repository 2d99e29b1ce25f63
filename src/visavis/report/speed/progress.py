"""What is to be seen while a load lasts: how many are in flight, what came, what failed.

Drawn from what is only counted, four times a second at most and in few words, since whoever draws
keeps the instrument from looking.
"""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TextIO

from rich.text import Text

from visavis.core.outcome import Failure
from visavis.measure.load.block import CALIBRATION, WARM_UP
from visavis.measure.timings import Timing
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.progress import Progress
from visavis.report.speed.words import load_label
from visavis.report.text import Numbers, line

_RECENT = 64
"""Replies of which the latencies are shown."""


@dataclass(slots=True, kw_only=True)
class _Load:
    """What is counted of one load."""

    what: str
    since_s: float
    in_flight: int = 0
    came: int = 0
    failed: int = 0
    tokens: int = 0
    waits_s: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))


class SpeedProgress(Progress):
    """A screen that shows the load it is told of."""

    _load: _Load | None = None
    """The one that lasts, from when the first has begun."""

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Shows the load while it is open."""
        with self._shown(lambda: Text(self.now(), no_wrap=True, overflow="ellipsis"), self.now):
            yield

    def begins(self, candidate: str, load: str, block: int) -> None:
        _, num = Words(self._lang), Numbers(self._lang)
        aside = {WARM_UP: _("warming up"), CALIBRATION: _("the instrument measures itself")}
        what = aside.get(load)
        if what is None:
            number = _("block {n}", n=num.count(block + 1))
            what = f"{load_label(load, _.lang)}, {number}"
        self._load = _Load(what=f"{line(candidate)}, {what}", since_s=self._clock())

    def sends(self) -> None:
        if self._load is not None:
            self._load.in_flight += 1

    def ends(self, timing: Timing) -> None:
        if (load := self._load) is None:
            return
        load.in_flight -= 1
        load.came += 1
        load.failed += isinstance(timing.outcome, Failure)
        load.tokens += timing.tokens or 0
        if timing.first_token_s is not None:
            load.waits_s.append(timing.first_token_s)

    def now(self) -> str:
        """The load at this moment, in a line."""
        _, num = Words(self._lang), Numbers(self._lang)
        if (load := self._load) is None:
            return ""
        if not load.in_flight + load.came:
            return load.what
        said = [
            _("{n} in flight", n=num.count(load.in_flight)),
            _("{n} came", n=num.count(load.came)),
        ]
        spent_s = self._clock() - load.since_s
        if load.tokens and spent_s > 0:
            said.append(num.rate(load.tokens / spent_s))
        if load.waits_s:
            wait = num.seconds(median(list(load.waits_s)))  # one step: others add to it
            said.append(_("first token after {middle}", middle=wait))
        if load.failed:
            said.append(_.plural("{n} failed", "{n} failed", load.failed, n=load.failed))
        return _("{label}: {value}", label=load.what, value=", ".join(said))


def speed_screen(file: TextIO | None = None, *, lang: Language = "en") -> SpeedProgress:
    """Progress on a stream, by default the error stream, with nobody to ask."""
    return SpeedProgress(file or sys.stderr, lang=lang)
