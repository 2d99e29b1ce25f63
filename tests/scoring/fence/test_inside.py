"""What is told within the fence is written there."""

import re
from pathlib import Path

import pytest

from tests.scoring.fence.machine import WITHIN
from visavis.scoring.fence import inside


@pytest.mark.parametrize("template", inside.INSIDE)
def test_every_sentence_is_one_that_the_fence_writes(template: str) -> None:
    fence = Path(inside.__file__).parent
    written = "".join((fence / f"{name}.py").read_text(encoding="utf-8") for name in WITHIN)
    longest = max(re.split(r"\{[^{}]*\}", template), key=len)
    assert longest.strip(" :(") in written
