"""Killed at any instant, judging that is gone on with ends as one that was never killed."""

import random
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree

from tests.fake_models import Request, say
from tests.fake_server import FakeServer
from tests.judged_things import BETTER, TONE, asked, compared, says
from visavis.measure.judging.store import judgements_in

ROOT = Path(__file__).parents[3]
CASES = 30
ITEMS = CASES * (2 + 2)  # two replies, and a pair in both orders


def verdict(request: Request) -> str:
    return "[[A]]" if "Assistant B" in request.prompt else "Rating: [[7]]"


def begin(url: str, folder: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "tests.measure.judging.one_judging", url, str(folder)]
    return subprocess.Popen(words, cwd=ROOT)


def found(folder: Path) -> dict[object, object]:
    return {trial.key: trial.grade for trial in judgements_in(folder).trials}


def test_no_judgement_is_lost_and_none_is_asked_for_twice(tmp_path: Path) -> None:
    whole, torn = tmp_path / "a" / "run", tmp_path / "b" / "run"
    whole.parent.mkdir()
    compared(whole, [says("x", "Hi."), says("y", "Ho.")], asked(CASES, TONE, BETTER))
    copytree(whole.parent, torn.parent)
    rng = random.Random(3)
    judge = say(verdict, first_s=0.01)
    with FakeServer({"one": judge, "two": judge}) as server:
        with begin(server.url, whole) as all_at_once:
            assert all_at_once.wait(120) == 0
        asked_once = len(server.requests)
        for _ in range(2):
            target = len(server.requests) + rng.randint(10, ITEMS // 2)
            with begin(server.url, torn) as child:
                while len(server.requests) < target:
                    time.sleep(0.005)
                    assert child.poll() is None, "it was done before we came"
                child.kill()
        kept = len(found(torn))
        with begin(server.url, torn) as last:
            assert last.wait(120) == 0
        asked_again = len(server.requests) - asked_once
    assert asked_once == 2 * ITEMS
    assert found(torn) == found(whole)
    assert 0 < kept < 2 * ITEMS
    in_flight = 2 * 2 * 4  # two kills, two judges, four at once
    assert asked_again <= 2 * ITEMS + in_flight
