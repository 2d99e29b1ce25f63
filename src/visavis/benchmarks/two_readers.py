"""Grades a reply by two readers: one insists on the format asked for, the other does not.

Which of them counts is the protocol's choice. Both marks are kept, so that what was lost to format
can be told from what was not known.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Generic, TypeVar

from visavis.benchmarks.figures import FLEXIBLE, STRICT
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.tell import tell
from visavis.scoring.numbers import Number, last_number

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoReaders(Generic[Read]):
    """A benchmark's `grade`: reads a reply twice and compares each reading with the key."""

    strict: Callable[[Case, str], Read | None]
    flexible: Callable[[Case, str], Read | None]
    compare: Callable[[Case, Read], Grade]
    counts: str
    """`STRICT` or `FLEXIBLE`: whose mark is the score."""

    def __call__(self, case: Case, text: str, fence: Fence) -> Grade:
        readings = {STRICT: self.strict(case, text), FLEXIBLE: self.flexible(case, text)}
        grades: dict[str, Score] = {}
        for name, read in readings.items():
            same = name == FLEXIBLE and read == readings[STRICT]
            grade = grades[STRICT] if same else self._graded(case, read)
            if isinstance(grade, Unscored):
                return grade
            grades[name] = grade
        marks = {name: grade.value for name, grade in grades.items()}
        return replace(grades[self.counts], marks=MappingProxyType(marks))

    def _graded(self, case: Case, read: Read | None) -> Grade:
        if read is None:
            return Score(value=0.0, because=tell("no answer in the format asked for"))
        return self.compare(case, read)


def same_number(case: Case, read: Number) -> Grade:
    """Whether the number can be read as the key's."""
    key = last_number(case.target)
    if key is None:
        return Unscored(because=tell("the key {key!r} holds no number", key=case.target))
    return Score(
        value=float(read.equals(key.readings[0])),
        because=tell("read {read}, key {key}", read=read.written, key=case.target),
        read=read.written,
    )
