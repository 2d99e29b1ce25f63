"""Whether a judge is no stranger to a candidate: models favour what is written as they would.

Self-preference is known of judges of all sizes (Panickssery et al. 2024, arXiv 2404.13076). What
is known here is who made a model, by the catalog, and what its name begins with; a model that was
trained on another's answers goes unnoticed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from visavis.candidates.catalog import catalog
from visavis.core.candidate import Candidate

Kinship = Literal["itself", "the same weights", "the same model", "the same family"]

_LETTERS = re.compile(r"[a-z]+")


def kinship(judge: Candidate, candidate: Candidate) -> Kinship | None:
    """The closest tie between the two, as far as it is known here."""
    if _asked(judge) == _asked(candidate):
        return "itself"
    if judge.snapshot == candidate.snapshot and judge.snapshot.startswith("sha256:"):
        return "the same weights"
    if "scripted" in (judge.kind, candidate.kind):
        return None
    if judge.system is not None and judge.system == candidate.system:
        return "the same model"
    return "the same family" if _family(judge) & _family(candidate) else None


def told_of_kin(judges: Iterable[Candidate], candidates: Iterable[Candidate]) -> Iterator[str]:
    """A line for each judge that is no stranger to a candidate."""
    known = list(candidates)
    for judge in judges:
        for one in known:
            how = kinship(judge, one)
            if how is not None:
                told = "" if how == "itself" else f" {one.name!r}, which is of"
                yield f"{judge.name!r} is to judge{told} {how}: such judges may favour their own"


def _asked(one: Candidate) -> tuple[str | None, ...]:
    return one.kind, one.route, one.model, one.snapshot, one.base_url


def _family(one: Candidate) -> set[str]:
    """By maker, and by the letters that a model's name begins with: `qwen`, `gpt`, `llama`."""
    known = catalog().system(one.system) or catalog().local(one.system or "")
    begins = _LETTERS.match(one.model.rpartition("/")[2].lower())
    found = {begins[0]} if begins else set()
    return found | {known.maker} if known is not None else found
