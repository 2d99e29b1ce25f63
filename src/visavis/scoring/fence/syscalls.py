"""The system calls that a model's program may not make, as a seccomp filter.

The namespaces are the walls; this closes the doors they have: calls that reach the kernel's rarely
used parts, that start processes or open sockets, or that leave something in the kernel
which outlives the process (keys, shared memory). Numbers are those of the kernel's own tables
(`arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/asm-generic/unistd.h`).

Runs inside the fence: standard library only.
"""

import errno
import functools
import struct
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

# name: number on x86-64, number on arm64 (None where it has no such call)
_DENIED: Final[Mapping[str, tuple[int | None, int | None]]] = MappingProxyType(
    {
        # other programs
        "fork": (57, None),
        "vfork": (58, None),
        "execve": (59, 221),
        "execveat": (322, 281),
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438),
        "pidfd_send_signal": (424, 424),
        "rt_sigqueueinfo": (129, 138),
        "rt_tgsigqueueinfo": (297, 240),
        "tkill": (200, 130),
        "kcmp": (312, 272),
        "setpgid": (109, 154),
        "setsid": (112, 157),
        "setpriority": (141, 140),
        "ioprio_set": (251, 30),
        "sched_setparam": (142, 118),
        "sched_setscheduler": (144, 119),
        "sched_setaffinity": (203, 122),
        "sched_setattr": (314, 274),
        "migrate_pages": (256, 238),
        "move_pages": (279, 239),
        # sockets, but for a pair of them
        "socket": (41, 198),
        "connect": (42, 203),
        "bind": (49, 200),
        "listen": (50, 201),
        # what outlives a process
        "shmget": (29, 194),
        "shmat": (30, 196),
        "shmctl": (31, 195),
        "semget": (64, 190),
        "semop": (65, 193),
        "semctl": (66, 191),
        "semtimedop": (220, 192),
        "msgget": (68, 186),
        "msgsnd": (69, 189),
        "msgrcv": (70, 188),
        "msgctl": (71, 187),
        "mq_open": (240, 180),
        "mq_unlink": (241, 181),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "keyctl": (250, 219),
        # memory that no limit counts
        "memfd_create": (319, 279),
        "memfd_secret": (447, 447),
        # namespaces and mounts
        "unshare": (272, 97),
        "setns": (308, 268),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        # owners, modes, times and labels of files, which Landlock leaves open
        "chmod": (90, None),
        "fchmod": (91, 52),
        "fchmodat": (268, 53),
        "fchmodat2": (452, 452),
        "chown": (92, None),
        "fchown": (93, 55),
        "lchown": (94, None),
        "fchownat": (260, 54),
        "utime": (132, None),
        "utimes": (235, None),
        "futimesat": (261, None),
        "utimensat": (280, 88),
        "setxattr": (188, 5),
        "lsetxattr": (189, 6),
        "fsetxattr": (190, 7),
        "removexattr": (197, 14),
        "lremovexattr": (198, 15),
        "fremovexattr": (199, 16),
        # clocks and names
        "settimeofday": (164, 170),
        "clock_settime": (227, 112),
        "adjtimex": (159, 171),
        "clock_adjtime": (305, 266),
        "sethostname": (170, 161),
        "setdomainname": (171, 162),
        # parts of the kernel that a function under test has no use for
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "kexec_load": (246, 104),
        "kexec_file_load": (320, 294),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "delete_module": (176, 106),
        "syslog": (103, 116),
        "acct": (163, 89),
        "quotactl": (179, 60),
        "swapon": (167, 224),
        "swapoff": (168, 225),
        "reboot": (169, 142),
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
        "fanotify_init": (300, 262),
        "personality": (135, 92),
    }
)


OWN_FILES: Final = frozenset(
    ["chmod", "fchmod", "fchmodat", "fchmodat2", "utime", "utimes", "futimesat", "utimensat"]
)
"""Modes and times of files, for a program whose every file is its own."""
OWN_NETWORK: Final = frozenset(["socket", "connect", "bind", "listen"])
"""Sockets, for a program in a network of its own that leads nowhere."""
NEW_SELF: Final = frozenset(("execve",))
"""To go on as another program, which takes the filter with it."""


class _Machine(NamedTuple):
    column: int
    audit: int
    """AUDIT_ARCH_*: calls in another machine's numbering end the process."""
    clone: int
    clone3: int
    kill: int
    tgkill: int
    prlimit: int
    socketpair: int


_MACHINES: Final[Mapping[str, _Machine]] = MappingProxyType(
    {
        "x86_64": _Machine(0, 0xC000003E, 56, 435, 62, 234, 302, 53),
        "aarch64": _Machine(1, 0xC00000B7, 220, 435, 129, 131, 261, 199),
    }
)

# struct seccomp_data: number, machine, instruction pointer, six 64-bit arguments
_NUMBER, _MACHINE, _ARG0, _ARG1 = 0, 4, 16, 24
_LOAD, _AND, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _END_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_X32: Final = 0x40000000
_CLONE_THREAD: Final = 0x00010000
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0xF

_Step = tuple[int, int, int, int]
"""struct sock_filter: code, jump if true, jump if false, operand."""
_DENY: Final[_Step] = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
_LET: Final[_Step] = (_RETURN, 0, 0, _ALLOW)


def known(machine: str) -> bool:
    """Whether the calls of this kind of processor (`os.uname().machine`) are known here."""
    return machine in _MACHINES


def clone_number(machine: str) -> int:  # pragma: no cover  # in a process of its own
    """The number of `clone`, which glibc has no plain function for."""
    return _MACHINES[machine].clone


@functools.cache
def program(machine: str, own_pid: int, allowed: frozenset[str] = frozenset()) -> bytes:
    """The filter for one process, as the array of `struct sock_filter` that the kernel takes.

    A process may start threads but no process, signal itself but no other, and make a
    pair of connected sockets but none that reaches out. Calls that are `allowed` are let through.
    """
    steps = _steps(_MACHINES[machine], own_pid, allowed)
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _steps(machine: _Machine, own_pid: int, allowed: frozenset[str]) -> Iterator[_Step]:
    yield (_LOAD, 0, 0, _MACHINE)
    yield (_EQUAL, 1, 0, machine.audit)
    yield (_RETURN, 0, 0, _END_PROCESS)
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_AT_LEAST, 0, 1, _X32)
    yield (_RETURN, 0, 0, _END_PROCESS)
    for name, numbers in _DENIED.items():
        number = numbers[machine.column]
        if number is not None and name not in allowed:
            yield (_EQUAL, 0, 1, number)
            yield _DENY
    # glibc falls back to `clone`, whose flags can be read here, when `clone3` is unknown.
    yield (_EQUAL, 0, 1, machine.clone3)
    yield (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    yield from _only_if(machine.clone, (_LOAD, 0, 0, _ARG0), (_HAS_BITS, 0, 0, _CLONE_THREAD))
    yield from _only_if(machine.kill, (_LOAD, 0, 0, _ARG0), (_EQUAL, 0, 0, own_pid))
    yield from _only_if(machine.tgkill, (_LOAD, 0, 0, _ARG0), (_EQUAL, 0, 0, own_pid))
    yield from _only_if(machine.prlimit, (_LOAD, 0, 0, _ARG0), (_EQUAL, 0, 0, 0))
    # A datagram socket can be sent to any address; a connected stream cannot.
    yield (_EQUAL, 0, 6, machine.socketpair)
    yield (_LOAD, 0, 0, _ARG0)
    yield (_EQUAL, 0, 3, _AF_UNIX)
    yield (_LOAD, 0, 0, _ARG1)
    yield (_AND, 0, 0, _SOCK_TYPE_MASK)
    yield (_EQUAL, 1, 0, _SOCK_STREAM)
    yield _DENY
    yield _LET


def _only_if(number: int, load: _Step, holds: _Step) -> Iterator[_Step]:
    """Allow one call where a condition on its first argument holds."""
    code, _, _, operand = holds
    yield (_EQUAL, 0, 4, number)
    yield load
    yield (code, 0, 1, operand)
    yield _LET
    yield _DENY
