"""Extracts and compiles the report's texts with Babel.

`python -m tests.report.catalogue` adds new texts to each `.po`, drops dead ones and compiles.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from visavis.report import language

ROOM = Path(language.__file__).parent
FRENCH = language.LOCALES / "fr" / "LC_MESSAGES" / "visavis.po"
KEYWORDS = {"_": None, "N_": None, "NN_": (1, 2), "plural": (1, 2)}
METHODS = [("templates/**.j2", "jinja2.ext.babel_extract"), ("**.py", "python")]


def extracted() -> Catalog:
    """Every text of the source."""
    found = Catalog(domain=language.DOMAIN)
    sources = extract_from_dir(ROOM, METHODS, keywords=KEYWORDS, directory_filter=lambda _: True)
    for file, _line, message, _comments, context in sources:
        found.add(message, locations=[(file, 0)], context=context)
    return found


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


if __name__ == "__main__":
    main()
