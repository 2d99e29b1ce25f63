"""What tests of the command begin with."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Without keys, and with a folder of its own for data."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {**kept, "VISAVIS_HOME": str(tmp_path / "home")}
