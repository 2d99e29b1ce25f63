"""Energy by the machine's own counters: a tree of files stands for Linux's powercap."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from visavis.core.candidate import Unknown
from visavis.measure.energy import Counter, Meter, energy_of, processor

RANGE = 262_143_328_850


def domain(root: Path, name: str, called: str, microjoules: int = 0) -> Path:
    """One counter as Linux shows it."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{called}\n", encoding="ascii")
    (folder / "max_energy_range_uj").write_text(f"{RANGE}\n", encoding="ascii")
    (folder / "energy_uj").write_text(f"{microjoules}\n", encoding="ascii")
    return folder / "energy_uj"


@pytest.fixture
def powercap(tmp_path: Path) -> Path:
    domain(tmp_path, "intel-rapl:0", "package-0", 1_000_000)
    domain(tmp_path, "intel-rapl:0:0", "core", 500_000)
    domain(tmp_path, "intel-rapl:0:1", "dram", 2_000_000)
    domain(tmp_path, "intel-rapl:1", "psys", 9_000_000)
    domain(tmp_path, "intel-rapl-mmio:0", "package-0", 1_000_000)
    return tmp_path


def counter(root: Path) -> Counter:
    found = processor(root)
    assert isinstance(found, Counter)
    return found


def test_packages_and_memory_are_counted_once_each(powercap: Path) -> None:
    found = counter(powercap)
    assert found.how == "RAPL (package-0, dram), of the whole machine"
    (powercap / "intel-rapl:0" / "energy_uj").write_text("3500000")
    (powercap / "intel-rapl:0:0" / "energy_uj").write_text("900000000")
    (powercap / "intel-rapl:0:1" / "energy_uj").write_text("2250000")
    assert found.joules() == pytest.approx(2.75)


def test_a_counter_that_begins_anew_goes_on(tmp_path: Path) -> None:
    file = domain(tmp_path, "intel-rapl:0", "package-0", RANGE - 1_000_000)
    found = counter(tmp_path)
    file.write_text("500000")
    assert found.joules() == pytest.approx(1.5)


def test_a_machine_without_counters_is_unknown(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "none"):
        assert processor(root) == Unknown(
            because="this machine shows no energy counter of its processor"
        )
    domain(tmp_path, "intel-rapl:0", "package-0").write_text("not a number")
    assert isinstance(processor(tmp_path), Unknown)


def test_a_counter_for_root_alone_says_so() -> None:
    with tempfile.TemporaryDirectory() as folder:  # root keeps others out of pytest's own
        root = Path(folder)
        root.chmod(0o755)
        domain(root, "intel-rapl:0", "package-0").chmod(0o400)
        if os.geteuid() != 0:
            (root / "intel-rapl:0" / "energy_uj").chmod(0)
        with as_nobody():
            found = processor(root)
    assert isinstance(found, Unknown)
    assert "by root alone" in found.because


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything, so root is somebody else for a moment."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)


class Clock:
    """Time and joules that go on together, five watts."""

    def __init__(self) -> None:
        self.now = 100.0

    def joules(self) -> float:
        return 5.0 * self.now

    def meter(self) -> Meter:
        read = Counter(of="processor", how="a clock", joules=self.joules)
        return Meter(read, now=lambda: self.now)


def test_energy_between_two_looks_is_spread_evenly() -> None:
    clock = Clock()
    meter = clock.meter()
    for clock.now in (100.0, 102.0, 103.0):
        meter.look()
    assert meter.between(100.0, 103.0) == pytest.approx(15)
    assert meter.between(101.0, 102.5) == pytest.approx(7.5)


@pytest.mark.parametrize("span", [(99.0, 101.0), (101.0, 104.0)])
def test_what_was_not_looked_at_is_not_known(span: tuple[float, float]) -> None:
    clock = Clock()
    meter = clock.meter()
    assert meter.between(*span) is None
    for clock.now in (100.0, 103.0):
        meter.look()
    assert meter.between(*span) is None
    assert energy_of(meter, "at once 1", 0, span, 1.0) is None


def test_a_block_takes_what_is_above_the_machine_at_rest() -> None:
    clock = Clock()
    meter = clock.meter()
    for clock.now in (100.0, 110.0):
        meter.look()
    found = energy_of(meter, "at once 4", 2, (101.0, 105.0), idle_w=3.0)
    assert found is not None
    assert (found.of, found.load, found.number) == ("processor", "at once 4", 2)
    assert found.joules == pytest.approx(20)
    assert found.above_idle == pytest.approx(8)


def test_a_counter_that_goes_away_keeps_what_it_told() -> None:
    told = iter([1.0, 2.0])

    def joules() -> float:
        try:
            return next(told)
        except StopIteration:
            raise OSError("gone") from None

    now = iter([0.0, 1.0])
    meter = Meter(Counter(of="nvidia", how="", joules=joules), now=lambda: next(now))
    for _ in range(4):
        meter.look()
    assert meter.lost == "gone"
    assert meter.between(0.0, 1.0) == pytest.approx(1.0)
