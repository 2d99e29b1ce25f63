"""Whether a reply takes no longer to read than in proportion to its length: it may be hostile."""

import time
from collections.abc import Callable


def takes_about_four_times_as_long(read: Callable[[str], object], piece: str, copies: int) -> bool:
    """Whether four times so many copies take about four times the processor's time, not sixteen."""

    def seconds(count: int) -> float:
        text, start = piece * count, time.process_time()
        read(text)
        return time.process_time() - start

    seconds(copies // 4)
    short, long = (min(seconds(count) for _ in range(3)) for count in (copies, 4 * copies))
    return long < 12 * short + 0.05
