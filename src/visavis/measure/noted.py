"""What the user is told while a run goes on, kept in the run so that its report can say it, too."""

from collections.abc import Mapping

from visavis.core.trial import Trial, Watcher
from visavis.measure.store import RunStore


class Noted:
    """A watcher whose notes are kept: rate limits met, a base model, a model id that changed."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._early: list[str] = []
        """Told before there was a store."""
        self._store: RunStore | None = None

    def keep_in(self, store: RunStore) -> None:
        """From now on; and all that was told until now."""
        self._store = store
        for text in self._early:
            store.add_note(text)
        self._early.clear()

    def started(self, totals: Mapping[tuple[str, str], int]) -> None:
        self._watcher.started(totals)

    def finished(self, trial: Trial) -> None:
        self._watcher.finished(trial)

    def note(self, text: str) -> None:
        self._watcher.note(text)
        if self._store is None:
            self._early.append(text)
        else:
            self._store.add_note(text)
