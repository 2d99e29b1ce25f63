"""Runs every hostile program as whoever runs this, and prints how each ended."""

import json
import os
import sys

from tests.scoring.fence.machine import HOSTILE, TEST
from visavis.core.fence import Program
from visavis.scoring.fence.pool import open_fence


def main() -> None:
    assert os.geteuid() != 0
    with open_fence("auto", workers=1) as fence:
        ends = {
            name: fence.run(
                Program(solution=text, entry_point="add", setup="", test=TEST, limit_s=0.5)
            ).end
            for name, text in HOSTILE.items()
        }
        right = Program(
            solution="def add(a, b): return a + b", entry_point="add", setup="", test=TEST
        )
        ends["right"] = fence.run(right).end
    json.dump(ends, sys.stdout)


main()
