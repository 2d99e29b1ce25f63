"""NVIDIA's driver, for which a small shared library stands in: no test machine of ours has one.

`nvidia-ml-py` loads it as it loads the driver's own, so that names, structures and errors are the
real ones; what a real driver tells of a real device is not tested here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from visavis.core.candidate import Unknown
from visavis.measure.nvml import NO_DEVICE, open_nvml

SOURCE = Path(__file__).with_name("fake_nvml.c")
ASK = """
import sys
from pathlib import Path
from visavis.core.candidate import Unknown
from visavis.measure.nvml import open_nvml
nvml = open_nvml(driver=Path(sys.argv[1]))
if isinstance(nvml, Unknown):
    print(nvml.because)
else:
    print(*nvml.names)
    print(nvml.used_bytes({int(pid) for pid in sys.argv[2:]}))
    try:
        print(nvml.joules())
    except OSError as error:
        print(error)
    nvml.close()
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a driver's library."""
    pytest.importorskip("pynvml", reason="the extra 'nvidia' is not installed")
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler, on Linux")
    folder = tmp_path_factory.mktemp("driver")
    made = [compiler, "-shared", "-fPIC", "-o", str(folder / "libnvidia-ml.so.1"), str(SOURCE)]
    subprocess.run(made, check=True)
    return folder


def asked(library: Path, *pids: int, **told: int) -> list[str]:
    """What a program hears that loads this library."""
    environ = {**os.environ, "LD_LIBRARY_PATH": str(library)}
    environ |= {f"FAKE_{name.upper()}": str(value) for name, value in told.items()}
    command = [sys.executable, "-c", ASK, str(library), *map(str, pids)]
    heard = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    return heard.stdout.splitlines()


def test_memory_is_that_of_the_processes_asked_for(library: Path) -> None:
    assert asked(library, 77, pid=77) == ["Fake RTX", "300000000.0", "123.456"]
    assert asked(library, 77, 2, pid=77, devices=2)[1] == "1600000000.0"


def test_processes_that_the_driver_does_not_know_are_unknown_and_not_zero(library: Path) -> None:
    assert "knows no process of this engine" in asked(library, 99)[1]


def test_memory_that_is_not_told_by_process_is_unknown(library: Path) -> None:
    assert "does not say it by process" in asked(library, 77, pid=77, hides=1)[1]


def test_a_device_that_counts_no_energy_says_so(library: Path) -> None:
    assert asked(library, 77, no_energy=1)[2].startswith("the NVIDIA device counts no energy")


def test_a_driver_without_devices_is_no_device(library: Path) -> None:
    assert asked(library, devices=0) == [NO_DEVICE]


def test_without_the_library_a_machine_with_a_driver_hears_what_to_install(tmp_path: Path) -> None:
    found = open_nvml("no_such_library", driver=tmp_path)
    assert isinstance(found, Unknown)
    assert "visavis[nvidia]" in found.because
    assert open_nvml("no_such_library", driver=tmp_path / "none") == Unknown(because=NO_DEVICE)


def test_without_a_driver_there_is_no_device(tmp_path: Path) -> None:
    pytest.importorskip("pynvml", reason="the extra 'nvidia' is not installed")
    if Path("/proc/driver/nvidia").exists():
        pytest.skip("this machine has a driver")
    assert open_nvml(driver=tmp_path / "none") == Unknown(because=NO_DEVICE)
    found = open_nvml(driver=tmp_path)
    assert isinstance(found, Unknown)
    assert "cannot be asked" in found.because
