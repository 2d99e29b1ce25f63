"""Opens the transcripts of a page as its script does."""

import json
import re
import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any


def index(html: str) -> dict[str, Any]:
    """What the page says of its transcripts."""
    data = re.search(
        r'<script type="application/json" data-for="transcripts">(.*?)</script>', html, re.DOTALL
    )
    assert data is not None
    found: dict[str, Any] = json.loads(data[1])
    return found


def chunks(html: str, folder: Path | None = None) -> list[str]:
    """In base64: from the page, or from the folder beside it."""
    if folder is None:
        return re.findall(r'<script type="text/plain" data-chunk="\d+">([^<]*)</script>', html)
    held = [(folder / f"{name}.js").read_text() for name, _ in index(html)["chunks"]]
    scripts = [re.fullmatch(r'document\.currentScript\.dataset\.chunk="(.*)";\n', s) for s in held]
    return [found[1] for found in scripts if found]


def cases(html: str, folder: Path | None = None) -> list[Any]:
    """All cases, as they were packed."""
    return [case for chunk in chunks(html, folder) for case in opened(chunk)]


def opened(packed: str) -> Any:
    return json.loads(inflated(packed))


def inflated(packed: str) -> bytes:
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", packed)
    return zlib.decompress(b64decode(packed))
