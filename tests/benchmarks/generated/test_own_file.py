"""Generated cases become a user's own: the same questions, and checks that can fail."""

from itertools import islice
from pathlib import Path

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.base import LoadOptions
from visavis.benchmarks.generated import own_file
from visavis.benchmarks.generated.families import FAMILIES, LEVELS, Level
from visavis.benchmarks.own.loading import load_own
from visavis.core.outcome import Score

WRITERS = {".yaml": own_file.yaml, ".jsonl": own_file.json_lines}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", list(FAMILIES))
def test_what_was_written_is_read_again_and_graded_alike(
    name: str, level: Level, suffix: str, tmp_path: Path
) -> None:
    family = FAMILIES.get(name)
    cases = list(islice(family.cases(level, 5), 8))
    rows = own_file.rows(family, level, cases)
    file = tmp_path / f"mine{suffix}"
    file.write_text(WRITERS[suffix](rows), encoding="utf-8")
    own = load_own(file)
    loaded = list(own.load(LoadOptions(home=tmp_path, seed=0, note=lambda text: None)))
    assert [(one.id, one.group, one.question) for one in loaded] == [
        (one.id, one.group, one.question) for one in cases
    ]
    for case, row in zip(loaded, rows, strict=True):
        assert own.ask(case).settings.max_tokens == family.answer.max_tokens
        for reply, value in ((row["good"], 1.0), (row["bad"], 0.0)):
            grade = own.grade(case, reply, PlainFence())
            assert isinstance(grade, Score)
            assert grade.value == value, (reply, grade)
