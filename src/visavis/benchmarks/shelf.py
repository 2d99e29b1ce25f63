"""Every protocol that can be asked by name: those of the program, and those that were imported."""

from collections.abc import Iterator
from pathlib import Path

from visavis.benchmarks import imported
from visavis.benchmarks.base import BENCHMARKS, Benchmark, protocols_of


class Shelf:
    """Protocols by name. An imported one is read from the disk when it is taken."""

    def __init__(self, home: Path | None) -> None:
        """Without a `home` there are only those of the program."""
        self._home = home
        self._imported = imported.protocols(home) if home is not None else ()

    def __iter__(self) -> Iterator[str]:
        yield from BENCHMARKS
        yield from (name for name in self._imported if name not in BENCHMARKS)

    @property
    def families(self) -> tuple[str, ...]:
        """What a protocol's name says before its `@`."""
        ours = (BENCHMARKS.get(name).family for name in BENCHMARKS)
        theirs = (name.partition("@")[0] for name in self._imported)
        return tuple(dict.fromkeys((*ours, *theirs)))

    def get(self, protocol: str) -> Benchmark:
        """The benchmark of that protocol, which must be one of these."""
        if protocol in BENCHMARKS or self._home is None:
            return BENCHMARKS.get(protocol)
        return imported.imported(self._home, protocol)

    def of(self, family: str) -> tuple[Benchmark, ...]:
        """Every protocol of a family, preferred first; those that were imported are last."""
        theirs = (self.get(name) for name in self._imported if name.partition("@")[0] == family)
        return (*protocols_of(family), *theirs)
