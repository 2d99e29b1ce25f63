"""Which formats are read, and what a file looks like."""

from collections.abc import Mapping

from visavis.core.errors import DataError, OptionError
from visavis.core.registry import unknown
from visavis.measure.imports.base import Columns, Format, Log
from visavis.measure.imports.inspect_log import INSPECT
from visavis.measure.imports.lm_eval import LM_EVAL
from visavis.measure.imports.mmmu_pro import MMMU_PRO
from visavis.measure.imports.plain import PLAIN, is_table
from visavis.measure.imports.promptfoo import PROMPTFOO
from visavis.measure.imports.reading import LogFile
from visavis.measure.imports.zeroeval import ZEROEVAL

AUTO = "auto"
FORMATS: Mapping[str, Format] = {
    one.name: one for one in (ZEROEVAL, LM_EVAL, INSPECT, PROMPTFOO, MMMU_PRO, PLAIN)
}
"""By name; `auto` takes the first that a file looks like."""


def format_of(name: str) -> Format | None:
    """The format of that name; None for `auto`."""
    if name == AUTO:
        return None
    if name not in FORMATS:
        raise unknown("format", name, [*FORMATS, AUTO])
    return FORMATS[name]


def read(file: LogFile, wanted: Format | None, columns: Columns) -> Log:
    """All of a file; where it is another kind of log than was said, that is said."""
    looks = looks_like(file)
    kind = wanted or looks
    if columns and kind is not PLAIN:
        raise OptionError(f"--columns are for plain files; {file.name!r} is read as {kind.title}")
    try:
        return kind.read(file, columns)
    except DataError as error:
        if wanted is None or looks is wanted or (looks is PLAIN and not is_table(file)):
            raise
        raise DataError(
            f"{file.name!r} is not {wanted.title}; it looks like {looks.title}: "
            f"try 'visavis import {looks.name}'"
        ) from error


def looks_like(file: LogFile) -> Format:
    return next(one for one in FORMATS.values() if one.is_like(file))
