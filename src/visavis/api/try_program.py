"""`visavis cases try`: one program tried on one task, requirement by requirement."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from visavis.benchmarks.programs.base import Finding, ProgramTask, findings
from visavis.benchmarks.programs.tasks import PROGRAMS
from visavis.core.errors import FenceError, OptionError
from visavis.core.outcome import Evidence
from visavis.report.text import escaped
from visavis.scoring.fence.stage import Stage
from visavis.scoring.fence.talk import BrokenError
from visavis.scoring.program_text import program_text

REPLIES = (".md", ".markdown", ".txt")
"""Files that hold a reply, with the program in a code block; any other holds the program."""
ENDINGS: Mapping[str, str] = {
    "image/png": "png",
    "text/plain": "txt",
    "application/json": "json",
}
_LARGEST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a program."""

    task: ProgramTask
    file: Path
    findings: tuple[Finding, ...]
    """In the order of the task's requirements."""

    @property
    def holds(self) -> int:
        """How many requirements hold."""
        return sum(finding.holds for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 where all requirements hold, 1 where not."""
        return int(self.holds < len(self.findings))


def tried(name: str, file: Path) -> Tried:
    """Run every check of a task on the program in a file."""
    task = PROGRAMS.get(name)
    source = _source(file)
    try:
        with Stage(packages=task.packages) as stage:
            found = findings(task, source, stage)
    except BrokenError as error:
        raise FenceError(f"{str(file)!r} was not judged: {error}") from error
    return Tried(task=task, file=file, findings=found)


def _source(file: Path) -> str:
    with file.open("rb") as held:
        data = held.read(_LARGEST_BYTES + 1)
    if len(data) > _LARGEST_BYTES:
        raise OptionError(f"{str(file)!r} has more than {_LARGEST_BYTES >> 20} MiB; name a program")
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    if file.suffix.lower() not in REPLIES:
        return text
    source = program_text(text)
    if source is None:
        raise OptionError(f"{str(file)!r} holds no program; put it into a Markdown code block")
    return source


def save_frames(found: Tried, folder: Path) -> Iterator[Path]:
    """Write everything that the checks saw as a file each; gives their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, finding in enumerate(found.findings, 1):
        for evidence in finding.evidence:
            place = folder / _file_name(number, evidence)
            place.write_bytes(evidence.data)
            yield place


def _file_name(number: int, evidence: Evidence) -> str:
    named = "-".join("".join(c if c.isalnum() else " " for c in evidence.name).split())
    return f"{number:02d}-{named}.{ENDINGS[evidence.media_type]}"


def as_json(found: Tried) -> bytes:
    """The findings as a JSON file."""
    document = {
        "task": found.task.name,
        "file": str(found.file),
        "holds": found.holds,
        "of": len(found.findings),
        "requirements": [
            {
                "name": requirement.name,
                "text": requirement.text,
                "holds": finding.holds,
                "because": finding.because,
            }
            for requirement, finding in zip(found.task.requirements, found.findings, strict=True)
        ],
    }
    return escaped(json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
