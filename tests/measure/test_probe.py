"""What a run notes of the machine."""

import json
from datetime import datetime
from pathlib import Path

from visavis.measure.probe import _cpu, _revision, _version, probe


def test_the_machine_is_plain_data_without_a_path_or_a_name_of_the_user() -> None:
    told = probe()
    text = json.dumps(told)
    assert str(Path.home()) not in text.replace('"/"', "")
    assert str(Path.cwd()) not in text
    assert told["cores"] >= 1
    assert told["memory_bytes"] > 2**28
    assert datetime.fromisoformat(told["at"]).utcoffset() is not None
    assert told["packages"]["msgspec"]


def test_what_cannot_be_known_is_none_and_not_an_error(tmp_path: Path) -> None:
    assert _revision(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert _revision(tmp_path) is None
    assert _version("no such package") is None
    assert _cpu(tmp_path / "nothing")
    (tmp_path / "cpuinfo").write_text("processor: 0\n")
    assert _cpu(tmp_path / "cpuinfo")
