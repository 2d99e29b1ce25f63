"""HumanEval+: the file as EvalPlus release it, and verdicts by the canonical solution."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from visavis.benchmarks.base import BENCHMARKS, LoadOptions
from visavis.benchmarks.humaneval_plus import FILES, cases
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.fence import Check, Fence, Program, Ran
from visavis.core.outcome import Score, Unscored

PLUS = BENCHMARKS.get("humaneval+@evalplus")


def row(
    name: str, body: str, inputs: list[Any], more: list[Any], atol: float = 0
) -> dict[str, Any]:
    """A problem in the release's columns."""
    return {
        "task_id": f"HumanEval/{name}",
        "prompt": f'def {name}(x):\n    """Docstring."""\n',
        "contract": "",
        "canonical_solution": body,
        "entry_point": name,
        "base_input": inputs,
        "plus_input": more,
        "atol": atol,
    }


ROWS = (
    row("double", "    return x * 2\n", [[1], [2]], [[-3], [10**30]]),
    row("mean", "    return sum(x) / len(x)\n", [[[1.0, 2.0]]], [[[0.1, 0.2, 0.3]]]),
    row("halves", "    return [v / 2 for v in x]\n", [[[1]]], [[[1, 3]], [[]]], atol=1e-4),
    row("find_zero", "    return -x[0] / x[1]\n", [[[1, 2]]], [[[-6, 3]]], atol=1e-4),
    row("extremes", "    return x\n", [[[1.5]]], [[[float("inf"), float("nan"), 2.0]]]),
    row("sort_it", "    x.sort()\n    return x\n", [[[2, 1]]], [[[3, 1, 2]]]),
    row("steps", "    return 0 if x < 1 else 1 + steps(x - 1)\n", [[0]], [[9]]),
    row("words", "    return x.split()\n", [["a b"]], [["\u2028c"]]),
)


def written(folder: Path, name: str, rows: tuple[Mapping[str, Any], ...] = ROWS) -> Path:
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows) + "\n"
    raw = text.encode()
    (folder / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return folder / name


@pytest.fixture
def by_name(tmp_path: Path) -> dict[str, Case]:
    return {case.fields["entry_point"]: case for case in cases(written(tmp_path, FILES[0]))}


def graded(case: Case, body: str, fence: Fence) -> Score:
    grade = PLUS.grade(case, f"```python\n{case.question}{body}\n```", fence)
    assert isinstance(grade, Score)
    return grade


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("at", ["humaneval", "."])
def test_the_released_file_is_read_packed_or_not(name: str, at: str, tmp_path: Path) -> None:
    (tmp_path / at).mkdir(exist_ok=True)
    written(tmp_path / at, name)
    options = LoadOptions(home=tmp_path / "home", seed=0, note=lambda _: None, data=tmp_path)
    assert len(tuple(PLUS.load(options))) == len(ROWS)


def test_without_the_file_its_place_is_named(tmp_path: Path) -> None:
    options = LoadOptions(home=tmp_path, seed=0, note=lambda _: None)
    with pytest.raises(DataError, match=r"HumanEval\+ needs 'HumanEvalPlus.jsonl.gz'.*--data"):
        PLUS.load(options)


@pytest.mark.parametrize("content", [b"", b"{}", b"no json", b"\xff"])
def test_another_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILES[1]).write_bytes(content)
    with pytest.raises(DataError, match=r"is not HumanEval\+; get it anew"):
        cases(tmp_path / FILES[1])
    (tmp_path / FILES[0]).write_bytes(gzip.compress(content)[:-3])
    with pytest.raises(DataError, match=r"is not HumanEval\+; get it anew"):
        cases(tmp_path / FILES[0])


def test_every_canonical_solution_passes(by_name: dict[str, Case], fence: Fence) -> None:
    for case in by_name.values():
        score = graded(case, case.target, fence)
        assert (score.value, dict(score.marks)) == (1.0, {"base": 1.0}), score.because


@pytest.mark.parametrize(
    ("name", "body", "base", "value"),
    [
        ("double", "    return x * 2 if x > 0 else 0\n", 1.0, 0.0),
        ("double", "    return 0\n", 0.0, 0.0),
        ("double", "    return float(x) * 2\n", 1.0, 0.0),  # 1e30 is not 10**30
        ("mean", "    import math\n    return math.fsum(x) / len(x)\n", 1.0, 1.0),
        ("mean", "    return sum(x) / len(x) + 1e-5\n", 0.0, 0.0),
        ("halves", "    return [v / 2 + 5e-5 for v in x]\n", 1.0, 1.0),
        ("halves", "    return tuple(v / 2 + 5e-5 for v in x)\n", 0.0, 0.0),
        ("halves", "    return [v / 2 for v in x[:1]]\n", 1.0, 0.0),
        ("find_zero", "    return -x[0] / x[1] + 1e-6\n", 1.0, 1.0),
        ("find_zero", "    return 0.0\n", 0.0, 0.0),
        ("extremes", "    return [float('inf')] * len(x) if len(x) > 1 else x\n", 1.0, 0.0),
        ("sort_it", "    return sorted(x)\n", 1.0, 1.0),
        ("steps", "    return 0\n", 1.0, 0.0),
        ("words", "    return x.split(' ')\n", 1.0, 0.0),
        ("words", "    raise SystemExit\n", 0.0, 0.0),
    ],
)
def test_the_further_inputs_find_what_the_base_lets_through(
    name: str, body: str, base: float, value: float, by_name: dict[str, Case], fence: Fence
) -> None:
    score = graded(by_name[name], body, fence)
    assert (dict(score.marks), score.value) == ({"base": base}, value), score.because
    assert score.because.startswith("base tests: ") is (base == 0.0)


def test_a_reply_without_the_function_is_unparsed(by_name: dict[str, Case], fence: Fence) -> None:
    grade = PLUS.grade(by_name["double"], "No.", fence)
    assert isinstance(grade, Score)
    assert (grade.value, grade.read, dict(grade.marks)) == (0.0, None, {"base": 0.0})


@pytest.mark.parametrize("after", [0, 1])
def test_a_fence_without_an_answer_leaves_the_reply_unscored(
    after: int, by_name: dict[str, Case]
) -> None:
    class Broken:
        def __init__(self) -> None:
            self.jobs = 0

        def run(self, job: Program | Check) -> Ran:
            self.jobs += 1
            gone = Ran(end="no answer", detail="it is gone")
            return gone if self.jobs > after else Ran(end="passed", detail="")

    case = by_name["double"]
    reply = case.question + case.target
    assert PLUS.grade(case, reply, Broken()) == Unscored(because="it is gone")
