"""How a reply is judged by a model: by a rubric with a scale, or against the others' replies.

A case carries its rubrics as text in `Case.fields["rubrics"]`, so that a benchmark needs no field
of its own for them and an old run keeps what it asked. One rubric is one criterion, asked for by
itself: a judge that marks several things in one go lets the first colour the rest.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from visavis.core.case import Case
from visavis.core.outcome import Unscored
from visavis.core.tell import tell

RUBRICS = "rubrics"
"""The field of a case that holds its rubrics: what `written` returns."""

CHECKS_WEIGHT = "checks_weight"
"""The field of a case that says what its other checks weigh together, beside its rubrics; 1 when
it is not there."""

PASS_SHARE = "pass_share"
"""The field of a case that says which share of all weight, 0 to 1, a reply must earn to be right:
its score is then 1 or 0. Where it is not there, the share earned is the score."""

TO_BE_JUDGED = Unscored(because=tell("is to be judged by a model; name one by --judge"))
"""The grade of a reply whose case has rubrics and no other check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """One criterion that a judge, itself a model, holds a reply against."""

    name: str
    """Unique in its case, and shown beside the mark: `tone`, `judge`, `pairwise`."""
    kind: Literal["rubric", "pairwise"]
    """`rubric`: each reply gets a mark for itself. `pairwise`: two candidates' replies to the
    same case are put side by side, and the judge says which is better."""
    text: str
    """What makes a reply good, in the words of whoever wrote the case."""
    lowest: int = 1
    highest: int = 10
    """The scale of a mark, both ends included; a `pairwise` rubric has none."""
    pass_mark: float | None = None
    """From this mark on a reply is right (1), below it wrong (0); None: its place on the scale
    is the score."""
    weight: float = 1.0
    """Beside the case's other rubrics and checks; more than 0."""
    reference: str | None = None
    """An answer known to be good, shown to the judge."""


def written(rubrics: Iterable[Rubric]) -> str:
    """The rubrics as a case keeps them, in JSON."""
    return json.dumps([asdict(rubric) for rubric in rubrics], ensure_ascii=False)


def rubrics_of(case: Case) -> tuple[Rubric, ...]:
    """The rubrics of a case, none for most."""
    return tuple(Rubric(**one) for one in json.loads(case.fields.get(RUBRICS, "[]")))
