"""`visavis judge`: from what was typed to what is printed."""

import sys
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from visavis.api import Comparison
from visavis.api.around import check_writable, find, surroundings
from visavis.api.judge import Rejudging, judge_again, prepare
from visavis.cli.screen import out, terminal
from visavis.core.errors import OptionError
from visavis.measure.run import Ended
from visavis.options import JudgeOptions
from visavis.report import forecast as worded
from visavis.report.progress import Progress
from visavis.report.text import counted


def judge(run: str, options: JudgeOptions, environ: Mapping[str, str]) -> None:
    """Plan, price, ask the judges, show the run as they see it."""
    if options.json is not None:
        check_writable(options.json)
    around = surroundings(environ)
    folder = find(run, around.home)
    screen = terminal(yes=options.yes, lang=options.lang)
    told = prepare(folder, options.judge, options, around, screen)
    ended = None
    if told is not None:
        for line in worded.judging(told.shares, options.budget, options.lang):
            out(line)
        if options.dry_run:
            return
        ended = _asked(told, options, screen)
    _show(folder, options, ended)
    if ended is not None and ended.left:
        left = counted(ended.left)
        out(f"{left} judgements are still to come ({ended.how}): {_again(run, options)}")
        sys.exit(1)


def _asked(told: Rejudging, options: JudgeOptions, screen: Progress) -> Ended:
    question = worded.question(told.shares, options.budget, options.lang)
    if question is not None and not options.yes and not screen.agrees(question):
        raise OptionError("nothing was asked; lower --budget, or agree")
    return judge_again(told, screen)


def _show(folder: Path, options: JudgeOptions, ended: Ended | None) -> None:
    seen = Comparison(folder, policy=options.policy, lang=options.lang, ended=ended)
    seen.show()
    out(f"Page: {seen.save_html(folder / 'report.html')}")
    if options.json is not None:
        out(f"JSON: {seen.save_json(options.json)}")


def _again(run: str, options: JudgeOptions) -> str:
    """The line that asks the rest."""
    words = ["visavis", "judge", quote(run)]
    for name in options.judge:
        words += ["--judge", quote(name)]
    if options.against:
        words += ["--against", quote(options.against)]
    return " ".join(words)
