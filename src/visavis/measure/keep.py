"""Writes what comes, in groups: all that ends in one turn of the event loop is one commit."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from visavis.core.errors import VisavisError
from visavis.core.trial import Trial, Watcher
from visavis.measure.replies import Replies
from visavis.measure.trial_store import TrialStore

CHECKPOINT_TRIALS = 1000
"""Trials after which the log is moved into the file; it waits for the disk, in a thread."""


class Keeper:
    """Keeps trials in the store, replies for later runs, and the watcher informed."""

    def __init__(self, store: TrialStore, replies: Replies | None, watcher: Watcher) -> None:
        self.trials = 0
        """Kept since this began."""
        self._store = store
        self._replies = replies
        self._watcher = watcher
        self._broken: Callable[[], object] = lambda: None
        self._error: VisavisError | ValueError | None = None
        self._lost = False
        self._due = False
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoint")

    def when_broken(self, call: Callable[[], object]) -> None:
        """Call this when nothing can be written any more; `close` then says why."""
        self._broken = call

    def tell_of_earlier(self, totals: Mapping[tuple[str, str], int]) -> None:
        """Tell the watcher what is to come, and all of it that is here already."""
        if not totals:  # one of many plans for the same cases, of which it has been told
            return
        self._watcher.started(totals)
        for trial in self._store.trials():
            if (trial.key.candidate, trial.key.benchmark) in totals:
                self._watcher.finished(trial)

    def keep(self, trial: Trial) -> None:
        """Write this trial, and replies added until now, before the loop waits again."""
        self._store.add(trial)
        self.trials += 1
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._commit)
        if self.trials % CHECKPOINT_TRIALS == 0:
            self._disk.submit(self._checkpoint)
        self._watcher.finished(trial)

    def close(self) -> None:
        """Write what is left; raise what kept us from writing, if anything did."""
        self._disk.shutdown()
        if not self._lost:
            self._commit()
        if self._error is not None:
            raise self._error

    def _commit(self) -> None:
        self._due = False
        try:
            self._store.commit()
        except (VisavisError, ValueError) as error:
            self._error, self._lost = error, True
            self._broken()
            return
        if self._replies is not None:
            self._replies.commit()

    def _checkpoint(self) -> None:
        try:
            self._store.checkpoint()
        except VisavisError as error:
            self._error = error  # raised at the end: the log holds all that came
        if self._replies is not None:
            self._replies.checkpoint()
