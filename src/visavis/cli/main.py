"""The `visavis` command. Every command imports what it needs when it is called."""

import os
import sys
from errno import EBADF, EFBIG, EIO, ENOSPC
from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer
from typer.exceptions import TyperException

import visavis
from visavis.cli import cases, over_time, streams
from visavis.cli.flags import takes
from visavis.cli.over_time import Run
from visavis.core.errors import OptionError, VisavisError
from visavis.options import (
    ArenaOptions,
    CalibrateOptions,
    ClaimsOptions,
    CompareOptions,
    ContaminationOptions,
    FitOptions,
    ImportOptions,
    JudgeOptions,
    LimitsOptions,
    MoneyOptions,
    PowerOptions,
    ShowOptions,
    SpeedOptions,
    VerdictOptions,
)
from visavis.options.runs import GateOptions

_UNWRITABLE = frozenset({EBADF, EFBIG, EIO, ENOSPC})
"""What the system says of an output that takes no more."""

app = typer.Typer(
    name="visavis",
    help="Puts language models face to face: measures, compares in pairs, and says what is proven.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich's takes four times as long to load
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"visavis {visavis.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
@takes(CompareOptions)
def compare(
    candidates: Annotated[
        list[str],
        typer.Argument(
            help="Two or more: `gpt-4o-mini`, `openai:gpt-4o`, `ollama:llama3.1:8b`, "
            "`http://127.0.0.1:8000/v1#model`, `gguf:/path/model.gguf`, `smollm2-135m` …",
            metavar="CANDIDATE...",
        ),
    ],
    options: CompareOptions,
) -> None:
    """Put candidates face to face on the same cases, and say what is proven."""
    from visavis.cli import runs

    runs.compare(candidates, options, os.environ)


@app.command()
def resume(run: Run) -> None:
    """Go on with a run that was cut off."""
    from visavis.cli import runs

    runs.resume(run, os.environ)


@app.command()
@takes(ShowOptions)
def show(run: Run, options: ShowOptions) -> None:
    """Show a run again, without network or model."""
    from visavis.cli import show as shown

    shown.show(run, options, os.environ)


@app.command()
@takes(ArenaOptions)
def arena(run: Run, options: ArenaOptions) -> None:
    """Compare the replies of a run blind, side by side, on a page of this machine."""
    from visavis.cli import arena as judging

    judging.hold(run, options, os.environ)


@app.command()
@takes(JudgeOptions)
def judge(run: Run, options: JudgeOptions) -> None:
    """Let models judge the replies of a run, once more or by other judges; check them by labels."""
    from visavis.cli import judge as judges

    judges.judge(run, options, os.environ)


@app.command("import")
@takes(ImportOptions)
def bring(
    format_name: Annotated[
        str,
        typer.Argument(
            help="`zeroeval`, `lm-eval`, `inspect`, `promptfoo`, `mmmu-pro`, `plain`, or `auto`.",
            metavar="FORMAT",
        ),
    ],
    files: Annotated[list[Path], typer.Argument(help="Logs; gzip as it is.", metavar="FILE...")],
    options: ImportOptions,
) -> None:
    """Turn another tool's logs into candidates, `recorded:NAME`."""
    from visavis.cli import imports

    imports.show(format_name, files, options, os.environ)


@app.command()
@takes(PowerOptions)
def power(options: PowerOptions) -> None:
    """Say how many cases it takes to see a gap, before any is asked."""
    from visavis.cli import power as reckoning

    reckoning.show(options, os.environ)


@app.command()
@takes(ContaminationOptions)
def contamination(
    candidates: Annotated[
        list[str], typer.Argument(help="One or more, as for `compare`.", metavar="CANDIDATE...")
    ],
    options: ContaminationOptions,
) -> None:
    """Show whether a candidate prefers the order in which a benchmark was published."""
    from visavis.cli import contamination as orders

    orders.show(candidates, options, os.environ)


@app.command()
@takes(LimitsOptions)
def limits(
    candidates: Annotated[
        list[str], typer.Argument(help="One or more, as for `compare`.", metavar="CANDIDATE...")
    ],
    options: LimitsOptions,
) -> None:
    """Find a candidate's real context, output and knowledge cutoff: costs tokens, price first."""
    from visavis.cli import limits as probing

    probing.show(candidates, options, os.environ)


models = typer.Typer(
    help="List the models that visavis knows, or fetch one.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(models, name="models")
app.add_typer(cases.app, name="cases")
app.add_typer(over_time.app)


@models.callback()
def _models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        from visavis.cli import models as listing

        listing.show(os.environ)


@models.command("pull")
def pull(
    names: Annotated[list[str], typer.Argument(help="Local models to fetch.", metavar="NAME...")],
) -> None:
    """Fetch a local model: resumed when cut, checked by its SHA-256."""
    from visavis.cli import models as listing

    listing.pull(names, os.environ)


@app.command()
@takes(VerdictOptions)
def verdict(run: Run, options: VerdictOptions) -> None:
    """Say what to choose for a use, how sure that is, and what would change it."""
    from visavis.cli import verdict as choice

    choice.show(run, options, os.environ)


@app.command()
@takes(GateOptions)
def gate(
    base: Annotated[str, typer.Argument(help="A run, or `RUN#CANDIDATE`.", metavar="BASE")],
    candidate: Annotated[
        str, typer.Argument(help="Another, of the same cases.", metavar="CANDIDATE")
    ],
    options: GateOptions,
) -> None:
    """Let a candidate pass that is not worse: exit 0, else 3 (worse) or 4 (undecided)."""
    from visavis.cli import gate as passing

    code = passing.show(base, candidate, options, os.environ)
    if code:
        raise typer.Exit(code)


@app.command()
def policies(
    name: Annotated[
        str | None, typer.Argument(help="One policy, as a file to start from.", metavar="[NAME]")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of a policy file.")
    ] = False,
) -> None:
    """List the policies that visavis knows, or print one as YAML."""
    from visavis.cli import policies as known

    known.show(name, schema=schema)


@app.command()
@takes(ClaimsOptions)
def claims(
    systems: Annotated[
        list[str] | None,
        typer.Argument(
            help="`gpt-4o`, `gpt-4o-mini`, `llama-3.1-8b` …; all where none is named.",
            metavar="[SYSTEM...]",
        ),
    ] = None,
    *,
    options: ClaimsOptions,
) -> None:
    """Hold published figures against what is known: contradicted, consistent, or neither."""
    from visavis.cli import claims as published

    published.show(systems or [], options, os.environ)


@app.command()
@takes(MoneyOptions)
def money(run: Run, options: MoneyOptions) -> None:
    """Say what candidates cost a month, by price lists or on your own hardware, and when which."""
    from visavis.cli import money as costs

    costs.show(run, options, os.environ)


@app.command()
@takes(FitOptions)
def fit(
    model: Annotated[
        str,
        typer.Argument(
            help="A local model, a GGUF file, or a number of parameters: `8B`.", metavar="MODEL"
        ),
    ],
    options: FitOptions,
) -> None:
    """Reckon the memory that a model needs, and which machines hold it."""
    from visavis.cli import fit as reckoning

    reckoning.show(model, options, os.environ)


@app.command()
@takes(SpeedOptions)
def speed(
    candidates: Annotated[
        list[str],
        typer.Argument(
            help="One or more: `gpt-4o-mini`, `ollama:llama3.1:8b`, "
            "`http://127.0.0.1:8000/v1#model`, `gguf:/path/model.gguf`, `smollm2-135m` …",
            metavar="CANDIDATE...",
        ),
    ],
    options: SpeedOptions,
) -> None:
    """Put candidates under load, in turns: latencies, throughput, verdicts, our own error."""
    from visavis.cli import speed as loads

    loads.speed(candidates, options, os.environ)


@app.command()
@takes(CalibrateOptions)
def calibrate(options: CalibrateOptions) -> None:
    """Measure the instrument that `speed` measures with, against a server of known delays."""
    from visavis.cli import speed as loads

    loads.calibrate(options)


@app.command()
def doctor() -> None:
    """Say what this machine can do: the fence, the engine, the keys that are set."""
    from visavis.cli import doctor as examination

    examination.show(os.environ)


def _unforeseen(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """A mistake of ours: one line, and how to get the rest."""
    sys.stderr.write(
        f"visavis: internal error: {kind.__name__}: {error}; "
        "please report it with the output of the same command under VISAVIS_TRACEBACK=1\n"
    )


def _misused(error: TyperException) -> str:
    """A wrong flag in one line; what `visavis` alone gets is its help, whole."""
    said = getattr(error, "format_message", lambda: str(error))()
    command = getattr(getattr(error, "ctx", None), "command_path", "visavis")
    said = said.rstrip(".").replace("Value error, ", "")
    return said if "\n" in said else f"visavis: {said}; see '{command} -h'"


def run() -> None:
    """Entry point: a user's mistake ends in one line and exit code 2, another end in 1."""
    if not os.environ.get("VISAVIS_TRACEBACK"):
        sys.excepthook = _unforeseen
    streams.mend()
    try:
        code = typer.main.get_command(app)(standalone_mode=False)
    except (TyperException, typer.Abort, VisavisError, OSError) as error:
        said, code = _ending(error)
        sys.stderr.write(said)
    sys.exit(code)


def _ending(error: Exception) -> tuple[str, int]:
    """What to say of an end before the end, and the exit code."""
    match error:
        case TyperException():
            return f"{_misused(error)}\n", OptionError.exit_code
        case VisavisError():
            from visavis.report.text import visible  # what a file or a server wrote acts on nothing

            return f"visavis: {visible(str(error))}\n", error.exit_code
        case BrokenPipeError():
            # The reader went away (`visavis show … | head`); nothing more can be said to it.
            streams.lead_nowhere()
            return "", 1
        case OSError(filename=str() as name):
            return f"visavis: {name!r} cannot be used: {error.strerror}\n", 1
        case OSError() if error.errno in _UNWRITABLE:
            streams.lead_nowhere()
            return f"visavis: the output cannot be written: {error.strerror}\n", 1
        case typer.Abort():  # Ctrl-C where nothing was asked yet
            return "visavis: stopped\n", 130
    raise error
