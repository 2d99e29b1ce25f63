"""A program that was tried, requirement by requirement, in words."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from visavis.benchmarks.programs.base import Finding, ProgramTask
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.retold import retold
from visavis.report.text import Numbers, line


def heads(lang: Language) -> tuple[str, ...]:
    """Of the table of requirements."""
    _ = Words(lang)
    return ("", _("requirement"), "", _("because"))


def rows(
    task: ProgramTask, findings: Sequence[Finding], lang: Language
) -> Iterator[tuple[str, ...]]:
    """Each requirement, whether it holds, and what was seen."""
    _, num = Words(lang), Numbers(lang)
    for number, (one, found) in enumerate(zip(task.requirements, findings, strict=True), 1):
        holds = _("holds") if found.holds else _("does not hold")
        yield num.count(number), one.name, holds, line(retold(found.because, lang).text)


def summary(file: Path, findings: Sequence[Finding], lang: Language) -> str:
    """How many hold."""
    _, num = Words(lang), Numbers(lang)
    n, of = num.count(sum(one.holds for one in findings)), num.count(len(findings))
    hold = _("{n} of {of} requirements hold", n=n, of=of)
    return _("{label}: {value}", label=file, value=hold)


def kept(folder: Path, files: int, lang: Language) -> str:
    """Where lies what was seen."""
    n = Numbers(lang).count(files)
    return Words(lang).plural(
        "what the checks saw: {folder}, {n} file",
        "what the checks saw: {folder}, {n} files",
        files,
        folder=folder,
        n=n,
    )
