"""Python's search for cycles, put off while millions of small values without any are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_collecting() -> Iterator[None]:
    """While so much is made, the collector would walk through all of it again and again: more
    than half the time of judging a large run, to find nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
