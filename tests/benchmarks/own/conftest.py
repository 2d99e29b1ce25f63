"""A folder to write case files into."""

from pathlib import Path

import pytest

from tests.benchmarks.own.things import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return Write(tmp_path)
