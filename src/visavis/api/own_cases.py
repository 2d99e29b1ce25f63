"""`visavis cases new` and `check`: a first file of one's own cases, and whether its checks tell."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from visavis.api.around import check_writable
from visavis.api.shown import save
from visavis.benchmarks.located import Wrong, csv_of, decoded, json_lines_of, yaml_of
from visavis.benchmarks.own import promptfoo, samples
from visavis.benchmarks.own.foreign import Brought
from visavis.benchmarks.own.loading import OwnCases, read_own
from visavis.benchmarks.own.reading import located, read_bytes
from visavis.benchmarks.own.starting import starter
from visavis.benchmarks.own.trying import Tried, needs_fence, tried
from visavis.benchmarks.own.writing import yaml_text
from visavis.core.errors import OptionError
from visavis.core.fence import Fence, NoFence
from visavis.options.cases import CheckCasesOptions, NewCasesOptions
from visavis.scoring.fence.pool import open_fence

USUAL_FILE = Path("cases.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new case file."""

    file: Path
    cases: int
    lost: Sequence[Wrong]
    """What of another program's file could not be brought along."""
    origin: Path | None = None


def new_file(path: Path, options: NewCasesOptions) -> Made:
    """Write a first case file. What is there already is never overwritten."""
    if path.exists():
        raise OptionError(f"{str(path)!r} is there already; name another file")
    check_writable(path)
    if options.from_ is None:
        save(path, starter(path).encode())
        return Made(file=path, cases=len(read_own(path).cases), lost=())
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise OptionError(
            f"with --from, cases are written as YAML; {str(path)!r} is to end in .yaml"
        )
    brought = _brought(options.from_, options)
    if not brought.cases:
        why = f": {brought.lost[0].said}" if brought.lost else ""
        raise OptionError(f"{str(options.from_)!r} holds nothing that could become a case{why}")
    text = yaml_text(brought.shared, brought.cases, f"From {options.from_.name}.")
    save(path, text.encode())
    return Made(
        file=path, cases=len(brought.cases), lost=sorted(set(brought.lost)), origin=options.from_
    )


def _brought(path: Path, options: NewCasesOptions) -> Brought:
    text = decoded(str(path), read_bytes(path))
    match path.suffix.lower():
        case ".yaml" | ".yml":
            found = yaml_of(str(path), text)
            if promptfoo.is_config(found.value):
                return promptfoo.brought(found, path)
        case ".jsonl":
            found = json_lines_of(str(path), text)
            if any(isinstance(row, dict) and "input" in row for row in found.value[:1]):
                return samples.brought(found, options.grader)
        case _:
            found = csv_of(str(path), text)
    return _plain(path)


def _plain(path: Path) -> Brought:
    """Rows of a table, or cases of our own, as they stand."""
    found = located(path, read_bytes(path))
    value: Mapping[str, Any] = found.value if isinstance(found.value, dict) else {}
    cases = [case for case in value.get("cases") or () if isinstance(case, dict)]
    shared = {key: inner for key, inner in value.items() if key != "cases"}
    return Brought(file=str(path), cases=cases, shared=shared, lost=list(found.wrong))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a file or a folder of cases."""

    own: OwnCases
    tried: Tried | None
    """None where the file is wrong: then nothing was tried."""

    @property
    def exit_code(self) -> int:
        """0: all is well; 1: a check tells nothing, or is wrong; 2: the file is wrong."""
        if self.tried is None:
            return OptionError.exit_code
        return int(self.tried.faults > 0)


def check_cases(path: Path, options: CheckCasesOptions) -> Checked:
    """Read all cases; where they are right, try their checks."""
    own = read_own(path)
    if own.wrong:
        return Checked(own=own, tried=None)
    with ExitStack() as held:
        fence: Fence = NoFence()
        if needs_fence(own):
            fence = held.enter_context(open_fence(options.fence))
        return Checked(own=own, tried=tried(own, fence))


def further(path: Path) -> str:
    """The command that comes next."""
    return f"visavis cases run {quote(str(path))} CANDIDATE"
