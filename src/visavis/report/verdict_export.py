"""The answer of `visavis verdict` as data: for `--json`."""

from typing import Any

from visavis.report.documents import document
from visavis.verdict.choice import Choice


def as_json(choice: Choice) -> bytes:
    """Shares from 0 to 1; weights of a world sum to 1."""
    return document(_data(choice))


def _data(choice: Choice) -> dict[str, Any]:
    drawn = choice.worlds
    return {
        "policy": choice.policy.name,
        "chosen": choice.chosen,
        "because": choice.because,
        "candidates": [
            {
                "candidate": one.candidate,
                "must": {must.text: met for must, met in one.musts.items()},
                "acceptability": one.acceptability,
                "central_weights": one.central,
                "dominated_by": list(one.dominated_by),
            }
            for one in choice.standings
        ],
        "worlds": 0 if drawn is None else len(drawn.weights),
        "criteria": [] if drawn is None else list(drawn.criteria),
        "not_weighed": [] if drawn is None else list(drawn.unknown),
        "part_not_weighed": 0.0 if drawn is None else drawn.missing,
        "break_even": list(choice.flips),
        "break_even_weights": list(choice.weights),
        "break_even_output_prices": list(choice.prices),
        "break_even_limits": [
            {
                "must": one.must.text,
                "at": one.at,
                "above": one.above,
                "chosen": one.chosen,
                "because": one.because,
            }
            for one in choice.limits
        ],
        "choose_if": list(choice.conditions),
    }
