"""How a program's end is told, and a fence that runs nothing."""

from typing import get_args

import pytest

from visavis.core.fence import End, NoFence, Program, Ran


@pytest.mark.parametrize("end", get_args(End))
def test_every_end_is_told_with_what_is_known_of_it(end: End) -> None:
    told = Ran(end=end, detail="line 3").told
    assert told.startswith(end)
    assert end == "passed" or told.endswith(": line 3")


def test_who_declared_no_program_and_has_one_run_is_told() -> None:
    job = Program(solution="", entry_point="f", setup="", test="", limit_s=1.0)
    with pytest.raises(AssertionError, match="declared that it runs programs"):
        NoFence().run(job)
