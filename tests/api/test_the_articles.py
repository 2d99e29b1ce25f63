"""The documented way to make the two articles' comparison again, where its files are at hand."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import visavis
from tests.shared_data import ROOT, shared_data

PAGE = ROOT / "docs" / "how-to" / "the-articles.md"
EXAMPLE = ROOT / "examples" / "the_articles.sh"


def test_the_page_names_the_example_and_its_command() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "sh examples/the_articles.sh ZeroEval/result_dirs the-articles" in text
    assert EXAMPLE.exists()


def scripted(name: str) -> visavis.ScriptedClient:
    return visavis.ScriptedClient(lambda prompt: name, name=name)


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    rows = (json.dumps({"id": f"c{n}", "prompt": f"{n}?", "equals": "a"}) for n in range(30))
    Path("cases.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return "cases.jsonl"


def test_a_comparison_can_be_had_as_an_article(cases: str) -> None:
    seen = visavis.compare([scripted("a"), scripted("b")], on=cases)
    said = seen.rendered("article").decode()
    assert said.startswith("# a or b: which to choose?")
    assert "- because it was shown to be better at cases" in said


def test_a_run_of_one_candidate_has_no_article(cases: str) -> None:
    folder = visavis.compare([scripted("a"), scripted("b")], on=cases).folder
    head = folder / "run.json"
    spec = json.loads(head.read_text(encoding="utf-8"))
    spec["run"]["candidates"].pop()
    head.write_text(json.dumps(spec), encoding="utf-8")
    with pytest.raises(visavis.VisavisError, match="an article needs one"):
        visavis.load(folder).article()


@pytest.mark.slow
def test_the_articles_can_be_made_again_from_published_answers(tmp_path: Path) -> None:
    answers = shared_data("recorded/zeroeval")
    environ = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "VISAVIS_HOME": str(tmp_path / "home"),
    }
    subprocess.run(
        ["sh", str(EXAMPLE), str(answers), "the-articles"],
        cwd=tmp_path,
        env=environ,
        check=True,
        capture_output=True,
    )
    run, page = tmp_path / "the-articles", PAGE.read_text(encoding="utf-8")
    english = (run / "article.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    french = (run / "article.fr.md").read_text(encoding="utf-8")
    assert (run / "report.html").stat().st_size > 1_000_000
    assert french.startswith("# GPT-4o, GPT-4o mini ou Llama 3.1 8B")
    for figure in re.findall(r"\d\d\.\d% \(\d\d\.\d% to \d\d\.\d%\)", page):
        assert figure in english
    assert "- rather than GPT-4o for GSM8K, where the two are alike" in english
    assert "about 2,300 cases" in page
    assert "about 2,300 cases" in english
    held = re.search(r"agreeing with what is known: (\d+); contradicted by it: (\d+)", english)
    assert held is not None
    agree, wrong = held.groups()
    assert f"{agree} agree with what is known" in page
    assert f"{wrong} are contradicted" in page
