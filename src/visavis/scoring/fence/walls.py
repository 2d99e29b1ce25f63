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

from visavis.scoring.fence import landlock, syscalls

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
_PR_SET_NO_NEW_PRIVS: Final = 38
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
_PYTHON: Final = ctypes.PyDLL(None, use_errno=True)
"""The same functions, called without letting other threads run."""


def _sure(result: int, what: str) -> None:  # pragma: no cover  # in a forked child
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def be_unreadable() -> None:  # pragma: no cover  # in a process of its own
    """Let no other process of this user look into this one or its children."""
    if sys.platform == "linux":
        _prctl(_PR_SET_DUMPABLE, 0)


def fork_apart(walls: Walls) -> int:  # pragma: no cover  # in a process of its own
    """Fork a child that is the first process of namespaces of its own, and so ends with all in it.

    `os.fork` cannot do this more than once; so it is done as `os.fork` does it, by `clone`.
    """
    if not walls.namespaces:
        return os.fork()
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    flags = _NEW_PIDS | _NEW_MOUNTS | _NEW_IPC | signal.SIGCHLD
    number = syscalls.clone_number(os.uname().machine)
    pid = int(_PYTHON.syscall(number, ctypes.c_ulong(flags), 0, 0, 0, 0))
    if pid == 0:
        python.PyOS_AfterFork_Child()
        return 0
    python.PyOS_AfterFork_Parent()
    _sure(min(pid, 0), "clone")
    return pid


def mount_scratch() -> None:  # pragma: no cover  # in a process of its own
    """An empty folder at `SCRATCH`, for this process's namespace and those it makes."""
    flags = _NO_SUID | _NO_DEVICES | _NO_EXEC
    _sure(_LIBC.mount(b"scratch", _SCRATCH_AT, b"tmpfs", flags, _SCRATCH_OPTIONS), "mount")


def enclose(  # pragma: no cover  # in a forked child
    walls: Walls, scratch: str, *, shared: bool = False, allowed: frozenset[str] = frozenset()
) -> None:
    """Shut this process in for good; `scratch` is then its working folder, and all it may write.

    A folder that is `shared` with others of one stage is there already. `allowed` names
    system calls that are otherwise denied.
    """
    if walls.namespaces:
        if not shared:
            mount_scratch()
        # Without a namespace this would count all that the user runs on the machine.
        _set(resource.RLIMIT_NPROC, THREADS)
    else:
        os.setpgid(0, 0)
    os.chdir(scratch)
    limit_memory()
    _set(resource.RLIMIT_FSIZE, FILE_BYTES)
    _set(resource.RLIMIT_NOFILE, OPEN_FILES)
    if walls.user is not None:
        os.setgroups([])
        os.setresgid(walls.user, walls.user, walls.user)
        os.setresuid(walls.user, walls.user, walls.user)
    drop_rights(walls)
    if sys.platform == "linux":
        if not walls.namespaces:
            landlock.confine(scratch)
        _filter_calls(allowed)


def limit_memory() -> None:  # pragma: no cover  # in a forked child
    """Bound what this process can hold; our own tester has this limit too."""
    if sys.platform == "linux":
        _set(resource.RLIMIT_AS, MEMORY_BYTES)
    _set(resource.RLIMIT_CORE, 0)


def limit_processor(limit_s: float) -> None:  # pragma: no cover  # in a forked child
    """Bound the processor time of all threads of this process together."""
    _set(resource.RLIMIT_CPU, math.ceil(limit_s) + 1)


def drop_rights(walls: Walls) -> None:  # pragma: no cover  # in a forked child
    """Give up every capability, and the means to gain any."""
    if sys.platform == "linux":
        if not walls.namespaces:  # which would end it with the resident anyway
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _sure(_LIBC.capset(_CAPABILITY_HEADER, _NO_CAPABILITIES), "capset")


def _set(kind: int, most: int) -> None:  # pragma: no cover  # in a forked child
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def _prctl(option: int, value: int) -> None:  # pragma: no cover  # in a forked child
    _sure(_LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0), "prctl")


def _filter_calls(allowed: frozenset[str]) -> None:  # pragma: no cover  # in a forked child
    steps = syscalls.program(os.uname().machine, os.getpid(), allowed)
    held = ctypes.create_string_buffer(steps, len(steps))
    # struct sock_fprog: a length in steps, then, aligned, a pointer
    program = struct.pack("@HP", len(steps) // 8, ctypes.addressof(held))
    _sure(
        _LIBC.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), program, 0, 0),
        "seccomp",
    )
