"""`visavis compare` and `resume`: from what was typed to what is printed."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shlex import quote

from visavis.api import Comparison, session
from visavis.api.again import again
from visavis.api.around import find, surroundings
from visavis.api.claims_kept import kept
from visavis.api.entry import ask, options_of
from visavis.api.outline import consents, outline
from visavis.api.request import Request, prepare
from visavis.api.runs import keep_verdict
from visavis.api.screen import Screen
from visavis.cli.screen import out, terminal
from visavis.cli.show import tell_of_transcripts
from visavis.core.errors import OptionError, StoreError
from visavis.measure.contamination import is_of_orders
from visavis.measure.spec import is_speed
from visavis.measure.store import RunStore
from visavis.options import CompareOptions
from visavis.report.text import counted


def compare(
    named: Sequence[str],
    options: CompareOptions,
    environ: Mapping[str, str],
    *,
    least: int = 2,
    first: Callable[[Comparison], None] = lambda seen: None,
) -> None:
    """Plan, price, ask, judge, show; `least` is how many candidates it takes, `first` what is
    shown before the report."""
    screen = terminal(yes=options.yes, lang=options.lang)
    request = prepare(named, options, surroundings(environ), screen, least=least)
    for line in outline(request):
        out(line)
    if options.dry_run:
        return
    if not consents(request, screen):
        raise OptionError("nothing was asked; lower --budget or the number of cases, or agree")
    _go(request, options.out or request.new_folder(), screen, first)


def resume(run: str, environ: Mapping[str, str]) -> None:
    """Ask what a run has left, as it was asked to begin with."""
    around = surroundings(environ)
    folder = find(run, around.home)
    if is_speed(folder):
        from visavis.cli import speed  # it loads what times requests

        speed.resume(folder, around)
        return
    with RunStore.open(folder) as store:
        spec, passed = store.spec, dict(store.spec.passed)
    if spec.parts and "candidates" not in passed:
        raise OptionError(f"run {run!r} was merged; finish its parts, then merge them anew")
    if "candidates" not in passed:
        raise StoreError(f"run {run!r} does not say what it was asked; start it again")
    if any(is_of_orders(one.protocol) for one in spec.benchmarks):
        raise OptionError(f"run {run!r} tries other orders; go on with: {again(spec)}")
    screen = terminal(yes=True)
    named = passed.pop("candidates")
    if kept(folder):
        passed.pop("claims", None)
    request = prepare(named, options_of({**passed, "yes": True}), around, screen, least=1)
    _go(request, folder, screen)


def _go(
    request: Request,
    folder: Path,
    screen: Screen,
    first: Callable[[Comparison], None] = lambda seen: None,
) -> None:
    session.fetch_weights(request, screen)
    seen = ask(request, folder, screen)
    first(seen)
    seen.show()
    keep_verdict(seen, request.around.home)
    page = seen.save_html(folder / "report.html")
    out(f"Page: {page}")
    tell_of_transcripts(page)
    if request.options.json is not None:
        out(f"JSON: {seen.save_json(request.options.json)}")
    if seen.ended is not None and seen.ended.left:
        run = quote(str(request.options.out or folder.name))
        further = f"visavis resume {run}"
        if seen.ended.how == "budget spent":
            further = f"ask again with a larger --budget, and --out {quote(str(folder))}"
        left = f"{counted(seen.ended.left)} trials are still to come"
        if request.options.until == "decided":
            left = f"not every gap is decided, and up to {left}"
        out(f"{left} ({seen.ended.how}): {further}")
        sys.exit(1)
