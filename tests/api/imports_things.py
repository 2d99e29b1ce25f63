"""What the tests of imports share: logs of three cases, and all that is kept of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.measure.imports import logs
from visavis.api.imports import Brought

RIGHT = {"1": '{"answer": "5"}', "2": '{"answer": "8"}', "3": '{"answer": "-2"}'}
HALF = {"1": '{"answer": "5"}', "2": "eight", "3": '{"answer": "-9"}'}
Import = Callable[..., Brought]


def zeroeval(folder: Path, name: str, replies: dict[str, str], **further: Any) -> Path:
    rows = logs.zeroeval(replies, model=f"openai/{name}", **further)
    return logs.write(folder / f"{name}.json.gz", rows)


def kept(home: Path) -> dict[str, bytes]:
    """Everything under the home, by path."""
    return {str(f.relative_to(home)): f.read_bytes() for f in home.rglob("*") if f.is_file()}
