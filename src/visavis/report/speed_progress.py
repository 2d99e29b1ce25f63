"""What is to be seen while a load lasts: how many are in flight, what came, what failed.

Drawn from what is only counted, four times a second at most and in few words, since whoever draws
keeps the instrument from looking.
"""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TextIO

from rich.text import Text

from visavis.core.outcome import Failure
from visavis.measure.load_block import CALIBRATION, WARM_UP
from visavis.measure.timings import Timing
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.progress import LINE_EVERY_S, Progress
from visavis.report.speed_words import load_label
from visavis.report.text import Numbers, line

_RECENT = 64
"""Replies of which the latencies are shown."""


class SpeedProgress(Progress):
    """A screen that shows the load it is told of."""

    def __init__(
        self,
        file: TextIO,
        *,
        lang: Language = "en",
        agrees: Callable[[str], bool] = lambda question: True,
        line_every_s: float = LINE_EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(file, lang=lang, agrees=agrees, line_every_s=line_every_s, clock=clock)
        self._words = Words(lang)
        self._what = ""
        self._since = 0.0
        self._in_flight = self._came = self._failed = 0
        self._tokens = 0.0
        self._waits_s: deque[float] = deque(maxlen=_RECENT)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Shows the load while it is open."""
        with self._shown(lambda: Text(self.now(), no_wrap=True, overflow="ellipsis"), self.now):
            yield

    def begins(self, candidate: str, load: str, block: int) -> None:
        _, num = self._words, Numbers(self._words.lang)
        aside = {WARM_UP: _("warming up"), CALIBRATION: _("the instrument measures itself")}
        what = aside.get(load)
        if what is None:
            number = _("block {n}", n=num.count(block + 1))
            what = f"{load_label(load, _.lang)}, {number}"
        self._what = f"{line(candidate)}, {what}"
        self._since = self._clock()
        self._in_flight = self._came = self._failed = 0
        self._tokens = 0.0
        self._waits_s.clear()

    def sends(self) -> None:
        self._in_flight += 1

    def ends(self, timing: Timing) -> None:
        self._in_flight -= 1
        self._came += 1
        self._failed += isinstance(timing.outcome, Failure)
        self._tokens += timing.tokens or 0
        if timing.first_token_s is not None:
            self._waits_s.append(timing.first_token_s)

    def now(self) -> str:
        """The load at this moment, in a line."""
        if not self._what:
            return ""
        _, num = self._words, Numbers(self._words.lang)
        if not self._in_flight + self._came:
            return self._what
        said = [
            _("{n} in flight", n=num.count(self._in_flight)),
            _("{n} came", n=num.count(self._came)),
        ]
        spent_s = self._clock() - self._since
        if self._tokens and spent_s > 0:
            said.append(num.rate(self._tokens / spent_s))
        if self._waits_s:
            wait = num.seconds(median(list(self._waits_s)))  # one step: others add to it
            said.append(_("first token after {middle}", middle=wait))
        if self._failed:
            said.append(_.plural("{n} failed", "{n} failed", self._failed, n=self._failed))
        return _("{label}: {value}", label=self._what, value=", ".join(said))


def speed_screen(file: TextIO | None = None, *, lang: Language = "en") -> SpeedProgress:
    """Progress on a stream, by default the error stream, with nobody to ask."""
    return SpeedProgress(file or sys.stderr, lang=lang)
