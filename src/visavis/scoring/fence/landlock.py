"""The weak fence's wall around files: Landlock, which needs no rights and no namespaces.

Linux has it since 5.13, unless it is switched off. Where it is missing, the weak fence has no wall
around files, and says so.

Runs inside the fence: standard library only.
"""

import ctypes
import os
import struct
import sys
from typing import Final

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""System calls, alike on every processor."""
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_READ: Final = 1 << 0 | 1 << 2 | 1 << 3
"""Run, read a file, list a folder."""
_DEVICE: Final = 1 << 1 | 1 << 2
"""Write and read a file."""
_RIGHTS: Final = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version on how many rights are known; each is one bit, in order."""
_LIBRARIES: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo")
_DEVICES: Final = ("/dev/null", "/dev/urandom")


def version() -> int:  # pragma: no cover  # in a forked child
    """The kernel's version of Landlock; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE, None, 0, _VERSION)))


def confine(scratch: str) -> None:  # pragma: no cover  # in a forked child
    """Let this process read the interpreter and system libraries, and use `scratch`, no more."""
    known = version()
    if not known:
        return
    rights = (1 << max(bits for since, bits in _RIGHTS if since <= known)) - 1
    libc = ctypes.CDLL(None)
    rules = libc.syscall(_CREATE, struct.pack("Q", rights), 8, 0)
    interpreter = os.path.join(sys.base_prefix, sys.platlibdir)
    for place in (interpreter, os.path.join(sys.base_prefix, "lib"), *_LIBRARIES):
        _allow(libc, rules, place, _READ)
    for place in _DEVICES:
        _allow(libc, rules, place, _DEVICE)
    _allow(libc, rules, scratch, rights)
    confined = libc.syscall(_RESTRICT, rules, 0)
    os.close(rules)
    if confined != 0:
        raise OSError("the kernel refused to confine a program by Landlock")


def _allow(
    libc: ctypes.CDLL, rules: int, place: str, rights: int
) -> None:  # pragma: no cover  # in a forked child
    if not os.path.exists(place):
        return
    fd = os.open(place, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, fd)
    refused = libc.syscall(_ADD, rules, _PATH_BENEATH, rule, 0)
    os.close(fd)
    if refused:
        raise OSError(f"the kernel refused a Landlock rule for {place!r}")
