"""What tests of imports begin with."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.imports_things import Import
from visavis.api.imports import Brought, bring
from visavis.options import ImportOptions
from visavis.report.progress import screen


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def imported(home: Path) -> Import:
    def bring_in(*files: Path, kind: str = "auto", **options: Any) -> Brought:
        return bring(kind, files, ImportOptions(**options), home, screen())

    return bring_in
