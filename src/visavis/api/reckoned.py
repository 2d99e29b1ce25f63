"""What recorded replies would cost: their tokens, counted, at the list price of their model.

Nobody was paid in a run of recordings, so its trials have no price. Without one, no verdict about
recorded answers could weigh money. Each such figure says on every report that it was reckoned.
"""

from collections.abc import Callable, Iterator, Sequence

from visavis.api.tokens import TokenCounts
from visavis.core.candidate import Candidate
from visavis.core.observation import Observation

PRICES = "usd_per_million_input_tokens", "usd_per_million_output_tokens"


def has_list_price(candidate: Candidate) -> bool:
    """Whether a recording's model was found in a price list when the run was made."""
    return candidate.kind == "recorded" and len(_prices(candidate)) == len(PRICES)


def reckoned(
    candidates: Sequence[Candidate], counts: Callable[[], TokenCounts]
) -> Iterator[Observation]:
    """USD of each counted case of each recording that has a list price; `counts` is asked once
    there is one, since counting takes a moment."""
    for candidate in filter(has_list_price, candidates):
        tokens, (input_usd, output_usd) = counts(), _prices(candidate)
        for unit, (read, written) in tokens.by_case[candidate.name].items():
            benchmark, case = unit
            if case != benchmark:  # else each try is a unit, and tokens are known of all together
                yield Observation(
                    candidate=candidate.name,
                    axis="price",
                    measure="usd",
                    benchmark=benchmark,
                    unit_id=case,
                    group=tokens.group_of[unit][1],
                    value=(read * input_usd + written * output_usd) / 1_000_000,
                )


def _prices(candidate: Candidate) -> list[float]:
    stated = {fact.name: fact.value for fact in candidate.facts}
    return [value for name in PRICES if isinstance(value := stated.get(name), float)]
