"""The machine, the versions and the moment: what a figure of this run depends on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

import visavis

_PACKAGES = ("aiohttp", "genai-prices", "msgspec", "numpy", "pydantic", "scipy", "xllamacpp")


def probe() -> dict[str, Any]:
    """Plain data for `run.json`. Names no user, no host and no path of the machine."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "physical_cores": psutil.cpu_count(logical=False),
        "memory_bytes": psutil.virtual_memory().total,
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "visavis": visavis.__version__,
        "revision": _revision(Path(visavis.__file__).parents[2]),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _cpu(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's model, as the kernel names it; elsewhere what Python knows."""
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _revision(root: Path) -> str | None:
    """The commit of our own source tree, with `+` when it was changed; None when installed."""
    if not (root / ".git").exists():
        return None
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=5.0,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()
