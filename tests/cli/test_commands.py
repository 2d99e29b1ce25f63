"""The real command: what it prints, what it exits with, and one line for each mistake."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.calling import VISAVIS, called
from tests.fake_models import say
from tests.fake_server import FakeServer

CASES = "cases:\n  - id: one\n    prompt: Say yes.\n    equals: 'Yes'\n"
BOTH = ("scripted:Yes", "scripted:No")


def test_a_comparison_prints_table_and_verdict_and_writes_a_page(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = called(environment, "compare", *BOTH, "--on", "logic:20", "--json", str(tmp_path / "j"))
    assert done.returncode == 0, done.stderr
    assert "logic" in done.stdout
    assert "undecided" in done.stdout
    page = Path(done.stdout.split("Page: ")[1].splitlines()[0])
    assert page.exists()
    assert (tmp_path / "j").read_text(encoding="utf-8").startswith("{")
    assert "logic 20/20" in done.stderr  # progress is no part of the output
    assert "20/20" not in done.stdout


def test_a_plan_is_printed_with_its_price_without_a_key_and_nothing_is_asked(
    environment: dict[str, str],
) -> None:
    done = called(environment, "compare", "gpt-4o", "gpt-4o-mini", "--on", "logic:20", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "at most" in done.stdout
    assert "2027-01-14" in done.stderr
    assert not (Path(environment["VISAVIS_HOME"]) / "runs").exists()


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_a_run_is_shown_again_in_both_languages(environment: dict[str, str], form: str) -> None:
    called(environment, "compare", *BOTH, "--on", "logic:4")
    english = called(environment, "show", "last", "--format", form)
    french = called(environment, "show", "last", "--format", form, "--lang", "fr")
    assert (english.returncode, french.returncode) == (0, 0)
    if form != "json":
        assert "undecided" in english.stdout
        assert "indécis" in french.stdout


def test_a_load_is_put_on_a_server_and_shown_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with FakeServer({"m": say("word " * 6, pieces=6, first_s=0.01, gap_s=0.001)}) as server:
        words = ["--concurrency", "2", "--tokens", "6", "--requests", "4", "--blocks", "2"]
        done = called(
            environment, "speed", f"{server.url}#m", *words, "--json", str(tmp_path / "j")
        )
    assert done.returncode == 0, done.stderr
    assert "m, under load" in done.stdout
    assert "2 at once" in done.stdout
    page = Path(done.stdout.split("Page: ")[1].splitlines()[0])
    assert page.exists()
    assert (tmp_path / "j").read_text(encoding="utf-8").startswith("{")
    shown = called(environment, "show", "last", "--lang", "fr")
    assert "2 à la fois" in shown.stdout
    resumed = called(environment, "resume", "last")
    assert resumed.returncode == 0
    assert "all of this was measured already" in resumed.stderr


def test_a_load_is_planned_without_sending_anything(environment: dict[str, str]) -> None:
    keyed = {**environment, "OPENAI_API_KEY": "sk-test"}
    done = called(keyed, "speed", "openai:gpt-4o-mini", "--rate", "2", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "2 a second" in done.stdout
    assert "the run ends at $1.00" in done.stdout
    assert not (Path(environment["VISAVIS_HOME"]) / "runs").exists()


def test_the_instrument_says_what_it_is_worth(environment: dict[str, str], tmp_path: Path) -> None:
    done = called(environment, "calibrate", "--streams", "8", "--json", str(tmp_path / "c.json"))
    assert done.returncode == 0, done.stderr
    assert "vouches for" in done.stdout
    assert '"first_token"' in (tmp_path / "c.json").read_text(encoding="utf-8")


MISTAKES = [
    (["compare", "gpt4o-mini", "scripted:a"], 2, "try gpt-4o-mini"),
    (["compare", "scripted:a"], 2, "needs two candidates"),
    (["compare", "openai:gpt-4o", "scripted:a"], 2, "OPENAI_API_KEY"),
    (["compare", *BOTH, "--on", "logik"], 2, "try logic"),
    (["compare", *BOTH, "--on", "none.yaml"], 2, "none.yaml"),
    (["compare", *BOTH, "--on", "broken.yaml"], 2, "broken.yaml:3"),
    (["compare", *BOTH, "--on", "logic:999999"], 2, "cases"),
    (["compare", *BOTH, "--repeats", "-1"], 2, "--repeats"),
    (["compare", *BOTH, "--budget", "nan"], 2, "--budget"),
    (["compare", *BOTH, "--policy", "thrifty"], 2, "policy"),
    (["compare", *BOTH, "--json", "broken.yaml/x.json"], 2, "cannot be written"),
    (["compare", *BOTH, "--lang", "de"], 2, "'de'"),
    (["compare", "gguf:none.gguf", "scripted:a"], 2, "none.gguf"),
    (["compare", "gguf:text.gguf", "scripted:a"], 2, "text.gguf"),
    (["compare", "http://127.0.0.1:9/v1#m", "scripted:a", "--on", "logic:2"], 1, "127.0.0.1"),
    (["compare", "http://127.0.0.1:9/v1", "scripted:a"], 2, "model-id"),
    (["resume", "none"], 1, "none"),
    (["show", "none"], 1, "none"),
    (["show", "folder"], 1, "run.json"),
    (["models", "pull", "smollm"], 2, "smollm2-135m"),
    (["power", "--gap", "0"], 2, "--gap 0"),
    (["power", "--from", "none"], 1, "none"),
    (["compare", *BOTH, "--until", "bored"], 2, "decided"),
    (["speed", "smollm2"], 2, "smollm2-135m"),
    (["speed", "scripted:Yes"], 2, "no speed"),
    (["speed", "http://127.0.0.1:9/v1#m", "--concurrency", "0"], 2, "--concurrency"),
    (["speed", "http://127.0.0.1:9/v1#m", "--slo", "fast"], 2, "first_token_s.p95<=0.8"),
    (["speed", "http://127.0.0.1:9/v1#m"], 1, "127.0.0.1"),
    (["calibrate", "--streams", "none"], 2, "--streams"),
    (["calibrate", "--processes", "0"], 2, "--processes"),
    (["comapre"], 2, "compare"),
    (["compare", *BOTH, "--suit", "quick"], 2, "--suite"),
    (["compare", *BOTH, "--at-once", "many"], 2, "--at-once"),
    (["compare", *BOTH, "--suite", "huge"], 2, "quick"),
]


@pytest.mark.parametrize(("words", "code", "said"), MISTAKES, ids=lambda x: str(x)[:60])
def test_a_mistake_is_one_line_that_says_what_and_what_to_do(
    environment: dict[str, str], tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    (tmp_path / "broken.yaml").write_text("cases:\n  - id: a\n    promt: b\n", encoding="utf-8")
    (tmp_path / "text.gguf").write_text("this is no model", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    done = called(environment, *words, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert next(line for line in done.stderr.splitlines() if said in line).startswith("visavis: ")
    assert done.stderr.count("visavis: ") == 1


def test_an_interrupt_ends_in_a_verdict_and_resume_goes_on(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    slow = say("Yes", pieces=2, first_s=0.15)
    with FakeServer({"a": slow, "b": slow}) as server:
        words = ["compare", f"{server.url}#a", f"{server.url}#b", "--on", "logic:60", "--no-speed"]
        words += ["--at-once", "2", "--out", "run"]
        running = subprocess.Popen(
            [*VISAVIS, *words], env=environment, cwd=tmp_path, stdout=-1, stderr=-1, text=True
        )
        while len(server.requests) < 12:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=200)
        assert running.returncode == 1, err
        assert "Traceback" not in err
        assert "visavis resume run" in out
        went_on = called(environment, "resume", "run", cwd=tmp_path)
        assert went_on.returncode == 0, went_on.stderr
        asked = [request.prompt for request in server.requests if request.model == "a"]
    assert "n = 60" in went_on.stdout.replace("\u00a0", " ")
    assert len(asked) <= 60 + 4  # those in flight at the interrupt may be asked again


def test_the_reader_of_a_pipe_may_go_away(environment: dict[str, str]) -> None:
    called(environment, "compare", *BOTH, "--on", "logic:4")
    line = f"{' '.join(VISAVIS)} show last | head -n 1"
    done = subprocess.run(
        ["bash", "-c", line], env=environment, capture_output=True, text=True, check=True
    )
    assert "Traceback" not in done.stderr


def test_how_many_cases_a_gap_takes_is_one_table(
    environment: dict[str, str], tmp_path: Path
) -> None:
    told = called(environment, "power", "--gap", "5", "--json", str(tmp_path / "power.json"))
    assert told.returncode == 0, told.stderr
    assert "626" in told.stdout
    assert "until decided" in told.stdout
    assert (tmp_path / "power.json").read_text(encoding="utf-8").startswith("[")
    french = called(environment, "power", "--gap", "5", "--lang", "fr")
    assert "jusqu’à trancher" in french.stdout


def test_asking_stops_when_decided_and_says_so(environment: dict[str, str]) -> None:
    words = ["scripted:Yes", "scripted:mumble", "--on", "logic", "--until", "decided"]
    told = called(environment, "compare", *words)
    assert told.returncode == 0, told.stderr
    assert "asking stops where every gap in score is decided" in told.stdout
    assert "were not needed" in " ".join(told.stdout.split())
    assert "--until decided" in told.stdout  # in the line that asks the same again


@pytest.mark.parametrize("words", [["models"], ["doctor"], ["--version"]])
def test_what_is_here_is_told_without_a_run(environment: dict[str, str], words: list[str]) -> None:
    done = called(environment, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
