"""Tests and program on two ends of a line, here in one process: how a verdict is reached."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from visavis.scoring.fence.pipe import ClosedError, Line, message, read_exactly
from visavis.scoring.fence.program import MODULE, serve
from visavis.scoring.fence.resident import warm_up
from visavis.scoring.fence.tester import Candidate, judge
from visavis.scoring.fence.values import MAX_BYTES, MalformedError, encode


@contextmanager
def line() -> Iterator[tuple[Line, Line]]:
    down, up = os.pipe(), os.pipe()
    yield Line(up[0], down[1]), Line(down[0], up[1])
    for fd in (*down, *up):
        with suppress(OSError):
            os.close(fd)


def verdict(solution: str, test: str, name: str = "f", reply: str | None = None) -> tuple[str, str]:
    """Judge one program that is served by a thread."""
    with line() as (ours, theirs):

        def program() -> None:
            with suppress(ClosedError):
                serve(theirs, lambda _: None)
            os.close(theirs.says)

        thread = threading.Thread(target=program)
        thread.start()
        job = {"solution": solution, "entry_point": name, "setup": "", "test": test}
        job |= {} if reply is None else {"reply": reply}
        told = judge(job, 1.0, Candidate(ours))
        os.close(ours.says)
        thread.join()
    sys.modules.pop(MODULE, None)
    return told


def heard(*said: bytes) -> tuple[str, str]:
    """Judge a program that says these bytes, whatever it is asked, and ends."""
    with line() as (ours, theirs):
        os.write(theirs.says, b"".join(said))
        os.close(theirs.says)
        job = {"solution": "", "entry_point": "f", "setup": "", "test": "def check(f): f(1, [2])"}
        return judge(job, 1.0, Candidate(ours))


@pytest.mark.parametrize(
    ("solution", "test", "end", "detail"),
    [
        ("def f(): return 1", "def check(f): assert f() == 1", "passed", "every test held"),
        ("def f(): return 2", "def check(f): assert f() == 1", "failed", "assert f() == 1"),
        ("def f(): return 2", "def check(f):\n assert f() == 1, 'no'", "failed", "Error: no"),
        ("def f(): return 'x'", "def check(f):\n f() + 1", "failed", "f() + 1: TypeError"),
        ("def f(): 1 / 0", "def check(f): f()", "raised", "ZeroDivisionError: division by zero"),
        ("class E(KeyError): pass\ndef f(): raise E(1)", "def check(f): f()", "raised", "KeyErr"),
        ("def f(): raise StopIteration", "def check(f): all(map(f, [1]))", "raised", "TypeError"),
        (
            "def f(x): raise StopIteration",
            "def check(f): assert all(map(f, [1]))",
            "raised",
            "CandidateError: StopIteration",
        ),
        ("def f(): 'é'.encode('ascii')", "def check(f): f()", "raised", "UnicodeEncodeError"),
        ("def f(): return print", "def check(f): assert f() is None", "failed", "is None"),
        ("def g(): pass", "def check(f): f()", "raised", "NameError: the program does not"),
        ("def g(): pass", "def check(f): pass", "raised", "NameError: the program does not"),
        ("def g(): pass", "def check(f):\n try: f()\n except: pass", "raised", "NameError"),
        ("x = (", "def check(f): f()", "raised", "SyntaxError"),
        ("def f(x): return 1", "def check(f): f(f)", "no answer", "'Candidate' cannot cross"),
        ("def f(): return 1", "check = 1", "no answer", "define no 'check'"),
        ("def f(): return 1", "1 / 0", "no answer", "cannot be read: ZeroDivisionError"),
        (
            "def f(): return ['x' * (1 << 24)] * 2",
            "def check(f): assert f() == 0",
            "failed",
            "== 0",
        ),
    ],
)
def test_how_it_ends_is_told(solution: str, test: str, end: str, detail: str) -> None:
    told = verdict(solution, test)
    assert (told[0], detail in told[1]) == (end, True), told


def test_an_exception_whose_text_raises_is_still_told() -> None:
    odd = "class Odd(Exception):\n def __str__(self): 1 / 0\ndef f(): raise Odd"
    assert verdict(odd, "def check(f): f()")[0] == "raised"


def test_an_exception_can_be_expected() -> None:
    test = "def check(f):\n try: f()\n except ValueError as e: assert str(e) == 'no'\n else: 1 / 0"
    assert verdict("def f(): raise ValueError('no')", test)[0] == "passed"


@pytest.mark.parametrize("before", ["[2, 1]", "{2: 1}", "{2, 1}", "bytearray(b'21')"])
def test_containers_change_where_the_tests_hold_them(before: str) -> None:
    test = f"def check(f):\n x = {before}\n y = {before}\n f(x, 5, y=y)\n"
    test += " assert not x and not y and type(x) is type(y)"
    assert verdict("def f(x, n, y):\n x.clear(); y.clear()", test)[0] == "passed"


def test_changes_that_a_program_makes_up_are_ignored() -> None:
    def said(value: object) -> bytes:
        return message(encode(value))

    ready = said(("ready",))
    assert heard(ready, said(("returned", 1, ([[1], {2: 3}, 4], {"x": 1}))))[0] == "passed"
    assert heard(ready, said(("returned", 1, "no change")))[0] == "passed"


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ((), "ended before"),
        ((b"\xff\xff\xff\xff",), "too large"),
        ((message(b"?"),), "no answer: cut short"),
        ((message(encode(("steady",))),), "what is no answer"),
        ((message(encode(("ready",))),), "ended before"),
        ((message(encode(("ready",))), message(encode(7))), "what is no answer"),
        ((message(encode(("ready",))), message(encode(("raised", 1, 2)))), "what is no answer"),
    ],
)
def test_a_program_that_answers_badly_has_died(said: tuple[bytes, ...], detail: str) -> None:
    end, told = heard(*said)
    assert (end, detail in told) == ("died", True), told


def test_a_test_cannot_go_on_after_the_program_is_gone() -> None:
    with line() as (ours, theirs):
        os.close(theirs.says)
        os.close(theirs.hears)
        test = "def check(f):\n for _ in range(3):\n  try: f()\n  except BaseException: pass"
        job = {"solution": "", "entry_point": "f", "setup": "", "test": test}
        assert judge(job, 1.0, Candidate(ours)) == ("died", "it ended before the tests did")


@pytest.mark.parametrize("sent", [1, ([], 3)])
def test_a_program_is_served_only_to_a_tester(sent: object) -> None:
    with line() as (ours, theirs):
        ours.say_value(sent)
        with pytest.raises(AssertionError, match="no program"):
            serve(theirs, lambda _: None)
        ours.say_value(("def f(): pass", "f", 1.0))
        ours.say_value(sent)
        with pytest.raises(AssertionError, match="no call"):
            serve(theirs, lambda _: None)
    sys.modules.pop(MODULE, None)


def test_messages_are_bounded_and_cut_pipes_told() -> None:
    with line() as (ours, theirs):
        ours.say_value([1, 2])
        assert theirs.hear_value() == [1, 2]
        os.write(ours.says, (MAX_BYTES * 2).to_bytes(4, "big"))
        with pytest.raises(MalformedError, match="too large"):
            theirs.hear()
        os.write(ours.says, b"\0\0")
        os.close(ours.says)
        with pytest.raises(ClosedError):
            read_exactly(theirs.hears, 4)
        os.close(ours.hears)
        with pytest.raises(ClosedError):
            theirs.say(b"x")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def check(reply): return reply == 'x'", ("passed", "check returned True")),
        ("def check(reply): return reply == 'y'", ("failed", "check returned False")),
        (
            "def check(reply): return reply",
            ("raised", "TypeError: check returned 'x', which is no bool"),
        ),
        ("def check(reply): raise KeyError(reply)", ("raised", "KeyError: \"'x'\"")),
    ],
)
def test_a_check_of_a_reply_says_true_or_false(code: str, told: tuple[str, str]) -> None:
    assert verdict(code, "", "check", reply="x") == told


def test_an_expected_failure_of_the_tests_own_is_no_verdict_on_the_program() -> None:
    test = "def check(f):\n try: f()\n except ValueError: raise LookupError('mine') from None"
    told = verdict("def f(): raise ValueError", test)
    assert told == (
        "failed",
        "except ValueError: raise LookupError('mine') from None: LookupError: mine",
    )


def test_the_resident_rehearses_without_a_trace() -> None:
    before = len(os.listdir("/proc/self/fd"))
    warm_up()
    assert len(os.listdir("/proc/self/fd")) == before
