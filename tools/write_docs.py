"""Writes the pages that are made from the code: `make docs`; `make check` runs it with --check.

- the rooms in README.md and every file in docs/reference/files.md, one line each, from the first
  line of each docstring
- docs/reference/commands.md, from every command's --help
- docs/reference/benchmarks.md, from the registry
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visavis.benchmarks.base import Benchmark

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "visavis"
WAYS = {"chat": "a conversation", "continue": "a text to go on with", "choose": "log-probabilities"}


def named() -> list[str]:
    """Every command, and every command of a command."""
    import typer

    from visavis.cli.main import app

    def below(command: Any, words: str) -> Iterator[str]:
        for name, inner in getattr(command, "commands", {}).items():
            yield f"{words} {name}".strip()
            yield from below(inner, f"{words} {name}".strip())

    return list(below(typer.main.get_command(app), ""))


def first_line(source: Path) -> str:
    """First sentence of a module's docstring."""
    doc = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return doc.split("\n")[0].rstrip(".")


def rooms() -> str:
    """What each room of the package is for."""
    return "\n".join(["src/visavis/", *(f"├── {told}" for _, told in _rooms())])


def files() -> str:
    """Every module of the package, by room, with what it is for."""
    parts = ["# Files", "", "Written by `make docs` from the first line of each module."]
    parts += ["", "```text", "src/visavis/"]
    parts += [f"├── {s.name:<22} {first_line(s)}" for s in sorted(PACKAGE.glob("*.py"))]
    for room, told in _rooms():
        parts.append(f"├── {told}")
        parts += [
            f"│   ├── {source.relative_to(room).as_posix():<18} {first_line(source)}"
            for source in sorted(room.rglob("*.py"))
            if source.name != "__init__.py"
        ]
    return "\n".join([*parts, "```"]) + "\n"


def _rooms() -> Iterator[tuple[Path, str]]:
    for room in sorted(PACKAGE.iterdir()):
        if (room / "__init__.py").exists():
            yield room, f"{room.name + '/':<22} {first_line(room / '__init__.py')}"


def commands() -> str:
    """The help of every command, at a fixed width, so that it reads the same on any terminal."""
    parts = ["# Commands", "", "Written by `make docs` from `--help`."]
    visavis = [sys.executable, "-m", "visavis"]
    environment = {**os.environ, "COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}
    for command in named():
        asked = [*visavis, *command.split(), "--help"]
        shown = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)
        text = shown.stdout.replace("python -m visavis", "visavis").rstrip()
        text = "\n".join(line.rstrip() for line in text.splitlines())
        parts += ["", f"## visavis {command}", "", "```text", text, "```"]
    return "\n".join(parts) + "\n"


def benchmarks() -> str:
    """What each benchmark asks, by which protocols, and where these depart from the published."""
    from visavis.benchmarks.base import BENCHMARKS, Benchmark
    from visavis.benchmarks.choose import ROOMS

    parts = ["# Benchmarks", "", "Written by `make docs` from the registry. A bare name (`mmlu`)"]
    parts += ["asks the first of its protocols that all candidates can run, and says which."]
    kin: dict[str, list[Benchmark]] = {room.__name__.rpartition(".")[2]: [] for room in ROOMS}
    for benchmark in map(BENCHMARKS.get, BENCHMARKS):
        room = benchmark.load.__module__ + getattr(benchmark.ask, "__module__", "")
        home = next((name for name in kin if f".{name}" in room), benchmark.family)
        kin.setdefault(home, []).append(benchmark)
    for several in kin.values():
        parts += ["", *_kin(several)] if several else []
    return "\n".join(parts) + "\n"


def _kin(several: "list[Benchmark]") -> Iterator[str]:
    """The protocols that one module of the package offers."""
    yield f"## {several[0].family.partition('-')[0]}"
    yield ""
    yield "| Protocol | Asked as | Chance | Cases usually asked | Source |"
    yield "| --- | --- | --- | --- | --- |"
    for one in several:
        chance = "" if one.chance is None else f"{one.chance:.0%}"
        count = "all" if one.usual_count is None else str(one.usual_count)
        yield f"| `{one.protocol}` | {WAYS[one.way]} | {chance} | {count} | {one.source} |"
    departures: dict[str, list[str]] = {}
    for one in several:
        for line in one.departures:
            departures.setdefault(line, []).append(one.protocol)
    if departures:
        yield ""
        yield "Departures from what is published:"
        yield ""
    for line, protocols in departures.items():
        whom = "" if len(protocols) == len(several) else f" ({_listed(protocols)})"
        yield f"- {line}{whom}"


def _listed(protocols: list[str]) -> str:
    """Protocols by name; a benchmark with many tasks is told once."""
    if len(protocols) < 5:
        return ", ".join(f"`{name}`" for name in protocols)
    ends = dict.fromkeys(name.partition("@")[2] for name in protocols)
    return ", ".join(f"all `…@{end}`" for end in ends)


def pages() -> dict[Path, str]:
    """Every generated page, with the text that it should hold."""
    readme = ROOT / "README.md"
    shown = re.sub(
        r"(?s)(<!-- rooms -->\n```text\n).*?(```\n<!-- /rooms -->)",
        lambda found: found[1] + rooms() + "\n" + found[2],
        readme.read_text(encoding="utf-8"),
    )
    reference = ROOT / "docs" / "reference"
    return {
        readme: shown,
        reference / "commands.md": commands(),
        reference / "benchmarks.md": benchmarks(),
        reference / "files.md": files(),
    }


def main(check: bool) -> int:
    """Writes the pages that differ; with `check` only names them, and fails when there are any."""
    stale = [
        (page, text)
        for page, text in pages().items()
        if not page.exists() or page.read_text(encoding="utf-8") != text
    ]
    for page, text in stale:
        if not check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'stale' if check else 'written'}: {page.relative_to(ROOT)}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
