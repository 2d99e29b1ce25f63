"""A speed run that was killed or interrupted goes on where it was, by either of two commands."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fake_models import say
from tests.fake_server import FakeServer
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.store import LoadStore

BRISK = say("word " * 8, pieces=8, first_s=0.03, gap_s=0.005)
WANTED = {(load, n, name) for load in ("at once 1", "at once 2") for n in (0, 1) for name in "ab"}


class Run:
    """One speed run, begun and gone on with by commands."""

    def __init__(self, server: FakeServer, folder: Path) -> None:
        self.server = server
        self.out = folder / "run"
        self.asked = [
            *("speed", f"a={server.url}#a", f"b={server.url}#b", "--concurrency", "1,2"),
            *("--tokens", "8", "--prompt-tokens", "40", "--requests", "40", "--blocks", "2"),
            *("--out", str(self.out)),
        ]
        self._environment = {**os.environ, "VISAVIS_HOME": str(folder / "home")}

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "visavis", *words],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, *words: str) -> tuple[int, str]:
        """Exit code and all that is said."""
        with self.begin(*words) as child:
            told, noted = child.communicate(timeout=200)
        return child.returncode, told + noted

    def cut_off(self, how: signal.Signals) -> int:
        """Begun, and ended in the middle of a block when one more is kept than before."""
        before = len(self.blocks())
        with self.begin(*self.asked) as child:
            while len(self.blocks()) <= before:
                assert child.poll() is None, child.stderr and child.stderr.read()
                time.sleep(0.02)
            target = len(self.server.requests) + 3
            while len(self.server.requests) < target:
                time.sleep(0.005)
            child.send_signal(how)
            child.communicate(timeout=200)
        return child.returncode

    def blocks(self) -> list[Block]:
        if not (self.out / "run.json").exists():
            return []
        with LoadStore.open(self.out) as store:
            return [block for block in store.blocks() if block.load != WARM_UP]


@pytest.mark.slow
def test_a_run_that_was_cut_off_goes_on_with_the_blocks_that_are_missing(tmp_path: Path) -> None:
    with FakeServer({"a": BRISK, "b": BRISK}) as server:
        run = Run(server, tmp_path)
        assert run.cut_off(signal.SIGINT) == 1
        first = run.blocks()
        assert 0 < len(first) < len(WANTED)
        code, said = run.end(*run.asked[:-2], "--tokens", "9", "--out", str(run.out))
        assert (code, "holds another run" in said) == (2, True), said
        assert run.cut_off(signal.SIGKILL) == -signal.SIGKILL  # the same command had gone on
        second = run.blocks()
        assert second[: len(first)] == first
        code, said = run.end("resume", str(run.out))
        assert code == 0, said
        assert "measured in more than one session" in said
        asked, whole = len(server.requests), run.blocks()
        code, said = run.end(*run.asked)
        assert (code, "all of this was measured already" in said) == (0, True), said
        assert len(server.requests) == asked
    assert whole[: len(second)] == second
    assert {(one.load, one.number, one.candidate) for one in whole} == WANTED
    assert len(whole) == len(WANTED)
