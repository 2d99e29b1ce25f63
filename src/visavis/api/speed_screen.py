"""What a speed run needs of whoever looks on."""

from contextlib import AbstractContextManager
from typing import Protocol

from visavis.api.screen import Screen
from visavis.measure.load.means import LoadWatcher


class SpeedScreen(Screen, LoadWatcher, Protocol):
    """A screen that can show a load."""

    def loading(self) -> AbstractContextManager[None]:
        """Shows the load while it is open."""
