"""What NVIDIA's driver tells of its devices: memory by process, and energy since it was loaded.

By NVML, the driver's own library, through `nvidia-ml-py` (`visavis[nvidia]`). Whatever it does not
tell is unknown, with the reason; it is never a zero.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from visavis.core.candidate import Unknown
from visavis.core.tell import tell

_LIBRARY: Final = "pynvml"
_DRIVER: Final = Path("/proc/driver/nvidia")
NO_DEVICE: Final = tell("this machine has no NVIDIA device")


@dataclass(frozen=True, slots=True)
class Nvml:
    """The driver, asked about all its devices."""

    library: Any
    devices: tuple[Any, ...]
    names: tuple[str, ...]

    def used_bytes(self, pids: Collection[int]) -> float | Unknown:
        """Device memory that these processes hold now, on all devices together."""
        used: dict[tuple[int, int], int] = {}
        for number, device in enumerate(self.devices):
            try:
                held = list(self._held(device))
            except self.library.NVMLError as error:
                return Unknown(because=tell("the NVIDIA driver does not say: {fault}", fault=error))
            for pid, size in held:
                if pid in pids:
                    if size is None:
                        return Unknown(
                            because=tell("the NVIDIA driver does not say it by process here")
                        )
                    used[number, pid] = max(size, used.get((number, pid), 0))
        if not used:
            return Unknown(
                because=tell(
                    "the NVIDIA driver knows no process of this engine (it computes elsewhere, or "
                    "a container hides its number)"
                )
            )
        return float(sum(used.values()))

    def _held(self, device: Any) -> Iterator[tuple[int, int | None]]:
        """Processes with what they hold; one that computes and draws is told twice."""
        for ask in (
            self.library.nvmlDeviceGetComputeRunningProcesses,
            self.library.nvmlDeviceGetGraphicsRunningProcesses,
        ):
            for process in ask(device):
                yield process.pid, process.usedGpuMemory

    def joules(self) -> float:
        """Energy that all devices took since the driver was loaded. Raises `OSError` where one does
        not count it (before Volta)."""
        try:
            counted = map(self.library.nvmlDeviceGetTotalEnergyConsumption, self.devices)
            return float(sum(counted)) / 1000  # it tells millijoules
        except self.library.NVMLError as error:
            raise OSError(f"the NVIDIA device counts no energy: {error}") from None

    def close(self) -> None:
        self.library.nvmlShutdown()


def open_nvml(library: str = _LIBRARY, driver: Path = _DRIVER) -> Nvml | Unknown:
    """The driver's library, opened; or why there is none."""
    try:
        pynvml = import_module(library)
    except ImportError:
        missing = tell("needs NVIDIA's library; install visavis[nvidia]")
        return Unknown(because=missing if driver.exists() else NO_DEVICE)
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return Unknown(because=_silent(error) if driver.exists() else NO_DEVICE)
    try:
        count = pynvml.nvmlDeviceGetCount()
        devices = tuple(pynvml.nvmlDeviceGetHandleByIndex(n) for n in range(count))
        names = tuple(str(pynvml.nvmlDeviceGetName(device)) for device in devices)
    except pynvml.NVMLError as error:
        pynvml.nvmlShutdown()
        return Unknown(because=_silent(error))
    if not devices:
        pynvml.nvmlShutdown()
        return Unknown(because=NO_DEVICE)
    return Nvml(library=pynvml, devices=devices, names=names)


def _silent(error: Exception) -> str:
    return tell("the driver cannot be asked: {fault}", fault=error)
