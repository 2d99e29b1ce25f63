"""`visavis models` lists what can be asked, `visavis models pull` fetches a local model."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from visavis.api.around import surroundings
from visavis.candidates.catalog import catalog
from visavis.candidates.weights import Listed, ensure, listed
from visavis.cli.screen import out, terminal
from visavis.pinned.fetch import Sources
from visavis.report.text import PIPED_COLUMNS, Numbers

_NUMBERS = Numbers("en")


def show(environ: Mapping[str, str]) -> None:
    """Models that run here from a file, and systems that are asked over a network."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED_COLUMNS
    local = _table("on this machine", "file", "size", "licence", "state")
    for line in listed(surroundings(environ).home):
        size = _NUMBERS.size(line.model.size)
        local.add_row(line.model.name, line.model.file, size, line.model.licence, _state(line))
    hosted = _table("over a network", "ways to reach it (with a key now)")
    for system in catalog().systems:
        ways = dict.fromkeys(way.route for snapshot in system.snapshots for way in snapshot.ways)
        hosted.add_row(system.name, ", ".join(_way(route, environ) for route in ways))
    console.print(local)
    console.print(hosted)
    console.print("visavis models pull NAME fetches a file; visavis compare fetches what it needs.")


def pull(names: Sequence[str], environ: Mapping[str, str]) -> None:
    """Fetch each, or name the first that cannot be had."""
    models = [catalog().local_or_error(name) for name in names]
    screen, home = terminal(yes=True), surroundings(environ).home
    for model in models:
        with screen.downloading(model.name) as progress:
            file = ensure(
                model, home, progress=progress, note=screen.note, sources=Sources.told(environ)
            )
        out(f"{model.name}: {file} (SHA-256 {model.sha256[:12]}…, {model.licence})")


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, header_style="bold", overflow="fold")
    return table


def _state(line: Listed) -> str:
    if line.present:
        return "here"
    if line.held_bytes:
        return f"{_NUMBERS.share(line.held_bytes / line.model.size)} fetched"
    return "to be fetched"


def _way(name: str, environ: Mapping[str, str]) -> str:
    route = catalog().route(name)
    keyed = route is not None and bool(environ.get(route.key))
    return f"{name} (key)" if keyed else name
