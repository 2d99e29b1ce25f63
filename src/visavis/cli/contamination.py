"""`visavis contamination`: what other orders show of each candidate, as tables and in words."""

import sys
from collections.abc import Mapping, Sequence

from visavis.api.around import surroundings
from visavis.api.contamination import Examination, examinations, examine
from visavis.api.outline import consents, outline
from visavis.api.screen import Screen
from visavis.api.shown import save
from visavis.cli.screen import out, terminal
from visavis.cli.tables import print_table
from visavis.core.errors import OptionError
from visavis.options import ContaminationOptions, Language
from visavis.report import contamination as report
from visavis.report.contamination import Examined
from visavis.report.text import counted


def show(named: Sequence[str], options: ContaminationOptions, environ: Mapping[str, str]) -> None:
    """Plan, price and ask of each candidate; then a table for each, and how to read it."""
    screen = terminal(yes=options.yes, lang=options.lang)
    planned = examinations(named, options, surroundings(environ), screen)
    for examination in planned:
        for text in outline(examination.request):
            out(text)
    found, left = _asked(planned, screen)
    judged = report.judged(found)
    for one in judged:
        _print(one, options.lang)
    for text in report.reading(judged, options.lang):
        out(text)
    if options.json is not None:
        out(f"JSON: {save(options.json, report.as_json(judged))}")
    if left:
        out(f"{counted(left)} trials are still to come: give the same command again")
        sys.exit(1)


def _asked(planned: Sequence[Examination], screen: Screen) -> tuple[list[Examined], int]:
    """What was found until all were asked or one was cut off, and the trials that it lacks."""
    found: list[Examined] = []
    for examination in planned:
        if not consents(examination.request, screen):
            raise OptionError("nothing was asked; lower --budget or the number of cases, or agree")
        told, ended = examine(examination, screen)
        found += told
        if ended.left:
            return found, ended.left
    return found, 0


def _print(one: Examined, lang: Language) -> None:
    out("")
    for text in report.told(one, lang):
        out(text)
    print_table(report.heads(lang), report.rows(one, lang), right_from=1)
    out(report.conclusion(one, lang))
    out("")
