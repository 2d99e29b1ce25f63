"""The commands for several runs: all there are, two beside each other, many made one."""

import os
from pathlib import Path
from typing import Annotated

import typer

from visavis.cli.flags import takes
from visavis.options.runs import DiffOptions, MergeOptions, RunsOptions

app = typer.Typer()


def _runs(incomplete: str) -> list[str]:
    """Names for the shell to complete."""
    from visavis.cli.runs_list import completed

    return completed(incomplete, os.environ)


Run = Annotated[
    str,
    typer.Argument(
        help="A run: its folder, its name, or `last`.", metavar="RUN", autocompletion=_runs
    ),
]


@app.command("runs")
@takes(RunsOptions)
def all_runs(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Further runs, or folders of runs.", metavar="[FOLDER...]"),
    ] = None,
    *,
    options: RunsOptions,
) -> None:
    """List all runs: what was asked of whom, how far it is, what it cost and came to."""
    from visavis.cli import runs_list

    runs_list.show([*map(str, folders or [])], options, os.environ)


@app.command()
@takes(DiffOptions)
def diff(
    old: Annotated[
        str,
        typer.Argument(
            help="A run: its folder, its name, or `last`.", metavar="OLD", autocompletion=_runs
        ),
    ],
    new: Annotated[str, typer.Argument(help="A later one.", metavar="NEW", autocompletion=_runs)],
    options: DiffOptions,
) -> None:
    """Say what changed in a candidate from one run to another, and whether a snapshot drifted."""
    from visavis.cli import diff as changes

    changes.show(old, new, options, os.environ)


@app.command()
@takes(MergeOptions)
def merge(
    runs: Annotated[
        list[str],
        typer.Argument(help="Two or more runs.", metavar="RUN...", autocompletion=_runs),
    ],
    options: MergeOptions,
) -> None:
    """Make one run of several: further candidates, benchmarks, cases or tries."""
    from visavis.cli import merge as merging

    merging.merge(runs, options, os.environ)
