"""`visavis arena`: opens the page, waits for Ctrl-C, says what was kept."""

import sys
import webbrowser
from collections.abc import Mapping

from visavis.api.arena import Arena
from visavis.api.arena_server import serve
from visavis.api.around import find, surroundings
from visavis.api.interrupts import held
from visavis.cli.screen import out, terminal
from visavis.options import ArenaOptions
from visavis.report.text import counted


def hold(run: str, options: ArenaOptions, environ: Mapping[str, str]) -> None:
    """Let one person judge the replies of a run."""
    folder = find(run, surroundings(environ).home)
    screen = terminal(yes=True, lang=options.lang)
    opens = options.browser and _has_screen(environ)

    def told(url: str) -> None:
        out(f"Arena: {url}")
        out("Votes are kept as they are given. Ctrl-C ends.")
        if opens:
            webbrowser.open(url)

    with Arena(folder, options) as arena:
        _outline(arena)
        held(lambda stop: serve(arena, options.port, options.lang, told, stop), screen)
        standing = arena.standing()
    out(
        f"{counted(standing.kept)} votes kept, {counted(standing.left)} of "
        f"{counted(standing.total)} pairs to come."
    )
    out(f"Go on: visavis arena {run}. What the votes come to: visavis show {run}")


def _outline(arena: Arena) -> None:
    """How much there is, and what is left out."""
    plan, standing = arena.plan, arena.standing()
    out(f"{counted(standing.total)} pairs of replies, {counted(standing.left)} of them to come.")
    if plan.identical:
        out(f"Left out: {counted(plan.identical)} pairs that say the same word for word.")
    if plan.without:
        out(f"Left out: {counted(plan.without)} pairs of which one candidate gave no reply.")


def _has_screen(environ: Mapping[str, str]) -> bool:
    """Whether a browser would open a window: one for the terminal would take it from us."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
