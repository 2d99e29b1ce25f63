"""`visavis import`: what was brought, our score beside the source's, and how to go on."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote

from visavis.api.around import surroundings
from visavis.api.imports import Brought, bring
from visavis.cli.screen import out, terminal
from visavis.measure.imports.tally import Tally
from visavis.options import ImportOptions
from visavis.report.text import Numbers, counted, line

_NUMBERS = Numbers("en")


def show(
    format_name: str, files: Sequence[Path], options: ImportOptions, environ: Mapping[str, str]
) -> None:
    """Import, and tell what came of it."""
    screen = terminal(yes=True)
    brought = bring(format_name, files, options, surroundings(environ).home, screen)
    for one in brought.tallies:
        for text in _told(one, brought):
            out(line(text) if not text.startswith("  ") else f"  {line(text)}")
    if options.disagreements is not None:
        out(f"disagreements: {options.disagreements}")
    out(_further(brought))


def _told(one: Tally, brought: Brought) -> Iterator[str]:
    share, total = one.share, brought.cases[one.share.protocol]
    again = ", here already" if (share.name, share.protocol) in brought.known else ""
    answers, cases = counted(one.answers), counted(total)
    yield f"{share.name}, {share.protocol}: {answers} answers to {cases} cases{again}"
    if one.scored:
        scores = f"  ours {_score(one.ours, one.scored)}"
        if one.marked:
            same = (
                "" if one.marked == one.scored else f" of the {counted(one.marked)} that it judges"
            )
            scores += (
                f"; {one.by} {_score(one.theirs_marked, one.marked)}{same}; "
                f"{_counted(len(one.disagreements), 'disagreement')}"
            )
        yield scores
    cut = (
        "cut replies are not recorded" if one.truncated is None else f"{counted(one.truncated)} cut"
    )
    parts = [f"{counted(one.empty)} empty", cut, f"{counted(one.unparsed)} unparsed"]
    parts += [f"{counted(one.unscored)} not graded (--check says how)"] if one.unscored else []
    parts += [f"{counted(one.failed)} with an error in the log"] if one.failed else []
    missing = total - one.answers - one.failed
    parts += [f"{counted(missing)} cases never put to it"] if missing else []
    yield "  " + ", ".join(parts)


def _score(right: float, of: int) -> str:
    marks = _NUMBERS.decimal(right, 0 if float(right).is_integer() else 2)
    return f"{marks} of {counted(of)} ({_NUMBERS.share(right / of, 0.01)})"


def _counted(count: int, what: str) -> str:
    return f"{counted(count)} {what}" + ("" if count == 1 else "s")


def _further(brought: Brought) -> str:
    named = [quote(f"recorded:{name}") for name in brought.names]
    if len(named) == 1:
        named.append("CANDIDATE")
    return f"visavis compare {' '.join(named)} --on {quote(','.join(brought.protocols))}"
