"""The filter on system calls, run by a small reading of what the kernel does with it."""

import struct

import pytest

from visavis.scoring.fence.syscalls import known, program

ALLOW, END, NO, UNKNOWN = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
X86, ARM = 0xC000003E, 0xC00000B7


def answer(filter_: bytes, audit: int, number: int, *args: int) -> int:
    """What the filter says to one call."""
    data = struct.pack("=IIQ6Q", number, audit, 0, *args, *[0] * (6 - len(args)))
    steps = list(struct.iter_unpack("=HBBI", filter_))
    at = held = 0
    while True:
        code, yes, no, operand = steps[at]
        at += 1
        match code:
            case 0x20:
                (held,) = struct.unpack_from("=I", data, operand)
            case 0x54:
                held &= operand
            case 0x06:
                return int(operand)
            case 0x15:
                at += yes if held == operand else no
            case 0x35:
                at += yes if held >= operand else no
            case 0x45:
                at += yes if held & operand else no
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ((0,), ALLOW),  # read
        ((57,), NO),  # fork
        ((59,), NO),  # execve
        ((41, 2, 1), NO),  # socket
        ((272,), NO),  # unshare
        ((435,), UNKNOWN),  # clone3
        ((56, 0x11), NO),  # clone: a process
        ((56, 0x3D0F00), ALLOW),  # clone: a thread
        ((62, 7), ALLOW),  # kill oneself
        ((62, 8), NO),
        ((62, 0xFFFFFFFF), NO),
        ((234, 7), ALLOW),
        ((234, 8), NO),
        ((302, 0), ALLOW),
        ((302, 8), NO),
        ((53, 1, 0x80801), ALLOW),  # socketpair: a stream, close on exec
        ((53, 1, 2), NO),
        ((53, 30, 1), NO),
        ((0x40000000,), END),
    ],
)
def test_calls_on_x86(call: tuple[int, ...], said: int) -> None:
    assert answer(program("x86_64", 7), X86, *call) == said


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ((63,), ALLOW),
        ((198, 1), NO),
        ((220, 17), NO),
        ((220, 0x3D0F00), ALLOW),
        ((129, 7), ALLOW),
        ((129, 1), NO),
        ((199, 1, 1), ALLOW),
        ((57,), ALLOW),
    ],
)
def test_calls_on_arm(call: tuple[int, ...], said: int) -> None:
    assert answer(program("aarch64", 7), ARM, *call) == said


def test_calls_in_another_numbering_end_the_process() -> None:
    assert answer(program("x86_64", 7), 0x40000003, 1) == END


def test_jumps_fit_and_other_machines_are_not_known() -> None:
    assert len(program("x86_64", 1)) // 8 < 4096
    assert known("aarch64")
    assert not known("riscv64")
