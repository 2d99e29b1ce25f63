"""Reads the tables in which benchmarks are published: CSV, tab-separated, Parquet.

Traps they set: line breaks within quoted fields, columns that are not quoted at all, marks that
Unicode calls a line's end within a text, and choices such as "NA" that a reader of data frames
takes for a missing value. Everything is text here until a benchmark says otherwise.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from visavis.core.errors import DataError

PARQUET = ".parquet"


def csv_rows(file: Path) -> Iterator[list[str]]:
    """The records of a CSV file; a line break within quotes ends none."""
    with _told(file), file.open(encoding="utf-8", newline="") as text:
        yield from csv.reader(text, strict=True)


def tsv_rows(file: Path) -> Iterator[list[str]]:
    """The lines of a tab-separated file without quoting, each cut at its tabs."""
    with _told(file), file.open(encoding="utf-8-sig", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\r\n").split("\t")


def parquet_rows(file: Path, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of a Parquet file, with these columns."""
    need_parquet(file.name)
    parquet = import_module("pyarrow.parquet")  # 40 MB, an extra, and slow to import
    with _told(file):
        file.stat()  # whose error is plainer than Arrow's
        missing = set(columns) - set(parquet.read_schema(file).names)
        if missing:
            raise ValueError(f"it has no column {min(missing)!r}")
        yield from parquet.read_table(file, columns=list(columns)).to_pylist()


def need_parquet(name: str) -> None:
    """Refuse early what could not be read later."""
    if find_spec("pyarrow") is None:
        raise DataError(
            f"{name!r} is Parquet, which is read with the extra 'data'; "
            "pip install 'visavis[data]', or give the authors' own files by --data"
        )


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """What cannot be read, in a line for the reader."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{str(file)!r} cannot be read: {error.strerror or error}") from error
    except (ValueError, csv.Error) as error:
        raise DataError(
            f"{str(file)!r} is cut short or not what it is taken for ({error}); fetch it anew"
        ) from error
