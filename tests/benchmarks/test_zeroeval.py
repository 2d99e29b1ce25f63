"""The recorded answers of GPT-4o, GPT-4o mini and Llama 3.1 8B: our marks beside the authors'."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.zeroeval_scorer import authors_mark, rows
from tests.scoring.plain_fence import PlainFence
from tests.shared_data import shared_data
from visavis.benchmarks import competition_math, gsm8k
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score

MODELS = (
    "gpt-4o-2024-08-06",
    "gpt-4o-2024-05-13",
    "gpt-4o-mini-2024-07-18",
    "Meta-Llama-3.1-8B-Instruct",
)
Marks = dict[str, tuple[bool | None, Score]]
"""By the item's id: the authors' mark and ours."""


def marks(task: str, model: str, grade: Callable[[Case, str, Fence], Grade]) -> Marks:
    found: Marks = {}
    for row in rows(shared_data(f"recorded/zeroeval/{task}/{model}.json.gz")):
        key = row["answer"].lstrip("# ")
        case = Case(id=str(row["id"]), group="", question="", target=key)
        score = grade(case, row["output"][0], PlainFence())
        assert isinstance(score, Score)
        found[case.id] = authors_mark(model, row["output"][0], row["answer"]), score
    return found


@pytest.mark.parametrize(
    ("model", "right", "valid_json", "unread"),
    list(
        zip(MODELS, (1269, 1258, 1243, 1108), (1269, 1212, 1243, 1024), (0, 0, 0, 5), strict=True)
    ),
)
def test_gsm8k_is_marked_as_the_authors_do_item_by_item(
    model: str, right: int, valid_json: int, unread: int
) -> None:
    """96.21, 95.38, 94.24 and 84.00 % of 1,319."""
    found = marks("gsm", model, gsm8k.grade).values()
    assert len(found) == 1319
    assert sum(theirs is True for theirs, _ in found) == right
    assert [bool(theirs) for theirs, _ in found] == [bool(ours.value) for _, ours in found]
    assert sum(ours.marks["strict"] for _, ours in found) == valid_json
    assert sum(theirs is None for theirs, _ in found) == unread
    assert sum(ours.read is None for _, ours in found) == unread


FIRST_NUMBER_ONLY = {
    "gpt-4o-2024-08-06": {"698": "2, -1"},
    "gpt-4o-2024-05-13": {
        "92": "12 - 10d",
        "304": "36, 35, 32, 27, 20, 11",
        "698": "2, -1",
    },
    "gpt-4o-mini-2024-07-18": {"184": "-4, 1", "698": "2,-1"},
    "Meta-Llama-3.1-8B-Instruct": {"184": "[-4, -5]", "608": "50π/2", "698": "2, -2"},
}
"""Answers that the authors mark right and we mark wrong: they look at the first number alone.
Item 92's key is 12, 184's -4, 304's 36, 608's 50, 698's 2."""


@pytest.mark.parametrize(
    ("model", "theirs", "ours"),
    list(zip(MODELS, (399, 395, 376, 160), (398, 392, 374, 157), strict=True)),
)
def test_math_level_5_is_marked_as_the_authors_do_but_for_what_follows_the_first_number(
    model: str, theirs: int, ours: int
) -> None:
    """55.34, 54.79, 52.15 and 22.19 % of 721 by the authors' scorer."""
    found = marks("math-l5", model, competition_math.grade)
    assert len(found) == 721
    assert sum(mark is True for mark, _ in found.values()) == theirs
    assert sum(score.value for _, score in found.values()) == ours
    unlike = {
        id_: score.read for id_, (mark, score) in found.items() if bool(mark) != bool(score.value)
    }
    assert unlike == FIRST_NUMBER_ONLY[model]


def test_a_fraction_is_worked_out_as_the_authors_do(tmp_path: Path) -> None:
    assert authors_mark("", '{"answer": "-(6/4)*2"}', "# -3")
    assert not authors_mark("", '{"answer": "x/4"}', "# 3")
    assert authors_mark("", "nothing", "# 3") is None
