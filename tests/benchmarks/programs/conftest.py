"""What the tests of programs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.programs.bare_stage import BareStage


@pytest.fixture
def bare_stage(tmp_path: Path) -> Iterator[BareStage]:
    with BareStage(tmp_path) as stage:
        yield stage
