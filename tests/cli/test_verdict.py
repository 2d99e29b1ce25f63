"""`visavis verdict` and `visavis policies` as they are typed."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tests.judged_things import asked, compared, says
from visavis.cli.main import app
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.verdict.policy_schema import SCHEMA_FILE


def run(*words: str) -> None:
    app(words, standalone_mode=False)


def thanked(_: Case, text: str, fence: Fence) -> Grade:
    return Score(value=float("thank" in text), because="", read=text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "run"
    compared(made, [says("kind", "thank you"), says("curt", "no")], asked(30, grade=thanked))
    return made


def test_a_verdict_is_printed_with_what_would_change_it(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "verdict.json"
    run("verdict", str(folder), "--policy", "reasoning", "--json", str(file))
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Run run, ")
    assert printed[1].startswith("Policy reasoning: complex reasoning")
    at = next(n for n, text in enumerate(printed) if text.startswith("Choose kind:"))
    assert printed[at + 1 : at + 3] == ["", "What would change it, each by itself:"]
    assert printed[at + 3].startswith("- if kind scored ")
    assert printed[at + 3].endswith(" curt would draw level")
    assert printed[at + 6].startswith("Not weighed, since it was not measured of all:")
    assert printed[-1] == f"JSON: {file}"
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["chosen"] == "kind"
    assert found["part_not_weighed"] == pytest.approx(1 / 5.5)


def test_all_policies_are_listed_and_one_is_printed_for_an_editor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("policies")
    assert "coding         writing code that has to run\n" in capsys.readouterr().out
    run("policies", "coding")
    printed = capsys.readouterr().out
    assert printed.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE.as_uri()}\n")
    run("policies", "--schema")
    schema = json.loads(capsys.readouterr().out)
    written = YAML(typ="safe", pure=True).load(printed)
    assert list(Draft202012Validator(schema).iter_errors(written)) == []


def test_money_names_the_run_it_is_about(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("money", str(folder))
    assert capsys.readouterr().out.startswith("Run run, ")
