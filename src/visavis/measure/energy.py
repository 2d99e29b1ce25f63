"""Energy that a run took, where the machine counts it.

Linux shows the processor's own counters (RAPL) under /sys/class/powercap, NVIDIA's driver those of
its devices. Both count the whole machine, whoever computes: so what the machine takes while all is
loaded and nothing is asked is taken off, and nothing else ought to run. RAPL counters wrap around
within minutes to hours, and are looked at often enough for that not to matter.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, Literal

from visavis.core.candidate import Unknown
from visavis.core.tell import tell

POWERCAP: Final = Path("/sys/class/powercap")
NO_COUNTER: Final = tell("this machine shows no energy counter of its processor")
Of = Literal["processor", "nvidia"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A counter of energy that only rises."""

    of: Of
    how: str
    """What it counts, in a line."""
    joules: Callable[[], float]
    """Since any instant; raises `OSError` where it cannot be read any more."""


class _Domain:
    """One RAPL counter, in microjoules; it begins anew at its largest value."""

    def __init__(self, folder: Path) -> None:
        self.name = (folder / "name").read_text(encoding="ascii").strip()
        self._file = folder / "energy_uj"
        self._range = int((folder / "max_energy_range_uj").read_text(encoding="ascii"))
        self._last = self._read()
        self._total = 0

    def joules(self) -> float:
        now = self._read()
        self._total += now - self._last if now >= self._last else now - self._last + self._range
        self._last = now
        return self._total / 1e6

    def _read(self) -> int:
        return int(self._file.read_text(encoding="ascii"))


def processor(root: Path = POWERCAP) -> Counter | Unknown:
    """The processor's packages and, where they are counted, its memory; or why they are unknown."""
    try:
        domains = list(_domains(root))
    except PermissionError:
        return Unknown(
            because=tell(
                "the processor's energy counter may be read by root alone here; as root: "
                "chmod a+r /sys/class/powercap/*/energy_uj"
            )
        )
    except (OSError, ValueError):
        return Unknown(because=NO_COUNTER)
    if not domains:
        return Unknown(because=NO_COUNTER)
    names = ", ".join(domain.name for domain in domains)
    return Counter(
        of="processor",
        how=tell("RAPL ({names}), of the whole machine", names=names),
        joules=lambda: sum(domain.joules() for domain in domains),
    )


def _domains(root: Path) -> Iterator[_Domain]:
    """Packages, and the memory beside them. Cores are parts of a package, and `psys` holds it."""
    for folder in sorted(root.glob("intel-rapl:*")):  # AMD's are named so, too
        name = (folder / "name").read_text(encoding="ascii").strip()
        if name.startswith(("package", "dram")):
            yield _Domain(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEnergy:
    """What one counter counted while one block of load lasted."""

    of: Of
    how: str
    load: str
    number: int
    joules: float
    seconds: float
    idle_w: float
    """What the machine took while all was loaded and nothing was asked."""

    @property
    def above_idle(self) -> float:
        """Joules."""
        return self.joules - self.idle_w * self.seconds


class Meter:
    """One counter, looked at now and then."""

    def __init__(self, counter: Counter, now: Callable[[], float] = perf_counter) -> None:
        self.counter = counter
        self._now = now
        self._at: list[float] = []
        self._joules: list[float] = []
        self.lost: str = ""
        """Why it could not be read any more; empty as long as it can."""

    def look(self) -> None:
        """Reads it; takes some 50 µs."""
        if self.lost:
            return
        try:
            joules = self.counter.joules()
        except (OSError, ValueError) as error:
            self.lost = str(error)
            return
        self._at.append(self._now())
        self._joules.append(joules)

    def between(self, begin: float, end: float) -> float | None:
        """Joules from one instant to another; None where it was not looked at around both."""
        if not self._at or begin < self._at[0] or end > self._at[-1]:
            return None
        return self._until(end) - self._until(begin)

    def _until(self, instant: float) -> float:
        """Joules at an instant, evenly between the looks before and after it."""
        after = bisect_left(self._at, instant)
        if self._at[after] == instant:
            return self._joules[after]
        (a, b), (low, high) = self._at[after - 1 : after + 1], self._joules[after - 1 : after + 1]
        return low + (high - low) * (instant - a) / (b - a)


def energy_of(
    meter: Meter, load: str, number: int, span: Sequence[float], idle_w: float
) -> BlockEnergy | None:
    """Of a block that lasted so long (`span`: from, to); None where it was not counted."""
    begin, end = span
    joules = meter.between(begin, end)
    if joules is None:
        return None
    return BlockEnergy(
        of=meter.counter.of,
        how=meter.counter.how,
        load=load,
        number=number,
        joules=joules,
        seconds=end - begin,
        idle_w=idle_w,
    )
