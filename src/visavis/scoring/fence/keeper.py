"""Holds one resident from outside: starts it, asks it, ends it."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Final, get_args

from visavis.core.fence import Check, End, Program, Ran
from visavis.core.tell import tell
from visavis.scoring.fence.bubblewrap import Way, start
from visavis.scoring.fence.resident import HEADER
from visavis.scoring.fence.talk import BrokenError, Talk
from visavis.scoring.fence.values import MalformedError, decode, encode

_LARGEST: Final = 1 << 20
"""Bytes of a verdict, at most."""
_ENDS: Final[tuple[End, ...]] = get_args(End)


class Keeper:
    """One resident. Not for use by two threads at once."""

    def __init__(self, way: Way, *, patience_s: float = 10.0) -> None:
        """A resident that answers later than a job's own limit, which it keeps, plus `patience_s`
        is broken."""
        self._patience_s = patience_s
        self._talk = Talk(start(way))

    def ask(self, job: Program | Check) -> Ran:
        """Run one job; `BrokenError` when no verdict can be had of this resident any more."""
        body = encode(_fields(job))
        due = time.monotonic() + job.limit_s + self._patience_s
        try:
            self._talk.send(HEADER.pack(job.limit_s, len(body)) + body, due)
            answer = decode(self._talk.hear(_LARGEST, due))
        except (OSError, MalformedError) as error:
            raise BrokenError(str(error)) from None
        match answer:
            case (str(said), str(detail)):
                for end in _ENDS:
                    if end == said:
                        return Ran(end=end, detail=detail)
        raise BrokenError(tell("the resident gave no verdict"))

    def close(self) -> str:
        """End it and all inside; gives what it or bubblewrap said about its trouble, if any."""
        said = self._talk.close()
        # A weak resident that was killed could not remove its programs' scratch folders.
        for left in Path(tempfile.gettempdir()).glob(f"visavis-{self._talk.pid}-*"):
            shutil.rmtree(left, ignore_errors=True)  # pragma: no cover  # by chance
        return said


def _fields(job: Program | Check) -> dict[str, str]:
    if isinstance(job, Check):
        return {"solution": job.code, "entry_point": "check", "reply": job.reply}
    return {
        "solution": job.solution,
        "entry_point": job.entry_point,
        "setup": job.setup,
        "test": job.test,
    }
