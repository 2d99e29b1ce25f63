"""A run's folder: gone on with or refused, locked, torn, on a full disk."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.measure.store_things import ASKED, ROOT, SPEC, trial
from tests.measure.things import candidate, spec, sums
from visavis.core.candidate import Fact, Unknown
from visavis.core.errors import OptionError, StoreError
from visavis.measure.disk import write_whole
from visavis.measure.store import RunStore


def test_a_closed_run_is_two_plain_files_and_a_lock(tmp_path: Path) -> None:
    with RunStore.begin(tmp_path, SPEC) as writing:
        writing.add(trial())
    assert {p.name for p in tmp_path.iterdir()} == {"run.json", "trials.sqlite", "run.lock"}


def test_the_head_can_be_read_by_people_and_names_no_path(tmp_path: Path) -> None:
    local = replace(candidate("a", "local"), file=Path("/home/somebody/secret/a.gguf"))
    fact = Fact(name="parameters", value=1.5e8, source="read from the file", as_of="2026-11-01")
    unknown = Fact(name="memory", value=Unknown(because="remote"), source="-", as_of="2026-11-01")
    wanted = spec(ASKED, [replace(local, facts=(fact, unknown))])
    RunStore.begin(tmp_path, wanted).close()
    text = (tmp_path / "run.json").read_text()
    assert "somebody" not in text
    head = json.loads(text)
    assert head["format"] == 2
    assert head["run"]["benchmarks"][0]["protocol"] == "sums@1"
    with RunStore.open(tmp_path) as reading:
        assert reading.spec.candidates[0].facts == (fact, unknown)
        assert reading.spec.benchmarks == wanted.benchmarks


def test_the_same_run_is_gone_on_with_even_when_the_catalog_has_learned_more(
    tmp_path: Path,
) -> None:
    with RunStore.begin(tmp_path, SPEC) as first:
        first.add(trial())
    fact = Fact(name="context_window_tokens", value=8192.0, source="-", as_of="2026-12-01")
    newer = tuple(replace(c, facts=(fact,)) for c in SPEC.candidates)
    with RunStore.begin(tmp_path, replace(SPEC, candidates=newer)) as again:
        assert again.done() == {trial().key}
        assert again.spec == SPEC


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (replace(SPEC, candidates=SPEC.candidates[:1]), "its candidates are a = a-1, b = b-1"),
        (replace(SPEC, benchmarks=()), r"its benchmarks are sums@1 \(5 cases"),
        (replace(SPEC, benchmarks=spec([sums(6)], []).benchmarks), "its benchmarks"),
        (replace(SPEC, seed=1), "it has --repeats 1 and --seed 0"),
        (spec([replace(ASKED[0], repeats=5)], SPEC.candidates), "it has --repeats 1 and"),
        (replace(SPEC, drawn={"sums": 1}), "it was asked with --until all"),
    ],
)
def test_a_folder_of_another_run_is_refused_and_what_differs_is_named(
    tmp_path: Path, other: object, names: str
) -> None:
    RunStore.begin(tmp_path, SPEC).close()
    with pytest.raises(OptionError, match=f"holds another run: {names}"):
        RunStore.begin(tmp_path, other)  # type: ignore[arg-type]  # parametrize forgets the type


def test_folders_that_are_no_run_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no run"):
        RunStore.open(tmp_path)
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(OptionError, match="holds other files"):
        RunStore.begin(tmp_path, SPEC)
    with pytest.raises(OptionError, match="is a file; a run needs a folder"):
        RunStore.begin(tmp_path / "thesis.tex", SPEC)
    with pytest.raises(StoreError, match="cannot use"):
        RunStore.begin(tmp_path / "thesis.tex" / "run", SPEC)


def test_a_file_is_written_through_a_link_and_to_a_device(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_whole(tmp_path / "link", b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"x"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"y")
    assert os.read(reader, 9) == b"y"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ('{"format": 99, "run": {}}', "of format 99, this visavis reads 2; update"),
        ('{"format": 1, "run": {}}', "torn or not ours"),
        ('{"format": 1, "ru', "torn or not ours"),
        ('{"name": "npm"}', "torn or not ours"),
    ],
)
def test_torn_foreign_and_newer_heads_are_named(tmp_path: Path, head: str, says: str) -> None:
    RunStore.begin(tmp_path, SPEC).close()
    (tmp_path / "run.json").write_text(head)
    with pytest.raises(StoreError, match=says):
        RunStore.open(tmp_path)
    with pytest.raises(StoreError, match=says):
        RunStore.begin(tmp_path, SPEC)


def test_torn_foreign_newer_and_lost_trials_are_named(tmp_path: Path) -> None:
    RunStore.begin(tmp_path, SPEC).close()
    file = tmp_path / "trials.sqlite"
    whole = file.read_bytes()

    def says() -> str:
        with pytest.raises(StoreError) as caught:
            RunStore.begin(tmp_path, SPEC)
        return str(caught.value)

    file.write_bytes(b"no database at all" * 100)
    assert "torn" in says()
    db = sqlite3.connect(file.with_name("new"))
    db.execute("CREATE TABLE t (x)")
    db.close()
    file.with_name("new").replace(file)
    assert "another program's" in says()
    file.write_bytes(whole)
    db = sqlite3.connect(file)
    db.execute("PRAGMA user_version = 99")
    db.close()
    assert "update visavis" in says()
    file.unlink()
    assert "has lost its 'trials.sqlite'" in says()
    with pytest.raises(StoreError):
        RunStore.open(tmp_path)


@pytest.mark.parametrize("table", ["notes", "pictures", "charges", "peaks"])
def test_what_an_early_version_did_not_keep_is_empty(tmp_path: Path, table: str) -> None:
    with RunStore.begin(tmp_path, SPEC) as writing:
        writing.add_cases(ASKED)
        writing.add(trial())
    with sqlite3.connect(tmp_path / "trials.sqlite") as early:
        early.executescript(f"DROP TABLE {table}; PRAGMA user_version = 1;")
    early.close()
    with RunStore.open(tmp_path) as reading:
        assert list(reading.trials()) == [trial()]
        assert reading.notes() == ()
        assert reading.peaks() == []
        assert reading.spent_usd() == trial().usd
        assert [one.case for one in reading.cases("sums")] == list(ASKED[0].cases)
        assert next(reading.tried()).trials == [trial()]


def test_two_processes_cannot_write_one_run_and_a_killed_one_leaves_no_lock(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, time; from pathlib import Path; from visavis.measure.store import RunStore\n"
        "from tests.measure.store_things import SPEC, trial\n"
        "store = RunStore.begin(Path(sys.argv[1]), SPEC); store.add(trial()); store.commit()\n"
        "print('writing', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(StoreError, match="is being written by another process"):
            RunStore.begin(tmp_path, SPEC)
        with RunStore.open(tmp_path) as reading:
            assert reading.done() == {trial().key}
        other.kill()
        other.wait()
    with RunStore.begin(tmp_path, SPEC) as mine:
        assert mine.done() == {trial().key}


def test_a_full_disk_ends_in_one_line_and_whole_commits(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk takes the right to mount")
    try:
        code = (
            "import sys; from pathlib import Path; from tests.measure.store_things import fill\n"
            "print(fill(Path(sys.argv[1])))"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, str(disk / "run")],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        error, committed = told.stdout.splitlines()
        assert error.startswith("the disk is full: cannot write 'run'; make room")
        with sqlite3.connect(disk / "run" / "trials.sqlite") as db:
            assert db.execute("SELECT count(*) FROM trials").fetchone() == (int(committed),)
        db.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_may_not_grow_ends_in_one_line_and_whole_commits(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.measure.store_things import fill\n"
        "print(fill(Path(sys.argv[1])))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
    )
    error, committed = told.stdout.splitlines()
    assert error.startswith("cannot use ")
    with RunStore.open(tmp_path / "run") as reading:
        assert len(reading.done()) == int(committed) > 0


def test_a_head_that_does_not_fit_on_the_disk_is_not_half_written(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from tests.measure.store_things import SPEC\n"
        "from visavis.core.errors import VisavisError\n"
        "from visavis.measure.store import RunStore\n"
        "wide = replace(SPEC, machine={'text': 'x' * 600_000})\n"
        "try: RunStore.begin(Path(sys.argv[1]), wide)\n"
        "except VisavisError as error: print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
    )
    assert told.stdout.startswith("the disk is full: cannot write 'run'; make room")
    assert not list((tmp_path / "run").glob("run.json*"))
    RunStore.begin(tmp_path / "run", SPEC).close()
