"""What is to be seen while a run goes on: bars on a terminal, else a line every few seconds.

Never both. Told of a trial, it only counts; it draws four times a second at most, from a thread
of its own, so that twenty thousand trials cost what a hundred cost.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.tally import Tally
from visavis.report.text import Numbers, line

DRAWN_PER_S = 4
LINE_EVERY_S = 5.0
_BAR = 24
_ROOM_FOR_INTERVALS = 100
"""Columns from which on a running score is shown with its interval."""

Received = Callable[[int, int | None], None]


class Progress:
    """A `Watcher` that shows what it is told, on one stream."""

    def __init__(
        self,
        file: TextIO,
        *,
        lang: Language = "en",
        agrees: Callable[[str], bool] = lambda question: True,
        line_every_s: float = LINE_EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`agrees` puts a question to the user; without it, nobody is there to be asked."""
        self._console = Console(file=file, highlight=False, markup=False, emoji=False)
        self._file = file
        self._lang: Language = lang
        self._agrees = agrees
        self._line_every_s = line_every_s
        self._clock = clock
        self._tally = Tally(lang, clock, since=datetime.now(UTC).isoformat())

    def started(self, totals: Mapping[tuple[str, str], int]) -> None:
        self._tally.expect(totals)

    def finished(self, trial: Trial) -> None:
        self._tally.add(trial)

    def note(self, text: str) -> None:
        """One line that the user should see now, above the bars."""
        self.say(line(text))

    def say(self, text: str) -> None:
        """A line of what was asked for. Never broken: it may be a path or a command."""
        if self._console.is_terminal:
            self._console.print(text, soft_wrap=True)
        else:
            self._file.write(text + "\n")
            self._file.flush()

    def agrees(self, question: str) -> bool:
        return self._agrees(question)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Shows the progress of trials while it is open."""
        with self._shown(self._bars, self._tally.line):
            yield

    @contextmanager
    def downloading(self, name: str) -> Iterator[Received]:
        """Shows the bytes of one download; hands out what is to be told of them.

        Nothing is shown before the first byte: a file that is here already needs no bar.
        """
        download = _Download(name, self._lang, self._clock)
        with self._shown(download.bar, download.line):
            yield download.received

    @contextmanager
    def _shown(self, bars: Callable[[], RenderableType], said: Callable[[], str]) -> Iterator[None]:
        if self._console.is_terminal:
            live = Live(
                get_renderable=bars,
                console=self._console,
                refresh_per_second=DRAWN_PER_S,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            with live:
                yield
            return
        stop = Event()
        thread = Thread(target=self._tell, args=(said, stop), name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _tell(self, said: Callable[[], str], stop: Event) -> None:
        """A line every few seconds if there is news, and one at the end."""
        told, stopped = "", False
        while not stopped:
            stopped = stop.wait(self._line_every_s)
            now = said()
            if now and now != told:
                self.say(now)
                told = now

    def _bars(self) -> RenderableType:
        tally, wide = self._tally, self._console.width >= _ROOM_FOR_INTERVALS
        table = Table.grid(padding=(0, 2, 0, 0))
        for (candidate, benchmark), count in list(tally.counts.items()):
            table.add_row(
                Text(line(benchmark), style="bold", overflow="ellipsis", no_wrap=True),
                Text(line(candidate), overflow="ellipsis", no_wrap=True),
                ProgressBar(total=max(count.total, 1), completed=count.done, width=_BAR),
                Text(tally.done(count), no_wrap=True),
                Text(tally.score(count, interval=wide), no_wrap=True),
                Text(tally.failed(count), style="yellow", no_wrap=True),
            )
        return Group(table, Text(tally.rest(), style="dim"))


class _Download:
    """The bytes of one file so far."""

    def __init__(self, name: str, lang: Language, clock: Callable[[], float]) -> None:
        self._name, self._clock = line(name), clock
        self._lang: Language = lang
        self._done = 0
        self._total: int | None = None
        self._first: tuple[float, int] | None = None

    def received(self, done: int, total: int | None) -> None:
        """So many bytes are here, of so many."""
        if self._first is None:
            self._first = (self._clock(), done)
        self._done, self._total = done, total

    def bar(self) -> RenderableType:
        if self._first is None:
            return Text()
        grid = Table.grid(padding=(0, 2, 0, 0))
        total = self._total or max(self._done, 1)
        grid.add_row(
            Text(self._name, style="bold"),
            ProgressBar(total=total, completed=self._done, width=_BAR),
            Text(self._sizes(), no_wrap=True),
            Text(self._left(), style="dim", no_wrap=True),
        )
        return grid

    def line(self) -> str:
        if self._first is None:
            return ""
        parts = (f"{self._name}: {self._sizes()}", self._left())
        return ", ".join(part for part in parts if part)

    def _sizes(self) -> str:
        _, num = Words(self._lang), Numbers(self._lang)
        if self._total is None:
            return num.size(self._done)
        done, total = num.size(self._done), num.size(self._total)
        return _("{done} of {total}", done=done, total=total)

    def _left(self) -> str:
        """Time left, at the pace since the first byte told: a resumed download begins later."""
        if self._first is None or self._total is None:
            return ""
        began, before = self._first
        made, spent_s = self._done - before, self._clock() - began
        left_s = (self._total - self._done) * spent_s / made if made > 0 else 0.0
        if left_s < 1:
            return ""
        _, num = Words(self._lang), Numbers(self._lang)
        return _("about {time} left", time=num.wait(left_s))


def screen(file: TextIO | None = None, *, lang: Language = "en") -> Progress:
    """Progress on a stream, by default the error stream, with nobody to ask."""
    return Progress(file or sys.stderr, lang=lang)
