"""`visavis diff`: what changed from one run to another."""

from collections.abc import Mapping

from visavis.api.around import check_writable, surroundings
from visavis.api.diff import diff
from visavis.api.shown import save
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options.runs import DiffOptions
from visavis.report import diff as words


def show(old: str, new: str, options: DiffOptions, environ: Mapping[str, str]) -> None:
    """A table a candidate, and what there is to say of it."""
    if options.json is not None:
        check_writable(options.json)
    found, lang = diff(old, new, options, surroundings(environ)), options.lang
    for one in found.candidates:
        out(words.title(one, lang))
        print_table(words.heads(lang), words.rows(one, lang))
        for text in words.remarks(one, lang):
            out(text)
        out("")
    for text in words.lonely(found, lang):
        out(text)
    if any(one.changes for one in found.candidates):
        out(words.footnote(found, lang))
    if options.json is not None:
        out(f"JSON: {save(options.json, words.as_json(found))}")
