"""The rules of the house, kept by tests and not by good intentions."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import visavis

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOUR = (
    "core/case.py",
    "benchmarks/humaneval.py",
    "measure/run.py",
    "verdict/decide.py",
    "report/view.py",
)
HEAVY = {"numpy", "scipy", "aiohttp", "pydantic", "typer", "rich", "jinja2", "genai_prices"}
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_public_names_are_sorted_and_all_there() -> None:
    assert visavis.__all__ == sorted(visavis.__all__, key=str.casefold)
    assert all(hasattr(visavis, name) for name in visavis.__all__)


def test_importing_visavis_loads_nothing_heavy() -> None:
    code = "import sys, visavis; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not HEAVY & set(loaded)


def test_help_loads_neither_numbers_nor_network() -> None:
    code = (
        "import sys; sys.argv = ['visavis', '--help']\n"
        "from visavis.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not (HEAVY - {"typer"}) & set(loaded)


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_no_source_file_is_longer_than_a_sitting(source: Path) -> None:
    assert len(source.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_test_file_is_longer_than_a_sitting() -> None:
    files = (ROOT / "tests").rglob("*.py")
    assert not [f.name for f in files if len(f.read_text(encoding="utf-8").splitlines()) > 400]


def test_the_tour_is_read_in_one_sitting_and_linked_from_the_readme() -> None:
    stops = [ROOT / "src" / "visavis" / stop for stop in TOUR]
    assert sum(len(stop.read_text(encoding="utf-8").splitlines()) for stop in stops) < 500
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"src/visavis/{stop}" in readme for stop in TOUR)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_python_block_on_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    names: dict[str, object] = {"__name__": "page"}
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        exec(compile(block, str(page), "exec"), names)


def test_nothing_tracked_names_this_machine_or_a_package_registry() -> None:
    # Spelt apart, so that this file does not find itself.
    hosts = ["pypi" + ".org", "python" + "hosted", "registry." + "npmjs"]
    paths = ["/wo" + "rk/", "/tmp/l" + "ab"]
    tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    for name in filter(None, tracked):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found = [word for word in (*hosts, *paths) if word in text]
        assert not found, f"{name} names {found}"
