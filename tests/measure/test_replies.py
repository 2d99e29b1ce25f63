"""Replies already paid for: found by content, shared between processes, lost without harm."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from visavis.core.candidate import Candidate
from visavis.core.outcome import Reply, Retry, Usage
from visavis.core.prompt import Message, Prompt, Settings, ask
from visavis.core.stamps import Stamps
from visavis.measure.replies import Kept, Replies, content, identity

ROOT = Path(__file__).parents[2]
HOSTED = Candidate(
    name="mine", kind="hosted", route="http", model="m", snapshot="m", base_url="https://x.org/v1"
)
PROMPT = ask("What is 2 + 2?", max_tokens=10)
REPLY = Reply(text="4", usage=Usage(input_tokens=3, output_tokens=1))


def key(
    prompt: Prompt = PROMPT, repeat: int = 0, of: Candidate = HOSTED, engine: str = ""
) -> bytes:
    return content(identity(of, engine), prompt, repeat)


@pytest.fixture
def notes() -> list[str]:
    return []


def test_a_reply_is_found_in_a_later_run_with_its_price_and_date_and_without_its_stamps(
    tmp_path: Path, notes: list[str]
) -> None:
    first = Replies(tmp_path / "home" / "replies.sqlite", notes.append)
    stamps = Stamps(due=0, sent=0, first=1, last=2, done=3)
    timed = replace(REPLY, stamps=stamps, retries=(Retry(because="429", waited_s=1.0),))
    first.add(key(), timed, 0.25, "2026-11-21")
    first.close()
    second = Replies(tmp_path / "home" / "replies.sqlite", notes.append)
    assert second.get(key()) == Kept(REPLY, 0.25, "2026-11-21")
    assert second.get(key(repeat=1)) is None
    second.close()
    assert notes == []


def test_all_that_could_change_a_reply_is_in_its_key_and_nothing_else() -> None:
    settings = PROMPT.settings
    others = [
        key(ask("What is 2 + 3?", max_tokens=10)),
        key(ask("What is 2 + 2?", max_tokens=10, system="Be brief.")),
        key(replace(PROMPT, messages=(Message(role="assistant", content="What is 2 + 2?"),))),
        *(
            key(replace(PROMPT, settings=changed))
            for changed in (
                Settings(max_tokens=11),
                replace(settings, temperature=0.5),
                replace(settings, top_p=0.5),
                replace(settings, seed=1),
                replace(settings, stop=("\n",)),
            )
        ),
        key(repeat=1),
        key(of=replace(HOSTED, route="openai")),
        key(of=replace(HOSTED, model="n")),
        key(of=replace(HOSTED, snapshot="n")),
        key(of=replace(HOSTED, base_url="https://y.org/v1")),
        key(of=replace(HOSTED, base_url="https://x.org:8000/v1")),
    ]
    assert len({key(), *others}) == len(others) + 1
    renamed = replace(HOSTED, name="theirs", key_name="KEY", base_url="https://u:secret@x.org/v1")
    assert key(of=renamed) == key()
    local = replace(HOSTED, kind="local", base_url=None)
    assert key(of=local, engine="llama.cpp 1") != key(of=local, engine="llama.cpp 2")


def test_the_first_reply_to_a_content_stays(tmp_path: Path, notes: list[str]) -> None:
    replies = Replies(tmp_path / "replies.sqlite", notes.append)
    replies.add(key(), REPLY, 0.25, "first")
    replies.add(key(), replace(REPLY, text="5"), 0.25, "second")
    replies.commit()
    kept = replies.get(key())
    assert kept is not None
    assert kept.reply.text == "4"
    replies.close()


@pytest.mark.parametrize("torn", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_torn_file_is_set_aside_and_said(tmp_path: Path, torn: bytes, notes: list[str]) -> None:
    file = tmp_path / "replies.sqlite"
    file.write_bytes(torn)
    replies = Replies(file, notes.append)
    replies.add(key(), REPLY, None, "now")
    replies.commit()
    assert replies.get(key()) is not None
    replies.close()
    (note,) = notes
    assert "set aside as 'replies-torn-" in note
    (aside,) = tmp_path.glob("replies-torn-*.sqlite")
    assert aside.read_bytes() == torn


def test_a_file_torn_while_in_use_costs_its_replies_and_no_more(
    tmp_path: Path, notes: list[str]
) -> None:
    file = tmp_path / "replies.sqlite"
    Replies(file, notes.append).close()
    whole = Replies(file, notes.append)
    for n in range(2000):
        whole.add(key(repeat=n), REPLY, None, "now")
    whole.close()
    again = Replies(file, notes.append)
    raw = bytearray(file.read_bytes())
    raw[8192:] = b"\xee" * (len(raw) - 8192)
    file.write_bytes(bytes(raw))
    assert all(again.get(key(repeat=n)) is None for n in (1999, 3, 700))
    again.add(key(), REPLY, None, "now")
    again.commit()
    assert again.get(key()) is not None
    again.close()
    assert any("torn" in note for note in notes)


def test_a_place_where_nothing_can_be_kept_is_said_and_gone_without(
    tmp_path: Path, notes: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    replies = Replies(tmp_path / "file" / "replies.sqlite", notes.append)
    replies.add(key(), REPLY, None, "now")
    replies.commit()
    replies.checkpoint()
    assert replies.get(key()) is None
    replies.close()
    assert len(notes) == 1
    assert notes[0].startswith("replies are not kept for later runs")


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path, notes: list[str]) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.measure.test_replies import *\n"
        "replies = Replies(Path(sys.argv[1]), print)\n"
        "for n in range(300):\n"
        "    replies.add(key(repeat=int(sys.argv[2]) + n), REPLY, None, 'now')\n"
        "    replies.commit()\n"
        "replies.close()"
    )
    file = tmp_path / "replies.sqlite"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(file), str(start)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for start in (0, 300, 600, 150)
    ]
    assert [writer.communicate()[0] for writer in writers] == [""] * 4
    assert [writer.returncode for writer in writers] == [0] * 4
    replies = Replies(file, notes.append)
    assert all(replies.get(key(repeat=n)) is not None for n in range(900))
    replies.close()


def test_a_cache_that_breaks_while_in_use_is_gone_without(tmp_path: Path, notes: list[str]) -> None:
    replies = Replies(tmp_path / "replies.sqlite", notes.append)
    with sqlite3.connect(tmp_path / "replies.sqlite") as other:
        other.execute("DROP TABLE replies")
    other.close()
    assert replies.get(key()) is None
    replies.add(key(), REPLY, None, "now")
    replies.commit()
    replies.close()
    assert notes == ["replies are not kept for later runs: no such table: replies"]


def test_while_another_process_writes_a_reply_waits_for_the_next_commit(
    tmp_path: Path, notes: list[str]
) -> None:
    replies = Replies(tmp_path / "replies.sqlite", notes.append)
    other = sqlite3.connect(tmp_path / "replies.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    replies.add(key(), REPLY, None, "now")
    replies.commit()
    assert replies.get(key()) is None
    other.execute("COMMIT")
    other.close()
    replies.commit()
    assert replies.get(key()) is not None
    replies.close()
    assert notes == []


def test_a_cache_of_a_newer_visavis_is_left_alone(tmp_path: Path, notes: list[str]) -> None:
    Replies(tmp_path / "replies.sqlite", notes.append).close()
    with sqlite3.connect(tmp_path / "replies.sqlite") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    Replies(tmp_path / "replies.sqlite", notes.append).close()
    assert len(notes) == 1
    assert "update visavis" in notes[0]
