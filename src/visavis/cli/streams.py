"""Makes the three standard streams fit for use, however the program was started."""

import codecs
import os
import sys
from unicodedata import normalize

_PLAIN = {
    "\u2212": "-", "\u2500": "-", "\u2013": "-", "\u2014": "-", "\u2192": ">", "\u2019": "'",
    "\u00ab": '"', "\u00bb": '"', "\u00d7": "x",
}  # fmt: skip
"""Signs of our reports in a terminal that knows only some characters. A minus that became a
question mark would turn a loss into a riddle."""


def mend() -> None:
    """A stream that was closed leads nowhere; a character that cannot be shown becomes another.

    Otherwise the next file that is opened, such as a run's store, would take the closed stream's
    number, and whoever writes to that number would write into it.
    """
    spare = os.open(os.devnull, os.O_RDWR)
    while spare <= 2:
        spare = os.open(os.devnull, os.O_RDWR)
    os.close(spare)
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)
    codecs.register_error("visavis", _shown)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="visavis")  # type: ignore[union-attr]  # both are TextIOWrapper


def lead_nowhere() -> None:
    """What is still to be written to the output is dropped: nobody takes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _shown(error: UnicodeError) -> tuple[str, int]:
    """Plain characters in place of the first that the encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign = error.object[error.start]
    letter = normalize("NFKD", sign).encode(error.encoding, "ignore").decode(error.encoding)
    return _PLAIN.get(sign) or letter or ascii(sign)[1:-1], error.start + 1
