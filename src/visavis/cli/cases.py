"""`visavis cases`: make cases, check them, try programs on them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from visavis.cli.flags import takes
from visavis.options import CasesRunOptions
from visavis.options.cases import (
    CheckCasesOptions,
    GenerateOptions,
    NewCasesOptions,
    TryOptions,
)

app = typer.Typer(
    help="Make cases of your own, check them, and try programs on them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _cases() -> None: ...


@app.command()
@takes(NewCasesOptions)
def new(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The file to write: .yaml, .jsonl or .csv; `cases.yaml` when not given.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    *,
    options: NewCasesOptions,
) -> None:
    """Write a first case file to change, or bring another program's cases; overwrites nothing."""
    from visavis.cli import own_cases

    own_cases.new(file, options)


@app.command()
@takes(CheckCasesOptions)
def check(
    path: Annotated[Path, typer.Argument(help="A case file, or a folder of them.", metavar="PATH")],
    options: CheckCasesOptions,
) -> None:
    """Find every mistake, and checks that tell nothing. Exit code 0: well; 1: such checks; 2: the
    file is wrong."""
    from visavis.cli import own_cases

    own_cases.check(path, options)


@app.command()
@takes(CasesRunOptions)
def run(
    path: Annotated[
        str,
        typer.Argument(
            help="A case file or a folder of them; `cases.yaml#TAG` is a part of one.",
            metavar="PATH",
        ),
    ],
    candidates: Annotated[
        list[str],
        typer.Argument(help="One or more, as for `compare`.", metavar="CANDIDATE..."),
    ],
    options: CasesRunOptions,
) -> None:
    """Ask cases of your own: one candidate case by case, or several face to face."""
    from visavis.cli import own_cases

    own_cases.run(path, candidates, options, os.environ)


@app.command()
@takes(GenerateOptions)
def generate(
    family: Annotated[
        str,
        typer.Argument(
            help="`logic`, `grid`, `schedule`, `money`, `trace`, `table`, `rule`, `ordering` or "
            "`units`.",
            metavar="FAMILY",
        ),
    ],
    options: GenerateOptions,
) -> None:
    """Make fresh cases from a seed, in English and French, each answer proven by a program."""
    from visavis.cli import generate as making

    making.show(family, options)


@app.command("try")
@takes(TryOptions)
def try_program(
    task: Annotated[
        str,
        typer.Argument(help="What the program is to be: `arkanoid`, `todo` …", metavar="TASK"),
    ],
    file: Annotated[
        Path,
        typer.Argument(help="The program; in a .md or .txt file, a code block.", metavar="FILE"),
    ],
    options: TryOptions,
) -> None:
    """Try a program requirement by requirement. Exit code 0: all hold; 1: not all do."""
    from visavis.cli import try_program as trying

    trying.show(task, file, options)
