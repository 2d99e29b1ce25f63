"""How the local engine is started (slots, context, threads), and whether it can run here."""

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from visavis.candidates.gguf import GgufHeader
from visavis.core.errors import OptionError
from visavis.core.tell import tell

SLOT_TOKENS: Final = 4096
"""Context of one slot, prompt and reply together, where the model allows as much. Its memory is
taken whole at the start, so it counts in every peak."""

PLAIN: Final = "{% for message in messages %}{{ message.content }}\n{% endfor %}"
"""How a model without a chat template is asked: the words of the messages and nothing else."""

OWN_SERVER: Final = "VISAVIS_LLAMA_SERVER"
"""Environment variable: the path of a `llama-server` to run GGUF files with."""

_NEEDED: Final = frozenset({"avx2", "fma", "f16c", "bmi2"})
"""Instructions of x86 that the engine's wheel is compiled for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LlamaSettings:
    """What decides the text, the speed and the memory of a local model, besides its file."""

    slots: int
    """Requests answered together."""
    slot_tokens: int
    """Prompt and reply of one request, at most."""
    threads: int
    template: str
    """Jinja; empty for the one in the file."""
    server: str = ""
    """Path of the user's own `llama-server`; empty for the one in xllamacpp."""
    build: str = ""
    """Name and version of that which runs the model."""

    @property
    def engine(self) -> str:
        """Name, version and settings in one line, for the record of a run."""
        return tell(
            "{build}, {slots:d} slots of {tokens:d} tokens, {threads:d} threads",
            build=self.build,
            slots=self.slots,
            tokens=self.slot_tokens,
            threads=self.threads,
        )


def settings_for(
    header: GgufHeader, *, at_once: int, slot_tokens: int = SLOT_TOKENS, server: Path | None = None
) -> LlamaSettings:
    return LlamaSettings(
        server="" if server is None else str(server),
        build=f"xllamacpp {version('xllamacpp')}" if server is None else build_of(server),
        slots=at_once,
        slot_tokens=min(slot_tokens, header.context_tokens or slot_tokens),
        threads=threads(),
        template="" if header.chat_template else PLAIN,
    )


def own_server(environ: Mapping[str, str]) -> Path | None:
    """The user's own `llama-server`: one built for this very processor is often faster."""
    told = environ.get(OWN_SERVER, "")
    if not told:
        return None
    file = Path(told).expanduser()
    if not (file.is_file() and os.access(file, os.X_OK)):
        raise OptionError(f"{OWN_SERVER} names {told!r}, which is no program; give its path")
    return file.resolve()


def build_of(server: Path) -> str:
    """`llama-server 11434 (a1b2c3d4)`: its version, and the beginning of its file's SHA-256, since
    two builds of one version may round differently. Raises where it is none."""
    try:
        said = subprocess.run([server, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OptionError(
            f"{OWN_SERVER} names {str(server)!r}, which does not run: {error}"
        ) from error
    found = re.search(rb"version: (?:b)?(\d+)", said.stdout + said.stderr)
    if found is None:
        raise OptionError(f"{OWN_SERVER} names {str(server)!r}, which is no llama-server")
    digest = sha256(server.read_bytes()).hexdigest()[:8]
    return f"llama-server {found[1].decode()} ({digest})"


def threads(cgroup: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Cores that this process may use: more threads would wait for one another.

    Two hardware threads of one core share its arithmetic, so cores are counted.
    """
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    cores = psutil.cpu_count(logical=False) or allowed
    return max(1, min(allowed, cores, _granted(cgroup) or cores))


def _granted(cgroup: Path) -> int | None:
    """Cores that a container was given (`docker run --cpus`), None where nothing limits it."""
    try:
        quota, period = cgroup.read_text(encoding="ascii").split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):  # no such file, or `max`
        return None


def leaves_unused(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether this processor has instructions (AVX-512) for which the wheel is not compiled."""
    try:
        return "avx512f" in cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def check_cpu(machine: str = "", cpuinfo: Path = Path("/proc/cpuinfo")) -> None:
    """Refuses a CPU on which the engine would die of an unknown instruction."""
    if (machine or platform.machine()) not in ("x86_64", "AMD64"):
        return
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux: nothing to read, and the engine will tell
        return
    flags = next((set(line.split()) for line in lines if line.startswith("flags")), _NEEDED)
    missing = sorted(_NEEDED - flags)
    if missing:
        raise OptionError(
            f"the local engine needs a CPU with {', '.join(missing).upper()}, which this one "
            "lacks; name a server instead, such as 'ollama:llama3.1:8b'"
        )
