"""The fence from outside: what passes, what never does, and what is left afterwards."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import cast

import psutil
import pytest

from tests.scoring.fence.machine import HOSTILE, TEST, Machine, machine
from visavis.core.errors import FenceError
from visavis.core.fence import Check, Fence, Program, Ran
from visavis.options import FenceChoice
from visavis.scoring.fence.bubblewrap import Way, ways
from visavis.scoring.fence.keeper import Keeper
from visavis.scoring.fence.pool import first_that_holds, open_fence, self_test
from visavis.scoring.fence.talk import BrokenError
from visavis.scoring.fence.values import encode

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("VISAVIS_SHARED_DATA", ROOT.parent / "shared" / "data"))
HUMANEVAL = DATA / "humaneval" / "HumanEval.jsonl.gz"


@pytest.fixture(scope="module")
def others() -> frozenset[psutil.Process]:
    """What runs below us and is not the fence's: a test that kills all would hit the next one."""
    return frozenset(psutil.Process().children(recursive=True))


@pytest.fixture(scope="module", params=["auto", "weak"])
def fence(request: pytest.FixtureRequest, others: frozenset[psutil.Process]) -> Iterator[Fence]:
    del others  # they are counted before it opens
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(open_fence(cast("FenceChoice", request.param), workers=2))
        except FenceError as error:
            pytest.skip(str(error))
        yield opened


def add(solution: str, limit_s: float = 5.0, test: str = TEST) -> Program:
    return Program(solution=solution, entry_point="add", setup="", test=test, limit_s=limit_s)


RIGHT = "def add(a, b):\n    return a + b\n"


def test_a_right_program_passes(fence: Fence) -> None:
    assert fence.run(add(RIGHT)) == Ran(end="passed", detail="every test held")


def test_a_wrong_program_fails_and_the_line_is_named(fence: Fence) -> None:
    ran = fence.run(add("def add(a, b):\n    return b + a\n"))
    assert ran == Ran(end="failed", detail='assert candidate("a", "b") == "ab"')


def test_an_exception_is_named(fence: Fence) -> None:
    ran = fence.run(add("def add(a, b):\n    return {}[a]\n"))
    assert ran == Ran(end="raised", detail="KeyError: '1'")


def test_a_program_without_end_is_stopped(fence: Fence) -> None:
    start = time.monotonic()
    ran = fence.run(add("while True: pass", limit_s=0.3))
    assert ran == Ran(end="timed out", detail="not done after 0.3 s")
    assert time.monotonic() - start >= 0.3


def test_tests_see_their_helpers_and_the_function_by_its_name(fence: Fence) -> None:
    job = Program(
        solution=RIGHT,
        entry_point="add",
        setup="def twice(x):\n    return 2 * x\ndef add(a, b):\n    pass\n",
        test="def check(candidate):\n    assert candidate(2, 2) == add(1, 3) == twice(2)\n",
    )
    assert fence.run(job).end == "passed"


def test_tests_may_print_as_much_as_they_like(fence: Fence) -> None:
    test = "import sys\ndef check(f):\n    print('x' * 10**6)\n    sys.stderr.write('x' * 10**6)\n"
    assert fence.run(add(RIGHT, test=test)).end == "passed"


def test_a_job_cut_off_while_it_is_read_leaves_the_next_whole(fence: Fence) -> None:
    long = add(RIGHT + "#" * (12 << 20), limit_s=0.0)
    assert fence.run(long).end in {"timed out", "no answer"}
    assert fence.run(add(RIGHT)).end == "passed"


def test_tests_that_cannot_be_read_are_our_own_fault(fence: Fence) -> None:
    assert fence.run(add(RIGHT, test="def check(candidate: pass")).end == "no answer"
    assert fence.run(add(RIGHT, test="")).detail == "the tests define no 'check'"


@pytest.mark.parametrize(
    ("code", "end", "detail"),
    [
        ("def check(reply): return reply == 'it\\'s \\ud800'", "passed", "check returned True"),
        ("def check(reply): return False", "failed", "check returned False"),
        ("def check(reply): return 1", "raised", "TypeError: check returned 1, which is no bool"),
        ("def check(reply): return int(reply)", "raised", "ValueError"),
        ("def czech(reply): return True", "raised", "does not define 'check'"),
    ],
)
def test_a_users_own_check_judges_a_reply(fence: Fence, code: str, end: str, detail: str) -> None:
    ran = fence.run(Check(code=code, reply="it's \ud800"))
    assert (ran.end, detail in ran.detail) == (end, True), ran


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_program_passes(fence: Fence, name: str) -> None:
    ran = fence.run(add(HOSTILE[name], limit_s=0.5))
    assert ran.end in {"failed", "raised", "timed out", "died"}, ran
    assert len(ran.detail) <= 400
    assert "\n" not in ran.detail
    assert fence.run(add(RIGHT)).end == "passed"  # and the next one is judged as ever


def test_the_clock_of_the_next_program_is_untouched(fence: Fence) -> None:
    burn = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)\n"
    burn += "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
    assert fence.run(add(burn + "while True: pass", limit_s=0.3)).end in {"timed out", "died"}
    slow = "import time\ndef add(a, b):\n    time.sleep(0.2)\n    return a + b\n"
    assert fence.run(add(slow)).end == "passed"


def test_a_program_sees_nothing_of_the_one_before(fence: Fence) -> None:
    marks = "import builtins, sys, os, random\nbuiltins.mark = sys.mark = os.mark = 1\n"
    leave = marks + "open('mark', 'w').close()\ndef add(a, b):\n    return a + b\n"
    look = (
        "import builtins, sys, os\ndef add(a, b):\n"
        "    seen = [hasattr(m, 'mark') for m in (builtins, sys, os)] + os.listdir('.')\n"
        "    return a + b if not any(seen) else seen\n"
    )
    for _ in range(4):
        assert fence.run(add(leave)).end == "passed"
        assert fence.run(add(look)) == Ran(end="passed", detail="every test held")


def test_changed_arguments_are_seen_by_the_tests(fence: Fence) -> None:
    job = Program(
        solution="def sort(items, *, seen):\n    items.sort()\n    seen['n'] = len(items)\n",
        entry_point="sort",
        setup="",
        test=(
            "def check(sort):\n    items, seen = [3, 1, 2], {}\n"
            "    assert sort(items, seen=seen) is None\n"
            "    assert (items, seen) == ([1, 2, 3], {'n': 3})\n"
        ),
    )
    assert fence.run(job).end == "passed"


def test_many_threads_may_ask_at_once(fence: Fence) -> None:
    jobs = [add(f"def add(a, b):\n    return a + b if {n} % 2 else None") for n in range(24)]
    with ThreadPoolExecutor(8) as threads:
        ends = [ran.end for ran in threads.map(fence.run, jobs)]
    assert ends == ["failed", "passed"] * 12


def test_all_that_humaneval_holds_right_passes_and_empty_bodies_fail(fence: Fence) -> None:
    if not HUMANEVAL.exists():
        pytest.skip("no HumanEval file; VISAVIS_SHARED_DATA names the folder that holds it")
    rows = [json.loads(line) for line in gzip.decompress(HUMANEVAL.read_bytes()).splitlines()]

    def ends(bodies: list[str]) -> list[Ran]:
        jobs = [
            Program(
                solution=row["prompt"] + body,
                entry_point=row["entry_point"],
                setup=row["prompt"] + "    pass\n",
                test=row["test"],
                limit_s=20.0,
            )
            for row, body in zip(rows, bodies, strict=True)
        ]
        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(fence.run, jobs))

    right = ends([row["canonical_solution"] for row in rows])
    assert len(right) == 164
    assert [ran for ran in right if ran.end != "passed"] == []
    empty = ends(["    return None\n"] * len(rows))
    assert [ran for ran in empty if ran.end not in {"failed", "raised"}] == []


def test_one_tester_after_another_serves_and_none_is_lost(fence: Fence) -> None:
    jobs = [add(RIGHT), add("import os; os._exit(3)"), add("while 1: pass", limit_s=0.05)] * 20
    ends = [fence.run(job).end for job in jobs]
    assert ends == ["passed", "died", "timed out"] * 20


def test_no_process_is_blamed_on_a_program_that_never_ran(
    fence: Fence, others: frozenset[psutil.Process]
) -> None:
    assert fence.run(add(RIGHT)).end == "passed"
    ours = {*psutil.Process().children(recursive=True)} - others
    waiting = [p for p in ours if not p.children()]
    for child in waiting:  # testers, and processes that wait for a program
        child.kill()
    psutil.wait_procs(waiting, timeout=1.0)
    assert [fence.run(add(RIGHT)).end for _ in range(4)] == ["passed"] * 4


def test_a_resident_that_dies_is_replaced_and_the_job_answered(
    fence: Fence, others: frozenset[psutil.Process]
) -> None:
    assert fence.run(add(RIGHT)).end == "passed"
    for child in {*psutil.Process().children(recursive=True)} - others:
        with suppress(psutil.NoSuchProcess):  # gone with one that was killed before it
            if child.name() in {"bwrap", "python3", Path(sys.executable).resolve().name}:
                child.kill()
    assert fence.run(add(RIGHT)).end == "passed"
    assert fence.run(add(RIGHT)).end == "passed"


@pytest.mark.parametrize("choice", ["auto", "weak"])
def test_the_machine_is_left_as_it_was(choice: FenceChoice) -> None:
    before, memory = machine(), psutil.Process().memory_info().rss
    try:
        with open_fence(choice, workers=2) as opened, ThreadPoolExecutor(2) as threads:
            jobs = [add(text, limit_s=0.3) for text in HOSTILE.values()]
            assert not [ran for ran in threads.map(opened.run, jobs) if ran.end == "passed"]
    except FenceError as error:
        pytest.skip(str(error))
    assert settled(before) == before
    assert psutil.Process().memory_info().rss - memory < 64 << 20


def settled(wanted: Machine) -> Machine:
    """The machine now, or as soon as it is as wanted; the kernel takes a moment to clear away."""
    due = time.monotonic() + 5.0
    while (now := machine()) != wanted and time.monotonic() < due:
        time.sleep(0.05)
    return now


@pytest.mark.parametrize("choice", ["auto", "weak"])
def test_nothing_is_left_alive_when_visavis_is_killed(choice: str) -> None:
    code = (
        "import sys\nfrom visavis.scoring.fence.pool import open_fence\n"
        "from visavis.core.fence import Program\n"
        f"with open_fence({choice!r}, workers=1) as fence:\n"
        "    print('open', flush=True)\n"
        "    fence.run(Program(solution='while True: pass', entry_point='f', setup='',"
        " test='def check(f): f()', limit_s=600.0))\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert running.stdout is not None
    if running.stdout.readline() != "open\n":
        pytest.skip("no fence can be had here")
    below = psutil.Process(running.pid).children(recursive=True)
    time.sleep(0.3)
    below = sorted({*below, *psutil.Process(running.pid).children(recursive=True)}, key=hash)
    assert len(below) >= 2
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    _, alive = psutil.wait_procs(below, timeout=5.0)
    assert alive == []


def test_where_no_fence_can_be_had_the_error_says_how_to_get_one(tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'no namespaces for you' >&2\nexit 1\n")
    broken.chmod(0o755)
    found = [Way("a broken bwrap", broken)]
    with pytest.raises(FenceError, match=r"a broken bwrap: .*no namespaces for you.*--fence weak"):
        first_that_holds(found)
    broken.chmod(0o644)
    with pytest.raises(FenceError, match=r"Permission denied.*allow user namespaces"):
        first_that_holds(found)
    with pytest.raises(FenceError, match="no bubblewrap was found"):
        first_that_holds([])


def test_a_fence_that_lets_a_program_look_out_is_not_used() -> None:
    seen = Ran(end="failed", detail="['network']")
    told = self_test(lambda _: seen, strong=True)
    assert told == "in its self-test a program that must have passed failed: ['network']"
    told = self_test(lambda _: Ran(end="passed", detail=""), strong=True)
    assert "must have failed passed" in told


def message(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (message(encode(None)), "gave no verdict"),
        (message(encode(("won", "every test held"))), "gave no verdict"),
        (message(b"x"), "unknown tag"),
        (b"", "no answer in time"),
        (None, "it has ended"),
    ],
)
def test_a_resident_that_answers_badly_is_broken(
    tmp_path: Path, said: bytes | None, why: str
) -> None:
    fake = tmp_path / "bwrap"
    code = "import os, time\nos.closerange(3, 256)\n"
    ends = "os.read(0, 1 << 20)\n"  # it takes the job, and then dies
    code += ends if said is None else f"os.write(1, {said!r})\ntime.sleep(9)\n"
    fake.write_text(f"#!{sys.executable} -IS\n{code}")
    fake.chmod(0o755)
    keeper = Keeper(Way("a fake", fake), patience_s=0.5)
    with pytest.raises(BrokenError, match=why):
        keeper.ask(add(RIGHT, limit_s=0.1))
    keeper.close()


def test_the_systems_own_bubblewrap_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "bwrap"
    own.touch()
    places = [way.bwrap for way in ways([str(own), str(tmp_path / "none")])]
    assert places[0] == own
    assert len(places) <= 2


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv") or not shutil.which("unshare"),
    reason="only root can become nobody, by util-linux; others are tested as they are",
)
def test_the_fence_holds_for_an_unprivileged_user(tmp_path: Path) -> None:
    # The interpreter may lie in root's home, which nobody may enter: show it where it is,
    # with an empty home around it, in a mount namespace of this test alone.
    here = "mount --bind {0} {1} && mount -t tmpfs -o mode=755 none {2} && mkdir -p {0} && "
    here += "mount --bind {1} {0} && "
    prefix, home = Path(sys.base_prefix), Path("/root")
    script = here.format(prefix, tmp_path, home) if prefix.is_relative_to(home) else ""
    script += f"cd / && exec setpriv --reuid 65534 --regid 65534 --clear-groups {sys.executable}"
    script += " -B -c 'import sys; sys.path[:0] = sys.argv[1:]; import tests.scoring.fence.as_user'"
    command = ["unshare", "--mount", "sh", "-c", f"{script} {ROOT} {ROOT / 'src'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.pop("right") == "passed"
    assert set(told) == set(HOSTILE)
    assert set(told.values()) <= {"failed", "raised", "timed out", "died"}, told
