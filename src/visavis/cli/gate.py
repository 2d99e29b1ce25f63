"""`visavis gate`: exit code 0, 3 or 4, and what a build shows of it."""

from collections.abc import Mapping

from visavis.api.around import check_writable, surroundings
from visavis.api.gate import gated
from visavis.api.shown import save
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options.runs import GateOptions
from visavis.report import gate as words
from visavis.verdict.gate import Passing

EXIT: Mapping[Passing, int] = {"non-inferior": 0, "worse": 3, "undecided": 4}


def show(base: str, candidate: str, options: GateOptions, environ: Mapping[str, str]) -> int:
    """The table and the outcome; its exit code."""
    for file in (options.junit, options.markdown, options.json):
        if file is not None:
            check_writable(file)
    found = gated(base, candidate, options, surroundings(environ))
    gate, lang = found.gate, options.lang
    print_table(*words.rows(gate, lang))
    out("")
    out(words.paired(found.shared, found.apart, lang))
    for text in words.remarks(found.again, elsewhere=found.elsewhere, musts=found.musts, lang=lang):
        out(text)
    out(words.headline(gate, base, candidate, lang))
    written = (
        (options.junit, words.as_junit(gate)),
        (options.markdown, words.as_markdown(gate, base, candidate, lang).encode()),
        (options.json, words.as_json(gate, base, candidate)),
    )
    for file, content in written:
        if file is not None:
            save(file, content)
    return EXIT[gate.passing]
