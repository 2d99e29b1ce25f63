"""Real benchmark files that are not part of the project, where they are at hand."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("VISAVIS_SHARED_DATA", ROOT.parent / "shared" / "data"))


def shared_data(path: str = "") -> Path:
    """The file or folder; the test is skipped where it is not there."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"no shared data {path!r} here; set VISAVIS_SHARED_DATA")
    return found
