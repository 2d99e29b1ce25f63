"""How much memory a process took at most.

Resident memory, in bytes: what a machine must have for the model to run without reading its file
again and again. `resident = anonymous + file-backed`; the second is mostly the weights, mapped from
the file, which the system may drop and read anew. Shares of pages used by other processes, too,
are not deducted (PSS would): a model does not need less memory because it was loaded twice.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_KIB: Final = 1024
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The most memory that a process held, in bytes."""

    peak_bytes: int
    anonymous_bytes: int | None
    """Most of it that is the process's own: context, buffers. None where the system tells no more
    than a sum."""
    file_backed_bytes: int | None
    """Most of it that mirrors files: the weights."""
    how: str
    """`VmHWM`, the kernel's own high-water mark, or `looks`, the largest of what we saw."""


class MemoryWatch:
    """The peak of one process, and of those that took its place after a crash."""

    def __init__(self) -> None:
        self._peak = 0
        self._anonymous: int | None = None
        self._file_backed: int | None = None
        self._how = "looks"

    def look(self, pid: int) -> None:
        """Looks now; takes some 50 µs. A process that is gone keeps what was seen of it."""
        status = _PROC / str(pid) / "status"
        with suppress(OSError, psutil.Error):
            if status.exists():
                self._take_status(status.read_text(encoding="ascii", errors="replace"))
            else:
                seen = psutil.Process(pid).memory_info()
                self._peak = max(self._peak, seen.rss, getattr(seen, "peak_wset", 0))

    def _take_status(self, status: str) -> None:
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if "VmHWM" not in fields:  # it has died and is not yet buried
            return
        kib = {name: int(fields[name].split()[0]) for name in ("VmHWM", "RssAnon", "RssFile")}
        self._how = "VmHWM"
        self._peak = max(self._peak, kib["VmHWM"] * _KIB)
        self._anonymous = max(self._anonymous or 0, kib["RssAnon"] * _KIB)
        self._file_backed = max(self._file_backed or 0, kib["RssFile"] * _KIB)

    def peak(self) -> Memory:
        return Memory(
            peak_bytes=self._peak,
            anonymous_bytes=self._anonymous,
            file_backed_bytes=self._file_backed,
            how=self._how,
        )
