"""`visavis cases`: make cases, check them, try programs on them."""

import typer

app = typer.Typer(
    help="Make cases of your own, check them, and try programs on them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _cases() -> None: ...
