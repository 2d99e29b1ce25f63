"""What a run needs of whoever looks on: progress, notes, downloads, an answer to a question."""

from contextlib import AbstractContextManager
from typing import Protocol

from visavis.core.trial import Watcher
from visavis.pinned.file import Progress


class Screen(Watcher, Protocol):
    """A terminal, a log or a notebook."""

    def downloading(self, name: str) -> AbstractContextManager[Progress]:
        """Shows the bytes of one download."""

    def asking(self) -> AbstractContextManager[None]:
        """Shows the progress of trials while it is open."""

    def agrees(self, question: str) -> bool:
        """The user's answer; True where nobody is there to be asked."""

    def say(self, text: str) -> None:
        """Lines of what was asked for, such as a plan."""
