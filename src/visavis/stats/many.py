"""Many tests at once: the chance of any false claim among them stays below 5 %."""

from collections.abc import Sequence


def holm(
    p_values: Sequence[float], weights: Sequence[float] = (), kept_back: float = 0.0
) -> list[float]:
    """p-values after Holm's step-down correction (1979), in the order given.

    Holds whatever the dependence between the tests. Each test has its weight's part of the 5 %,
    all the same part unless said otherwise; `kept_back` is the weight of tests still to come.
    """
    weights = weights or [1.0] * len(p_values)
    adjusted = [0.0] * len(p_values)
    least, left = 0.0, sum(weights) + kept_back
    for i in sorted(range(len(p_values)), key=lambda i: p_values[i] / weights[i]):
        least = max(least, min(1.0, left * p_values[i] / weights[i]))
        adjusted[i] = least
        left -= weights[i]
    return adjusted
