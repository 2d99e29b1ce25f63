"""Extracts and compiles the report's texts with Babel, and what other rooms `tell`.

`python -m tests.report.catalogue` adds new texts to each `.po`, drops dead ones and compiles.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from visavis.report import language, retold

ROOM = Path(language.__file__).parent
FRENCH = language.LOCALES / "fr" / "LC_MESSAGES" / "visavis.po"
KEYWORDS = {"_": None, "N_": None, "NN_": (1, 2), "plural": (1, 2)}
OTHER_ROOMS = sorted(ROOM.parent.glob("*/"), key=lambda room: room.name)
_PYTHON = "tests.report.catalogue:calls"
TELLING = {"tell": None, "must": (2,)}
"""Of the other rooms; what `must` hold says what was seen where it does not."""
TOLD = retold.TEMPLATES

Call = tuple[int, str, str | tuple[str | None, ...] | None, list[str]]


def _speaks_at_once(called: ast.expr) -> bool:
    """`Words(lang)("…")`, without a name for it."""
    return isinstance(called, ast.Call) and getattr(called.func, "id", "") == "Words"


def calls(
    file: BinaryIO, keywords: Sequence[str], tags: Sequence[str], options: object
) -> Iterator[Call]:
    """As Babel's own reader of Python gives them, and those within f-strings, which it misses."""
    nodes = (node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call))
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        name = "plural" if getattr(node.func, "attr", "") == "plural" else name
        name = "_" if _speaks_at_once(node.func) else name
        if name in keywords and node.args:
            values = (getattr(argument, "value", None) for argument in node.args)
            texts = tuple(value if isinstance(value, str) else None for value in values)
            yield node.lineno, name, texts if len(texts) > 1 else texts[0], []


def extracted() -> Catalog:
    """Every text of the source: the report's own, and what other rooms tell."""
    found = Catalog(domain=language.DOMAIN)
    methods = [("templates/**.j2", "jinja2.ext.babel_extract"), ("**.py", _PYTHON)]
    sources = extract_from_dir(ROOM, methods, keywords=KEYWORDS, directory_filter=lambda _: True)
    for file, _line, message, _comments, context in sources:
        found.add(message, locations=[(file, 0)], context=context)
    for template in told():
        found.add(template)
    return found


def told() -> list[str]:
    """Every template of the other rooms, in their order."""
    rooms = (room for room in OTHER_ROOMS if room != ROOM)
    found = (
        message
        for room in rooms
        for _file, _line, message, *_ in extract_from_dir(
            room, [("**.py", _PYTHON)], keywords=TELLING, directory_filter=lambda _: True
        )
    )
    return list(dict.fromkeys(map(str, found)))


def listed() -> str:
    """The templates as `retold` reads them."""
    return json.dumps(told(), ensure_ascii=False, indent=0) + "\n"


def read(file: Path = FRENCH) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale="fr", domain=language.DOMAIN)


def compiled(catalogue: Catalog) -> bytes:
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main() -> None:
    catalogue = read()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with FRENCH.open("wb") as stream:
        write_po(
            stream, catalogue, width=96, no_location=True, omit_header=False, ignore_obsolete=True
        )
    FRENCH.with_suffix(".mo").write_bytes(compiled(catalogue))
    TOLD.write_text(listed(), encoding="utf-8")


if __name__ == "__main__":
    main()
