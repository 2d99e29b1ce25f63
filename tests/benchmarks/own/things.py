"""What the tests of one's own cases share."""

from pathlib import Path

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.base import Benchmark, LoadOptions
from visavis.benchmarks.own.loading import load_own, read_own
from visavis.core.case import Case
from visavis.core.errors import CaseFileError
from visavis.core.outcome import Score

FOUR_LINES = """\
cases:
  - id: sum
    prompt: What is 17 + 25?
    number: 42
"""


class Write:
    """Writes case files into a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: str | bytes, name: str = "cases.yaml") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def wrong(self, content: str | bytes, name: str = "cases.yaml") -> str:
        """What a wrong file is told, without the folder in front."""
        with pytest.raises(CaseFileError) as caught:
            load_own(self(content, name))
        said = str(caught.value)
        assert "\n" not in said
        assert caught.value.exit_code == 2
        return said.replace(f"{self.folder}/", "")

    def every_mistake(self, content: str | bytes, name: str = "cases.yaml") -> list[str]:
        """All that is wrong with a file: `LINE: what`."""
        return [f"{one.line}: {one.said}" for _, one in read_own(self(content, name)).wrong]


def cases(benchmark: Benchmark) -> list[Case]:
    options = LoadOptions(home=Path("unused"), seed=0, note=lambda text: None)
    return list(benchmark.load(options))


def grade(benchmark: Benchmark, reply: str, number: int = 0) -> float:
    graded = benchmark.grade(cases(benchmark)[number], reply, PlainFence())
    assert isinstance(graded, Score), graded
    return graded.value
