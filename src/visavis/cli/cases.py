"""`visavis cases`: make cases, check them, try programs on them."""

from typing import Annotated

import typer

from visavis.cli.flags import takes
from visavis.options import GenerateOptions

app = typer.Typer(
    help="Make cases of your own, check them, and try programs on them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _cases() -> None: ...


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
