"""A real fence for what is graded by running."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from visavis.core.errors import FenceError
from visavis.core.fence import Fence
from visavis.options import FenceChoice
from visavis.scoring.fence.pool import open_fence


@pytest.fixture(scope="session")
def fence() -> Iterator[Fence]:
    """The best fence of this machine; tests that need one are skipped only where there is none."""
    choices: tuple[FenceChoice, ...] = ("auto", "weak")
    reasons = []
    with ExitStack() as stack:
        for choice in choices:
            try:
                opened = stack.enter_context(open_fence(choice, workers=2))
            except FenceError as error:
                reasons.append(str(error))
            else:
                yield opened
                return
        pytest.skip("; ".join(reasons))
