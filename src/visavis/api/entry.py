"""`compare` and `load`: the two ways to a `Comparison` from Python."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from os import environ as our_environ
from pathlib import Path
from typing import Any, get_args

from visavis.api import judging, session
from visavis.api.around import find, surroundings
from visavis.api.claims_kept import keep, taken
from visavis.api.comparison import Beside, Comparison
from visavis.api.interrupts import held
from visavis.api.request import Request, prepare
from visavis.api.screen import Screen
from visavis.candidates.scripted import ScriptedClient
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.measure.run import Ended
from visavis.options import CompareOptions, Language


def compare(
    candidates: Sequence[str | ScriptedClient], *, screen: Screen | None = None, **options: Any
) -> Comparison:
    """Put candidates face to face; the options are those of `visavis compare --help`.

    Candidates are named as on the command line, or are `ScriptedClient`s. Blocks until the run
    has ended or was interrupted; what is there is judged either way.
    """
    told = options_of(options)
    if told.dry_run:
        raise OptionError(
            "a dry run asks nothing, so there is nothing to compare; "
            "'visavis compare --dry-run' prints the plan"
        )
    screen = screen or _usual_screen(told.lang)
    request = prepare(candidates, told, surroundings(our_environ), screen)
    session.fetch_weights(request, screen)
    seen = ask(request, told.out or request.new_folder(), screen)
    if told.json is not None:
        seen.save_json(told.json)
    return seen


def load(
    run: str | Path,
    *,
    policy: str = "default",
    lang: str = "en",
    claims: Sequence[str] = (),
    speed: str | Path | None = None,
    limits: str | Path | Sequence[str | Path] = (),
) -> Comparison:
    """A run of an earlier day, judged again: no network, no model. Files of `claims` are shown
    beside what it measured, the curves of a `speed` run of its candidates are drawn, and what
    `visavis limits` found of them, as files of `limits` tell, counts as measured."""
    if lang not in get_args(Language):
        raise unknown("language", lang, get_args(Language))
    home = surroundings(our_environ).home
    folder, loads = find(str(run), home), None if speed is None else find(str(speed), home)
    spoken: Language = "fr" if lang == "fr" else "en"
    beside = Beside(claims=claims, limits=_several(limits), speed=loads)
    return Comparison(folder, policy=policy, lang=spoken, beside=beside)


def options_of(given: Mapping[str, Any]) -> CompareOptions:
    """Options from keyword arguments; an unknown name is answered with the nearest."""
    known = {f.name for f in fields(CompareOptions)}
    for name in given:
        if name not in known:
            raise unknown("option of compare", name, sorted(known))
    told = dict(given)
    if "on" in told:
        on = [told["on"]] if isinstance(told["on"], str | Path) else told["on"] or ()
        if not isinstance(on, list | tuple):
            raise OptionError(f"'on' {on!r} is no list of benchmarks; write on=['logic:20']")
        told["on"] = tuple(map(str, on))
    told |= {name: _several(told[name]) for name in ("judge", "claims") if name in told}
    for name in ("out", "json", "data"):
        if told.get(name) is not None:
            told[name] = Path(told[name])
    return CompareOptions(**told)


def _several(given: Any) -> tuple[Any, ...]:
    """One, several or none; files by their names."""
    several = [given] if isinstance(given, str | Path) else given or ()
    return tuple(str(one) if isinstance(one, Path) else one for one in several)


def ask(request: Request, folder: Path, screen: Screen) -> Comparison:
    """Ask what is left of the run in `folder`, then judge all of it."""
    claims = taken(request.options.claims)
    ended = held(lambda stop: _session(request, folder, screen, stop), screen)
    keep(claims, folder)
    return Comparison(folder, policy=request.options.policy, lang=request.options.lang, ended=ended)


async def _session(request: Request, folder: Path, screen: Screen, stop: asyncio.Event) -> Ended:
    """Candidates are asked, then judges what they make of the replies."""
    ended = await session.hold(request, folder, screen, stop)
    if request.judges is None or ended.how != "finished":
        return ended
    judged = await judging.hold(request.judges, folder, screen, stop)
    return replace(judged, trials=ended.trials + judged.trials)


def _usual_screen(lang: Language) -> Screen:
    from visavis.report.progress import screen

    return screen(lang=lang)
