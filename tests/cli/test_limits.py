"""The command `visavis limits`."""

from datetime import date
from pathlib import Path

from tests.cli.calling import called
from tests.fake_limits import Truth
from tests.fake_server import FakeServer
from visavis.measure.limits.found import read

TRUTH = Truth(context=3000, sees_to=10**9, output=100, until=date(2024, 6, 1))
FEW = ["--longest", "4000", "--repeats", "1", "--output-tokens", "300"]


def test_limits_are_printed_and_written(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "limits.json"
    with FakeServer({"m": TRUTH.model}) as server:
        done = called(environment, "limits", f"{server.url}#m", *FEW, "--json", str(file))
    assert done.returncode == 0, done.stderr
    for said in ("the server says 3,000", "at every depth", "100 tokens", "cutoff   2024-", "1/1"):
        assert said in done.stdout
    assert "tokens is accepted" in done.stderr
    (found,) = read(file)
    assert (found.candidate, found.route, list(found.parts)) == (
        "m",
        "http",
        ["context", "needle", "output", "cutoff"],
    )


def test_a_dry_run_tells_the_price_and_asks_nothing(environment: dict[str, str]) -> None:
    done = called(
        {**environment, "OPENAI_API_KEY": "sk-test"}, "limits", "gpt-4o-mini", "--dry-run"
    )
    assert done.returncode == 0, done.stderr
    assert "at most" in done.stdout


def test_what_is_left_is_said_and_is_an_error(environment: dict[str, str]) -> None:
    done = called(environment, "limits", "scripted:Yes", "--what", "context")
    assert done.returncode == 1
    assert "counts no tokens" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_mistake_is_one_line(environment: dict[str, str]) -> None:
    done = called(environment, "limits", "scripted:Yes", "--what", "contxt")
    assert done.returncode == 2
    assert "try context" in done.stderr
    assert done.stderr.count("\n") == 1
