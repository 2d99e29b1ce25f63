"""Asking several times, and at another temperature, from Python to the report."""

from pathlib import Path
from random import Random

import pytest

import visavis
from visavis.core.errors import OptionError
from visavis.core.prompt import Prompt


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def guesser(name: str, seed: int) -> visavis.ScriptedClient:
    rng = Random(seed)
    return visavis.ScriptedClient(lambda _: rng.choice(["yes", "no"]), name=name)


def test_replies_are_drawn_as_asked_and_the_report_tells_luck(tmp_path: Path) -> None:
    a, b = guesser("a", 1), guesser("b", 2)
    run = tmp_path / "run"
    seen = visavis.compare([a, b], on="logic:12", repeats=4, temperature=0.7, speed=False, out=run)
    assert {prompt.settings.temperature for prompt in a.asked} == {0.7}
    assert "Asked at temperature 0.7, whatever the protocol says." in seen.markdown()
    (luck,) = seen.judgement.luck
    assert luck.two["a", "b"].tries == 4.0
    assert any(said.kind == "luck" for said in seen.view.sentences)
    assert "pass^4" in seen.html()
    assert '"luck_share"' in seen.json().decode()


def asked(prompt: Prompt) -> float:
    return prompt.settings.temperature


def test_without_it_each_protocol_keeps_its_own(tmp_path: Path) -> None:
    a = guesser("a", 1)
    visavis.compare([a, guesser("b", 2)], on="logic:2", speed=False, out=tmp_path / "run")
    assert set(map(asked, a.asked)) == {0.0}


@pytest.mark.parametrize("temperature", [-0.1, 2.5, float("nan"), "warm", True])
def test_what_is_no_temperature_is_refused(temperature: object) -> None:
    with pytest.raises(OptionError, match="is no temperature; give 0 to 2"):
        visavis.compare([guesser("a", 1), guesser("b", 2)], on="logic:2", temperature=temperature)
