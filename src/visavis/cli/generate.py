"""`visavis cases generate`: cases to read, or a file of them."""

from visavis.api.generate import generated, written
from visavis.cli.screen import out
from visavis.options.cases import GenerateOptions
from visavis.report.text import counted


def show(family: str, options: GenerateOptions) -> None:
    """Each question with its key; or, with --out, where they were written."""
    if options.out is not None:
        number = written(family, options, options.out)
        out(f"{counted(number)} cases: {options.out}")
        return
    for case in generated(family, options):
        out(f"{case.id}\n\n{case.question}\n\nKey: {case.target}\n")
