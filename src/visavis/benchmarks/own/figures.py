"""What the mean score of one's own cases leaves out: the score by tag."""

from collections.abc import Iterable, Sequence

from visavis.benchmarks.base import Figure, Graded
from visavis.benchmarks.figures import mean_share


def figures(graded: Sequence[Graded]) -> Iterable[Figure]:
    """The score by tag; a case with several tags counts under each."""
    tagged: dict[str, list[Graded]] = {}
    for one in graded:
        for tag in one.case.fields.get("tags", "").split():
            tagged.setdefault(tag, []).append(one)
    for tag, part in sorted(tagged.items()):
        yield mean_share(tag, part, by="tag")
