"""Published logs of the three systems: our grades beside their authors' totals."""

from pathlib import Path

import pytest

from tests.shared_data import shared_data
from visavis.api.imports import Brought, bring
from visavis.options import ImportOptions
from visavis.report.progress import screen

MODELS = (
    "gpt-4o-2024-08-06",
    "gpt-4o-2024-05-13",
    "gpt-4o-mini-2024-07-18",
    "Meta-Llama-3.1-8B-Instruct",
)
GSM8K = dict(zip(MODELS, ("96.21", "95.38", "94.24", "84.00"), strict=True))
MATH = dict(zip(MODELS, ("55.34", "54.79", "52.15", "22.19"), strict=True))


def brought(home: Path, path: str, options: ImportOptions | None = None) -> Brought:
    files = sorted(shared_data(f"recorded/{path}").glob("*.gz"))
    return bring("auto", files, options or ImportOptions(), home, screen())


@pytest.mark.parametrize(
    ("task", "published", "apart"),
    [("gsm", GSM8K, (0, 0, 0, 0)), ("math-l5", MATH, (1, 3, 2, 3))],
)
def test_zeroeval_s_published_totals_are_met_by_its_rule_to_the_last_digit(
    tmp_path: Path, task: str, published: dict[str, str], apart: tuple[int, ...]
) -> None:
    found = {one.share.name: one for one in brought(tmp_path, f"zeroeval/{task}").tallies}
    theirs = {name: f"{100 * one.theirs_marked / one.answers:.2f}" for name, one in found.items()}
    assert theirs == published
    assert tuple(len(found[name].disagreements) for name in MODELS) == apart
    # Each is an answer of several values, or of more than a number: they take its first number.
    for one in found.values():
        for odd in one.disagreements:
            assert (odd.ours.value, odd.theirs.value, odd.kind) == (0.0, 1.0, "read differently")


def test_mmmu_pro_s_authors_marks_are_met(tmp_path: Path) -> None:
    (whole,) = brought(tmp_path, "mmmu-pro").tallies
    assert (whole.answers, whole.theirs_marked, whole.ours) == (1730, 952, 952)
    assert whole.disagreements == ()
    stated = ImportOptions(name="stated", protocol="mmmu-pro@stated", check="letter")
    (strict,) = brought(tmp_path, "mmmu-pro", stated).tallies
    assert (strict.ours, strict.unparsed) == (949, 9)
    assert {odd.kind for odd in strict.disagreements} == {"nothing read by us"}
