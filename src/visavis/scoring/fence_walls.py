"""What a process inside the fence does to itself before it runs a model's program.

Namespaces of its own, limits, no rights, no way to get them back, and a filter on system
calls. All by the kernel's own interface through `ctypes`: there is no package inside the fence.

Runs inside the fence: standard library only.
"""

import ctypes
import math
import os
import resource
import signal
import struct
import sys
from typing import Final, NamedTuple

from visavis.scoring import fence_landlock, fence_syscalls

SCRATCH: Final = "/scratch"
_MIB: Final = 1 << 20
MEMORY_BYTES: Final = 1024 * _MIB
"""Address space of a program; it is one process, so this is all that it can hold."""
SCRATCH_BYTES: Final = 64 * _MIB
SCRATCH_FILES: Final = 4096
FILE_BYTES: Final = 32 * _MIB
OPEN_FILES: Final = 64
THREADS: Final = 64
"""Of one user inside the fence, our own two processes included."""

_NEW_MOUNTS, _NEW_PIDS, _NEW_IPC = 0x00020000, 0x20000000, 0x08000000
_NO_SUID, _NO_DEVICES, _NO_EXEC = 2, 4, 8
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_SECCOMP_MODE_FILTER: Final = 2
_CAPABILITY_HEADER: Final = struct.pack("Ii", 0x20080522, 0)
"""Third version of the interface; 0 is the process itself."""
_NO_CAPABILITIES: Final = bytes(24)
_SCRATCH_AT: Final = SCRATCH.encode()
_SCRATCH_OPTIONS: Final = f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=0777".encode()


class Walls(NamedTuple):
    """Which of the walls stand; the weak fence has no namespaces."""

    namespaces: bool
    user: int | None
    """User id that a program takes on; None to keep the one it has."""


_LIBC: Final = ctypes.CDLL(None, use_errno=True)


def _sure(result: int, what: str) -> None:  # pragma: no cover  # in a forked child
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def adopt_orphans() -> None:  # pragma: no cover  # in a forked child
    """Be the parent of descendants whose own parent ended, and unreadable to others."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        _prctl(_PR_SET_DUMPABLE, 0)


def enclose(walls: Walls, limit_s: float) -> None:  # pragma: no cover  # in a forked child
    """Shut this process in for good, and the one that it will fork: a tester and its program.

    The next child is the first process of a namespace, which ends with it: whatever the child
    starts is gone when it is.
    """
    if walls.namespaces:
        _sure(_LIBC.unshare(_NEW_PIDS | _NEW_MOUNTS | _NEW_IPC), "unshare")
        flags = _NO_SUID | _NO_DEVICES | _NO_EXEC
        _sure(_LIBC.mount(b"scratch", _SCRATCH_AT, b"tmpfs", flags, _SCRATCH_OPTIONS), "mount")
    if sys.platform == "linux":
        _set(resource.RLIMIT_AS, MEMORY_BYTES)
    _set(resource.RLIMIT_CPU, math.ceil(limit_s) + 1)
    _set(resource.RLIMIT_CORE, 0)
    if walls.user is not None:
        os.setgroups([])
        os.setresgid(walls.user, walls.user, walls.user)
        os.setresuid(walls.user, walls.user, walls.user)
    if sys.platform == "linux":
        if not walls.namespaces:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _sure(_LIBC.capset(_CAPABILITY_HEADER, _NO_CAPABILITIES), "capset")


def shut(walls: Walls, scratch: str) -> None:  # pragma: no cover  # in a forked child
    """The rest, for a program alone: what it may write, open, start and ask of the kernel."""
    os.chdir(scratch)
    _set(resource.RLIMIT_FSIZE, FILE_BYTES)
    _set(resource.RLIMIT_NOFILE, OPEN_FILES)
    if walls.namespaces:
        # Elsewhere this counts all that the user runs on the machine.
        _set(resource.RLIMIT_NPROC, THREADS)
    if sys.platform == "linux":
        if not walls.namespaces:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            fence_landlock.confine(scratch)
        _filter_calls()


def _set(kind: int, most: int) -> None:  # pragma: no cover  # in a forked child
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def _prctl(option: int, value: int) -> None:  # pragma: no cover  # in a forked child
    _sure(_LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0), "prctl")


def _filter_calls() -> None:  # pragma: no cover  # in a forked child
    steps = fence_syscalls.program(os.uname().machine, os.getpid())
    held = ctypes.create_string_buffer(steps, len(steps))
    # struct sock_fprog: a length in steps, then, aligned, a pointer
    program = struct.pack("@HP", len(steps) // 8, ctypes.addressof(held))
    _sure(
        _LIBC.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), program, 0, 0),
        "seccomp",
    )
