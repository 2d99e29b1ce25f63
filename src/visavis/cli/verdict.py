"""`visavis verdict`."""

from collections.abc import Mapping

from visavis.api.around import check_writable, surroundings
from visavis.api.runs import heading
from visavis.api.shown import save
from visavis.api.verdict import verdict
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options import VerdictOptions
from visavis.report import verdict as words
from visavis.report.retold import retold
from visavis.report.verdict_export import as_json


def show(run: str, options: VerdictOptions, environ: Mapping[str, str]) -> None:
    """What must hold, who is best how often, the verdict, and what would flip it."""
    if options.json is not None:
        check_writable(options.json)
    around, lang = surroundings(environ), options.lang
    found = verdict(run, options, around)
    choice = found.choice
    out(heading(run, lang, around))
    notes = (retold(note, lang).text for note in found.notes)
    policy = (words.introduced(choice.policy, lang), words.thresholds(choice, lang))
    for text in filter(None, (*notes, *policy)):
        out(text)
    if choice.policy.must:
        print_table(*words.musts(choice, lang))
        out("")
    print_table(*words.shares(choice, lang))
    out("")
    said = (words.headline(choice, lang), *words.conditions(choice, lang))
    for text in (*said, *words.after(choice, found.by, lang)):
        out(text)
    if options.json is not None:
        out(f"JSON: {save(options.json, as_json(choice))}")
