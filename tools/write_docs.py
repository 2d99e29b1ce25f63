"""Writes the pages that are made from the code: `make docs`; `make check` runs it with --check.

- the tree in README.md, one line a file, from the first line of each module's docstring
- docs/reference/commands.md, from every command's --help
- docs/reference/benchmarks.md, from the registry
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "visavis"
COMMANDS = ("compare", "resume", "show", "models", "models pull", "doctor")


def first_line(source: Path) -> str:
    """First sentence of a module's docstring."""
    doc = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return doc.split("\n")[0].rstrip(".")


def tree() -> str:
    """Every module of the package, by room, with what it is for."""
    rooms = sorted(p for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists())
    top = sorted(PACKAGE.glob("*.py"))
    lines = ["src/visavis/", *(f"├── {s.name:<22} {first_line(s)}" for s in top)]
    for room in rooms:
        lines.append(f"├── {room.name + '/':<22} {first_line(room / '__init__.py')}")
        lines += [
            f"│   ├── {source.relative_to(room).as_posix():<18} {first_line(source)}"
            for source in sorted(room.rglob("*.py"))
            if source.name != "__init__.py"
        ]
    return "\n".join(lines)


def commands() -> str:
    """The help of every command, at a fixed width, so that it reads the same on any terminal."""
    parts = ["# Commands", "", "Written by `make docs` from `--help`."]
    visavis = [sys.executable, "-m", "visavis"]
    environment = {**os.environ, "COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}
    for command in COMMANDS:
        asked = [*visavis, *command.split(), "--help"]
        shown = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)
        text = shown.stdout.replace("python -m visavis", "visavis").rstrip()
        text = "\n".join(line.rstrip() for line in text.splitlines())
        parts += ["", f"## visavis {command}", "", "```text", text, "```"]
    return "\n".join(parts) + "\n"


def benchmarks() -> str:
    """What each benchmark asks, by which protocol, and where it departs from it."""
    import visavis.benchmarks.choose  # noqa: F401  # registers what it imports
    from visavis.benchmarks.base import BENCHMARKS

    parts = ["# Benchmarks", "", "Written by `make docs` from the registry."]
    for benchmark in map(BENCHMARKS.get, BENCHMARKS):
        chance = "none" if benchmark.chance is None else f"{benchmark.chance:.0%}"
        parts += ["", f"## {benchmark.protocol}", "", f"Source: {benchmark.source}", ""]
        parts += [f"Version {benchmark.version}. Chance: {chance}."]
        if benchmark.departures:
            parts += ["", "Departures:", "", *(f"- {line}" for line in benchmark.departures)]
    return "\n".join(parts) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page, with the text that it should hold."""
    readme = ROOT / "README.md"
    shown = re.sub(
        r"(?s)(<!-- tree -->\n```text\n).*?(```\n<!-- /tree -->)",
        lambda found: found[1] + tree() + "\n" + found[2],
        readme.read_text(encoding="utf-8"),
    )
    reference = ROOT / "docs" / "reference"
    return {
        readme: shown,
        reference / "commands.md": commands(),
        reference / "benchmarks.md": benchmarks(),
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
