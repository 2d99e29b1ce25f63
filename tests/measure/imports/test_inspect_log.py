"""Inspect's logs are read from zip and JSON alike, and a zip made to do harm is refused."""

import json
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from tests.measure.imports import logs
from tests.measure.imports.test_formats import entries, whole
from visavis.core.errors import DataError
from visavis.core.outcome import Usage
from visavis.measure.imports import inspect_log


def test_zip_and_json_hold_the_same(tmp_path: Path) -> None:
    samples = [logs.sample(1, "5"), logs.sample(2, "nine", "I"), logs.sample(3, None)]
    packed = whole(logs.inspect_zip(tmp_path / "a.eval", samples))
    plain = whole(logs.write(tmp_path / "a.json", {**logs.HEAD, "samples": samples}))
    assert packed == plain
    first, second, failed = packed.entries
    assert (packed.tool, first.task, first.model) == ("inspect", "gsm8k", "openai/gpt-x")
    assert (first.case.id, first.case.target, first.text) == ("1", "5", "5")
    assert first.finish == "stop"
    assert first.usage == Usage(input_tokens=11, output_tokens=3)
    assert first.mark is not None
    assert (first.mark.value, first.mark.by, first.mark.read) == (1.0, "match", "5")
    assert second.mark is not None
    assert second.mark.value == 0.0
    assert failed.text is None
    assert json.loads(first.case.fields["messages"]) == [
        ["system", "Think."],
        ["user", "What is 2 + 3?"],
    ]
    assert packed.settings == {"max_tokens": "64", "temperature": "0.0", "inspect_ai": "0.3"}


def test_epochs_are_cases_of_one_group(tmp_path: Path) -> None:
    samples = [logs.sample(1, "5"), logs.sample(1, "6", epoch=2)]
    first, second = entries(logs.inspect_zip(tmp_path / "a.eval", samples))
    assert (first.case.id, second.case.id) == ("1", "1~2")
    assert first.case.group == second.case.group


def test_choices_are_graded_by_letter_unless_several_are_right(tmp_path: Path) -> None:
    one = logs.sample(1, "ANSWER: B", choices=["a", "b"], target="B")
    two = logs.sample(2, "ANSWER: A, B", choices=["a", "b"], target=["A", "B"])
    first, second = entries(logs.inspect_zip(tmp_path / "a.eval", [one, two]))
    assert (first.check, first.case.target) == ("letter", "B")
    assert (second.check, second.case.target) == (None, '["A", "B"]')
    many = logs.sample(1, "B", choices=[str(n) for n in range(30)], target="B")
    with pytest.raises(DataError, match="more choices than there are letters"):
        entries(logs.inspect_zip(tmp_path / "a.eval", [many]))


def test_attachments_parts_and_what_is_kept_without_messages_are_read(tmp_path: Path) -> None:
    parts = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "5"}]
    choice = {"message": {"role": "assistant", "content": parts}, "stop_reason": "max_tokens"}
    bare = logs.sample(
        1,
        "x",
        value=0.25,
        messages=[],
        output={"choices": [choice]},
        input=[{"role": "user", "content": "attachment://abc"}],
        attachments={"abc": "2 + 3?"},
    )
    told = logs.sample(2, "x", value={"a": 1}, messages=[])
    first, second = entries(logs.inspect_zip(tmp_path / "a.eval", [bare, told]))
    assert (first.case.question, first.text, first.finish) == ("2 + 3?", "5", "length")
    assert first.usage is None
    assert first.mark is not None
    assert first.mark.value == 0.25
    assert (second.case.question, second.mark) == ("What is 4 + 4?", None)


def test_metadata_bring_what_our_graders_need(tmp_path: Path) -> None:
    code = {"prompt": "def f():\n", "test": "def check(f): ...", "entry_point": "f"}
    told = {"instruction_id_list": ["a"], "kwargs": [{}]}
    samples = [logs.sample(1, "x", metadata=code), logs.sample(2, "x", metadata=told)]
    first, second = entries(logs.inspect_zip(tmp_path / "a.eval", samples))
    assert first.case.target == "def check(f): ..."
    assert first.case.fields["entry_point"] == "f"
    assert second.case.fields["kwargs"] == "[{}]"


def test_a_zip_that_leads_out_of_itself_is_refused(tmp_path: Path) -> None:
    for name in ("../../evil.json", "/etc/evil", "samples/..\\..\\evil"):
        with zipfile.ZipFile(tmp_path / "a.eval", "w") as packed:
            packed.writestr("header.json", json.dumps(logs.HEAD))
            packed.writestr(name, "{}")
        with pytest.raises(DataError, match="which leads out of it"):
            entries(tmp_path / "a.eval", "inspect")
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_zip_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect_log, "LARGEST_BYTES", 1 << 20)
    bomb = logs.sample(1, "0" * (2 << 20))
    with pytest.raises(DataError, match="unpacks to more than 1 MiB"):
        entries(logs.inspect_zip(tmp_path / "a.eval", [bomb]), "inspect")


def test_a_zip_that_is_torn_or_another_s_is_refused(tmp_path: Path) -> None:
    whole_zip = logs.inspect_zip(tmp_path / "a.eval", [logs.sample(1, "5")]).read_bytes()
    (tmp_path / "b.eval").write_bytes(whole_zip[: len(whole_zip) // 2])
    with pytest.raises(DataError, match="cut short or no zip"):
        entries(tmp_path / "b.eval", "inspect")
    with zipfile.ZipFile(tmp_path / "c.eval", "w") as packed:
        packed.writestr("a.txt", "header.json")
    with pytest.raises(DataError, match="none that inspect wrote"):
        entries(tmp_path / "c.eval", "inspect")
    with zipfile.ZipFile(tmp_path / "d.eval", "w") as packed:
        packed.writestr("header.json", b"\xff")
    with pytest.raises(DataError, match=r"'header.json', which is not UTF-8"):
        entries(tmp_path / "d.eval", "inspect")


def test_zstandard_is_read_where_python_can_and_else_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zstd = pytest.importorskip("backports.zstd")
    sample = logs.sample(1, "5")
    members = {
        "header.json": json.dumps(logs.HEAD).encode(),
        "samples/1_epoch_1.json": json.dumps(sample).encode(),
    }
    file = logs.zstandard_zip(tmp_path / "a.eval", members, zstd.compress)
    assert entries(file)[0].text == "5"
    torn = bytearray(file.read_bytes())
    at = torn.index(b"samples/1_epoch_1.json") + 40
    torn[at] ^= 0xFF
    (tmp_path / "b.eval").write_bytes(bytes(torn))
    with pytest.raises(DataError, match=r"is damaged in 'samples/1_epoch_1.json'"):
        entries(tmp_path / "b.eval")

    def without(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(inspect_log, "import_module", without)
    with pytest.raises(DataError, match=r"install 'backports.zstd', or turn it into JSON"):
        entries(file)
    assert import_module("json") is json
