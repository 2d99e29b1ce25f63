"""`visavis cases generate`: fresh cases of a family, to be read or kept in a file."""

from itertools import islice
from pathlib import Path
from typing import get_args

from visavis.api.around import check_writable
from visavis.api.shown import save
from visavis.benchmarks.generated import own_file
from visavis.benchmarks.generated.families import FAMILIES, LEVELS
from visavis.core.case import Case
from visavis.core.errors import OptionError
from visavis.core.numbers import check_numbers
from visavis.core.registry import unknown
from visavis.options import flag
from visavis.options.cases import CaseLanguage, GenerateOptions
from visavis.report.text import counted

WRITERS = {".jsonl": own_file.json_lines, ".yaml": own_file.yaml, ".yml": own_file.yaml}


def generated(name: str, options: GenerateOptions) -> tuple[Case, ...]:
    """The first cases of a seed: those that `--on FAMILY@LEVEL:N` asks, where both languages are
    wanted."""
    family = FAMILIES.get(name)
    check_numbers(options, flag)
    if options.lang not in get_args(CaseLanguage):
        raise unknown("language", options.lang, get_args(CaseLanguage))
    level = LEVELS[options.difficulty - 1]
    wanted = (
        case
        for case in family.cases(level, options.seed)
        if options.lang in ("both", case.fields["language"])
    )
    cases = tuple(islice(wanted, options.n))
    if len(cases) < options.n:
        raise OptionError(
            f"a seed of '{name}@{level}' holds {counted(len(cases))} cases in that choice of "
            f"languages, {counted(options.n)} were asked for; give --n {len(cases)} or less"
        )
    return cases


def written(name: str, options: GenerateOptions, file: Path) -> int:
    """Write the cases as a file of one's own cases; how many they are."""
    write = WRITERS.get(file.suffix.lower())
    if write is None:
        raise OptionError(f"{str(file)!r} is no case file; its name must end in .jsonl or .yaml")
    check_writable(file)
    cases = generated(name, options)
    level = LEVELS[options.difficulty - 1]
    save(file, write(own_file.rows(FAMILIES.get(name), level, cases)).encode())
    return len(cases)
