"""The user's terminal: progress and notes on the error stream, what was asked for on the output."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from visavis.options import Language

if TYPE_CHECKING:
    from visavis.report.progress import Progress


def terminal(*, yes: bool, lang: Language = "en") -> "Progress":
    """A screen that asks only where somebody can answer."""
    from visavis.report.progress import Progress  # only some commands draw

    return Progress(sys.stderr, lang=lang, agrees=answer(yes=yes))


def answer(*, yes: bool) -> Callable[[str], bool]:
    """Puts a question to the user, where somebody can answer and has not done so."""
    asks = not yes and sys.stdin.isatty() and sys.stderr.isatty()
    return _answer if asks else lambda _: True


def out(text: str) -> None:
    """A line of what was asked for."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _answer(question: str) -> bool:
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")
