"""The cases of GLUE's tasks, from the authors' tab-separated files or the hub's Parquet.

The test split's labels are private, so the validation split is used, as everywhere. A case's id is
a hash of its texts and key, the same from either format. Cases with the same first text (a premise
with its three hypotheses) are one group.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from visavis.benchmarks.base import LoadOptions, Names, in_order, short_hash
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.glue_tasks import TASKS, Task
from visavis.benchmarks.tables import parquet_rows, tsv_rows
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.pinned.upstream import GLUE

HOME, LICENCE = "gluebenchmark.com", "each task its own, most state none"
BROKEN = 0.01
"""Share of lines with too few columns above which a file is not what it is taken for; a few of
QQP's are known to be broken, and are left out everywhere."""


class Row(NamedTuple):
    """A case as the files have it."""

    texts: tuple[str, ...]
    target: str
    part: str = ""
    """`matched` or `mismatched`, where a task has both."""


def upstream(task: Task) -> Upstream:
    """A task's files: it has a licence of its own, so it is told by its own name."""
    own = {path: file for path, file in GLUE.items() if path.startswith(f"{task.name}/")}
    return Upstream(
        name="glue",
        title=f"GLUE's {task.folder}",
        licence=LICENCE,
        home=HOME,
        pinned=MappingProxyType(own),
    )


def load_task(task: Task, options: LoadOptions) -> tuple[Case, ...]:
    """A task's cases by the SHA-256 of their ids; a note tells when they are but a part."""
    rows = list(_rows(task, options))
    if len(rows) != task.whole:
        options.note(f"GLUE: {len(rows):,} of the {task.whole:,} cases of {task.folder} are here")
    return in_order(_cases(task, rows))


def load_all(options: LoadOptions) -> tuple[Case, ...]:
    """All tasks in turn, so that any beginning has as many cases of each, while they last.

    Those whose files the user has; where there are none, all that can be fetched.
    """
    here = [task for task in TASKS if _found(task, options)]
    if here:
        options.note(f"GLUE: the tasks that are here are {', '.join(t.folder for t in here)}")
    each = [load_task(task, options) for task in here or TASKS if here or upstream(task).pinned]
    in_turn = chain.from_iterable(zip_longest(*each))
    return tuple(case for case in in_turn if case is not None)


def _found(task: Task, options: LoadOptions) -> list[Path]:
    """The authors' files that the user has."""
    folders = (f"{task.folder}/", "MNLI/", "") if task.name == "ax" else (f"{task.folder}/",)
    own = upstream(task)
    found = (own.look(f"{folder}{file}", options) for folder in folders for file in task.files)
    return [file for file in found if file is not None]


def _rows(task: Task, options: LoadOptions) -> Iterator[Row]:
    found = _found(task, options)
    for file in found:
        yield from _of_tsv(task, file, options)
    if found:
        return
    own = upstream(task)
    for path in own.pinned:
        yield from _of_parquet(task, own.find(path, options))
    if not own.pinned:
        own.find(f"{task.folder}/{task.files[0]}", options)  # says what is to be done


def _of_tsv(task: Task, file: Path, options: LoadOptions) -> Iterator[Row]:
    lines = list(tsv_rows(file))[int(task.header) :]
    whole = [line for line in lines if len(line) > max(task.columns)]
    broken = len([line for line in lines if line != [""]]) - len(whole)
    if broken > BROKEN * len(lines) or not whole:
        raise _unlike(task, file, f"lines have fewer than {max(task.columns) + 1} columns")
    if broken:
        options.note(f"GLUE: {broken} broken lines of {str(file)!r} are left out")
    *texts, label = task.columns
    for line in whole:
        target = _target(task, line[label])
        if target is None:
            raise _unlike(task, file, f"{line[label]!r} is no label")
        yield Row(tuple(line[column] for column in texts), target, _part(file))


def _of_parquet(task: Task, file: Path) -> Iterator[Row]:
    numbered = dict(enumerate(task.written))
    for row in parquet_rows(file, (*task.hub_columns, "label")):
        label = row["label"]
        target = _target(task, numbered.get(label, "") if task.written else str(label))
        if target is None:
            raise _unlike(task, file, f"{label!r} is no label")
        yield Row(tuple(row[column] for column in task.hub_columns), target, _part(file))


def _target(task: Task, written: str) -> str | None:
    """The key, as a chat would be asked to write it."""
    if task.written:
        return task.labels[task.written.index(written)] if written in task.written else None
    try:
        amount = float(written)
    except ValueError:
        return None
    return f"{amount:.3f}" if 0 <= amount <= 5 else None


def _part(file: Path) -> str:
    """`matched` or `mismatched`, by the file's name."""
    return next((part for part in ("mismatched", "matched") if f"_{part}" in file.name), "")


def _cases(task: Task, rows: Iterable[Row]) -> list[Case]:
    made, names = [], Names()
    for row in rows:
        name = f"glue/{task.name}/{short_hash(*row.texts, row.target)}"
        first = min(row.texts) if task.name == "ax" else row.texts[0]  # it asks both ways round
        fields = dict(zip(("first", "second"), row.texts, strict=False), task=task.name)
        made.append(
            Case(
                id=names.next(name),
                group=f"glue/{task.name}/{short_hash(first)}",
                question="\n".join(row.texts),
                target=row.target,
                fields=MappingProxyType(fields | ({"part": row.part} if row.part else {})),
            )
        )
    return made


def _unlike(task: Task, file: Path, why: str) -> DataError:
    return DataError(
        f"{str(file)!r} is not {task.folder}'s validation split of GLUE ({why}); "
        f"get it anew from {HOME}"
    )
