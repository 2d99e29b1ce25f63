"""One run, one folder: what is kept, what is refused, what survives."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.measure.things import Seen, candidate, spec, sums
from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.core.errors import OptionError, StoreError, VisavisError
from visavis.core.observation import Observation
from visavis.core.outcome import Failure, Reply, Retry, Score, Unscored, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.disk import write_whole
from visavis.measure.noted import Noted
from visavis.measure.spec import difference
from visavis.measure.store import RunStore

ASKED = [sums(5)]
SPEC = spec(ASKED, [candidate("a"), candidate("b")])
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with RunStore.begin(tmp_path / "run", SPEC) as opened:
        yield opened


def trial(case: str = "c00000", text: str = "1") -> Trial:
    return Trial(
        key=TrialKey("a", "sums", case, 0),
        outcome=Reply(text=text),
        grade=Score(value=1.0, because="right", read=text),
        usd=0.5,
        asked_at="2026-11-21T00:00:00.000+00:00",
    )


stamps = st.builds(
    Stamps,
    due=st.floats(0, 9),
    sent=st.floats(0, 9),
    first=st.none() | st.floats(0, 9),
    last=st.none() | st.floats(0, 9),
    done=st.floats(0, 9),
)
usages = st.builds(Usage, input_tokens=st.integers(0, 9), output_tokens=st.integers(0, 9))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
retries = st.lists(st.builds(Retry, because=texts, waited_s=st.floats(0, 9)), max_size=2).map(tuple)
replies = st.builds(
    Reply,
    text=texts,
    finish=st.sampled_from(["stop", "length", "content_filter"]),
    usage=st.none() | usages,
    stamps=st.none() | stamps,
    reasoning=st.none() | texts,
    refusal=st.none() | texts,
    model=st.none() | texts,
    retries=retries,
)
failures = st.builds(
    Failure,
    kind=st.sampled_from(["rejected", "timed out", "crashed"]),
    detail=texts,
    stamps=st.none() | stamps,
    retries=retries,
    usage=st.none() | usages,
)
grades = st.builds(Score, value=st.floats(0, 1), because=texts, read=st.none() | texts) | st.builds(
    Unscored, because=texts
)
keys = st.builds(TrialKey, texts, texts, texts, st.integers(0, 3))
trials = st.builds(
    Trial,
    key=keys,
    outcome=replies,
    grade=grades,
    usd=st.none() | st.floats(0, 9),
    reused=st.booleans(),
    asked_at=texts,
) | st.builds(Trial, key=keys, outcome=failures, grade=st.none(), usd=st.none())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(came=st.lists(trials, max_size=5, unique_by=lambda t: t.key))
def test_what_is_read_is_what_was_added_in_that_order(
    tmp_path_factory: pytest.TempPathFactory, came: list[Trial]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    with RunStore.begin(folder, SPEC) as writing:
        for one in came:
            writing.add(one)
    with RunStore.open(folder) as reading:
        assert list(reading.trials()) == came
        assert reading.done() == {one.key for one in came}


def test_cases_and_prompts_are_there_without_the_benchmark(store: RunStore) -> None:
    store.add_cases(ASKED)
    store.add_cases(ASKED)
    with RunStore.open(store.folder) as reading:
        assert [stored.case for stored in reading.cases("sums")] == list(ASKED[0].cases)
        for case, prompt in reading.cases("sums"):
            assert prompt == ASKED[0].benchmark.ask(case)


def test_a_key_stored_twice_is_a_mistake_of_ours_and_nothing_of_that_commit_stays(
    store: RunStore,
) -> None:
    store.add(trial())
    store.commit()
    store.add(trial("c00001"))
    store.add(trial())
    with pytest.raises(ValueError, match="stored twice"):
        store.commit()
    assert [t.key.case for t in store.trials()] == ["c00000"]


def test_what_the_user_was_told_is_kept_once_and_in_order(store: RunStore) -> None:
    shown = Seen()
    noted = Noted(shown)
    noted.note("the file has no chat template")
    noted.keep_in(store)
    for text in ("the rate is limited", "the file has no chat template", "the budget is spent"):
        noted.note(text)
    noted.started({("a", "sums"): 1})
    noted.finished(trial())
    store.commit()
    with RunStore.open(store.folder) as reading:
        assert reading.notes() == (
            "the file has no chat template",
            "the rate is limited",
            "the budget is spent",
        )
    assert len(shown.notes) == 4
    assert (shown.totals, len(shown.trials)) == ({("a", "sums"): 1}, 1)


def test_money_without_a_price_is_told_by_candidate(store: RunStore) -> None:
    for usd in (0.25, 0.5):
        store.charge("a", usd, "warm-up")
    store.commit()
    assert store.charged_usd() == {"a": 0.75}


def test_another_reader_sees_each_commit_while_the_run_goes_on(store: RunStore) -> None:
    with RunStore.open(store.folder) as reading:
        store.add(trial())
        assert reading.done() == set()
        store.commit()
        assert reading.done() == {trial().key}


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


def test_two_processes_cannot_write_one_run_and_a_killed_one_leaves_no_lock(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, time; from pathlib import Path; from tests.measure.test_store import *\n"
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


def fill(folder: Path) -> int:
    """Write until the disk says no; the number of trials committed before."""
    store = RunStore.begin(folder, SPEC)
    committed = 0
    try:
        for n in range(100_000):
            store.add(trial(f"c{n:05}", "x" * 1000))
            store.add(trial(f"d{n:05}", "x" * 1000))
            store.commit()
            committed += 2
    except VisavisError as error:
        sys.stdout.write(f"{error}\n")
    return committed


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
            "import sys; from pathlib import Path; from tests.measure.test_store import fill\n"
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
        "import sys; from pathlib import Path; from tests.measure.test_store import fill\n"
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
        "from tests.measure.test_store import SPEC, RunStore, VisavisError\n"
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


def test_money_is_counted_with_its_doubts_and_without_what_was_reused(store: RunStore) -> None:
    store.add(trial("c00000"))
    store.add(replace(trial("c00001"), usd=None))
    store.add(replace(trial("c00002"), reused=True))
    store.charge("a", 0.25, "timed out")
    store.commit()
    assert store.spent_usd() == 0.75


def test_of_two_peaks_the_larger_stays(store: RunStore) -> None:
    for value in (2.0, 3.0, 1.0):
        store.add_peak(
            Observation(
                candidate="a",
                axis="memory",
                measure="peak_bytes",
                benchmark="memory",
                unit_id="run",
                group="run",
                value=value,
            )
        )
    assert [peak.value for peak in store.peaks()] == [3.0]


def test_a_candidate_is_the_same_whatever_its_key_is_called() -> None:
    a = Candidate(name="a", kind="hosted", route="openai", model="m", snapshot="m", key_name="K")
    one, two = spec(ASKED, [a]), spec(ASKED, [replace(a, key_name="L")])
    assert difference(one, two) is None
