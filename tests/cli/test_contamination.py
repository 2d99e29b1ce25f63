"""`visavis contamination`: what it prints, what it asks again, and one line for each mistake."""

import json
from pathlib import Path

import pytest

from tests.api.test_contamination import data
from tests.cli.calling import called

__all__ = ["data"]  # a fixture

SAYS_B = "scripted:The best answer is B."


def test_a_table_its_meaning_and_its_limits_are_printed(
    environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    words = ("contamination", SAYS_B, "--on", "mmlu@meta-5shot:4", "--data", str(data))
    done = called(environment, *words, "--json", str(tmp_path / "found.json"))
    assert done.returncode == 0, done.stderr
    assert "mmlu@meta-5shot+turned (16), mmlu@option-orders (4)" in done.stdout
    assert "same letter in every order" in done.stdout
    (found,) = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert found["turned"]["found"]["by_letter"]["value"] == 1.0
    assert found["weighed"]["left_out"] == 4  # it picks, and says no log-probability
    again = called(environment, *words, "--lang", "fr")
    assert "même lettre dans tous les ordres" in again.stdout
    (folder,) = (Path(environment["VISAVIS_HOME"]) / "contamination").iterdir()
    resumed = called(environment, "resume", str(folder))
    assert resumed.returncode == 2
    assert "go on with: visavis contamination 'scripted:The best" in resumed.stderr
    assert "--on mmlu@meta-5shot:4" in resumed.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--on names nothing"),
        (("--on", "gsm8k:1"), "needs 5 examples"),
        (("--on", "mnlu"), "try mmlu"),
        (("--on", "mmlu", "--at-once", "-1"), "--at-once -1 is no number of requests"),
    ],
)
def test_a_mistake_costs_one_line(
    environment: dict[str, str], data: Path, words: tuple[str, ...], said: str
) -> None:
    done = called(environment, "contamination", SAYS_B, "--data", str(data), *words)
    assert done.returncode == 2
    assert said in done.stderr
