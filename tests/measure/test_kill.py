"""Killed at any instant, a run that is gone on with ends as one that was never killed."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fake_models import Request, say
from tests.fake_server import FakeServer
from tests.measure.one_run import AT_ONCE, CASES
from visavis.core.outcome import Score
from visavis.core.trial import TrialKey
from visavis.measure.store import RunStore

ROOT = Path(__file__).parents[2]


def wrong_at_seven(request: Request) -> str:
    number = int(request.prompt.split()[0])
    return str(number if number % 7 == 0 else number + 1)


def scores(folder: Path) -> dict[TrialKey, float]:
    with RunStore.open(folder) as store:
        trials = list(store.trials())
    found = {t.key: t.grade.value for t in trials if isinstance(t.grade, Score)}
    assert len(found) == len(trials)
    return found


def begin(url: str, folder: Path) -> "subprocess.Popen[bytes]":
    folder.parent.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.measure.one_run", url, str(folder)],
        cwd=ROOT,
    )


def kill(child: "subprocess.Popen[bytes]", server: FakeServer, after: int | None) -> None:
    """Kill in the middle of the work, `after` more requests; or while it starts."""
    if after is None:
        time.sleep(random.uniform(0.0, 0.5))
    else:
        target = len(server.requests) + after
        while len(server.requests) < target:
            time.sleep(random.uniform(0.0, 0.01))
            assert child.poll() is None, "it was done before we came"
    child.kill()


@pytest.mark.parametrize(
    "kills", [2, pytest.param(20, marks=pytest.mark.slow)], ids=["2 kills", "20 kills"]
)
def test_a_run_killed_at_random_instants_ends_with_the_store_of_an_uninterrupted_one(
    tmp_path: Path, kills: int
) -> None:
    rng = random.Random(kills)
    adding = say(wrong_at_seven, first_s=0.005)
    with FakeServer({"one": adding, "two": adding}) as server:
        with begin(server.url, tmp_path / "whole" / "run") as whole:
            assert whole.wait(60) == 0
        asked_once = len(server.requests)
        torn = tmp_path / "torn" / "run"
        stored = [0]
        for number in range(kills):
            after = rng.randint(1, CASES // kills) if number % 5 else None
            with begin(server.url, torn) as child:
                kill(child, server, after)
            if (torn / "run.json").exists():
                stored.append(len(scores(torn)))
        with begin(server.url, torn) as last:
            assert last.wait(60) == 0
        asked_again = len(server.requests) - asked_once
    assert scores(torn) == scores(tmp_path / "whole" / "run")
    assert len(scores(torn)) == 2 * CASES
    assert asked_once == 2 * CASES
    assert asked_again <= 2 * CASES + kills * 2 * AT_ONCE
    assert len(set(stored)) >= kills / 2  # most were killed at work
