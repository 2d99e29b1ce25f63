"""What people said is read from a file, and every mistake in it is told with its line."""

from pathlib import Path

import pytest

from tests.judged_things import BETTER, MARKED, TONE, case
from visavis.api.labels import labels_in
from visavis.core.errors import CaseFileError
from visavis.core.prompt import ask
from visavis.core.ruling import Item
from visavis.measure.store import StoredCase

NAMES = ["a", "b", "c"]
CASES = {
    (benchmark, known.id): StoredCase(known, ask("?", max_tokens=1))
    for benchmark, known in (
        ("m", case(0, TONE)),
        ("m", case(1, MARKED)),
        ("m", case(2, BETTER)),
        ("m", case(3, TONE, BETTER)),
        ("m", case(4, TONE)),
        ("n", case(4, TONE)),
    )
}


def read(folder: Path, *lines: str) -> list[tuple[Item, float]]:
    file = folder / "labels.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [*labels_in(file, CASES, NAMES)]


@pytest.mark.parametrize(
    ("line", "item", "value"),
    [
        (
            '{"case": "c0", "candidate": "a", "label": "pass"}',
            Item("m", "c0", 0, "tone", "a"),
            1.0,
        ),
        ('{"case": "c0", "candidate": "a", "label": false}', Item("m", "c0", 0, "tone", "a"), 0.0),
        (
            '{"case": "c0", "candidate": "a", "label": 7, "repeat": 2}',
            Item("m", "c0", 2, "tone", "a"),
            1.0,
        ),
        ('{"case": "c1", "candidate": "b", "label": 2}', Item("m", "c1", 0, "marked", "b"), 0.25),
        (
            '{"case": "c2", "between": ["c", "a"], "label": "c"}',
            Item("m", "c2", 0, "better", "a", "c"),
            0.0,
        ),
        (
            '{"case": "c2", "between": ["a", "b"], "label": "tie"}',
            Item("m", "c2", 0, "better", "a", "b"),
            0.5,
        ),
        (
            '{"case": "c3", "rubric": "tone", "candidate": "a", "label": true}',
            Item("m", "c3", 0, "tone", "a"),
            1.0,
        ),
        (
            '{"case": "c4", "benchmark": "n", "candidate": "a", "label": "fail"}',
            Item("n", "c4", 0, "tone", "a"),
            0.0,
        ),
    ],
)
def test_a_label_is_of_one_reply_or_of_one_pair(
    tmp_path: Path, line: str, item: Item, value: float
) -> None:
    assert read(tmp_path, "", line) == [(item, value)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "truncated"),
        ('{"case": "c0"}', "label"),
        ('{"case": "c0", "label": 1, "who": "me"}', "who"),
        ('{"case": "c9", "candidate": "a", "label": 1}', "no case with a rubric is called 'c9'"),
        ('{"case": "c4", "candidate": "a", "label": 1}', "add 'benchmark'"),
        ('{"case": "c3", "candidate": "a", "label": 1}', "needs 'rubric'"),
        ('{"case": "c0", "label": 1}', "needs 'candidate'"),
        ('{"case": "c0", "candidate": "d", "label": 1}', "'d'"),
        ('{"case": "c0", "candidate": "a", "label": "fine"}', "'fine'"),
        ('{"case": "c0", "candidate": "a", "label": 11}', "not on the scale from 1 to 10"),
        ('{"case": "c1", "candidate": "a", "label": "pass"}', "has no pass mark"),
        ('{"case": "c2", "label": "a"}', "needs 'between'"),
        ('{"case": "c2", "between": ["a", "a"], "label": "a"}', "needs 'between'"),
        ('{"case": "c2", "between": ["a", "b"], "label": "c"}', "none of 'a', 'b', 'tie'"),
        ('{"case": "c2", "between": ["a", "b"], "label": 1}', "none of"),
    ],
)
def test_a_wrong_label_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CaseFileError, match=r"labels\.jsonl:2: ") as caught:
        read(tmp_path, "", line)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="cannot be read"):
        labels_in(tmp_path / "none.jsonl", CASES, NAMES)
