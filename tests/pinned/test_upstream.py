"""The table of upstream files: real commits, real hashes, one name a place."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.shared_data import shared_data
from visavis.pinned import upstream
from visavis.pinned.file import PinnedFile, StatedFile

FAMILIES = {
    name: files
    for name, files in vars(upstream).items()
    if name.isupper() and not name.startswith("_") and name != "MMMU_SUBJECTS"
}
FILES = [
    pytest.param(path, file, id=f"{name} {path}")
    for name, files in FAMILIES.items()
    for path, file in files.items()
]


def test_every_family_has_its_files() -> None:
    counts = {name: len(files) for name, files in FAMILIES.items()}
    assert counts == {
        "MMLU": 2,
        "GLUE": 10,
        "GSM8K": 2,
        "MGSM": 11,
        "MATH_500": 1,
        "IFEVAL": 1,
        "MMMU": 30,
        "MMMU_PRO": 2,
    }


@pytest.mark.parametrize(("path", "file"), FILES)
def test_a_file_has_a_place_at_a_commit(path: str, file: PinnedFile | StatedFile) -> None:
    assert file.name == Path(path).name
    assert file.licence
    if file.hub is not None:
        assert re.fullmatch("[0-9a-f]{40}", file.hub.revision)
        assert file.hub.repo.startswith("datasets/")
    if isinstance(file, PinnedFile):
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.hub or file.web


@pytest.mark.parametrize(
    ("family", "path"),
    [("mgsm", f"mgsm_{lang}.tsv") for lang in ("bn", "en", "fr", "zh")]
    + [("gsm8k", "train.jsonl")],
)
def test_a_known_hash_is_that_of_the_real_file(family: str, path: str) -> None:
    file = FAMILIES[family.upper()][path]
    content = shared_data(f"{family}/{path}").read_bytes()
    assert isinstance(file, PinnedFile)
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert len(content) == file.size
