"""Many tests at once: the chance of any false claim among them stays below 5 %."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values after Holm's step-down correction (1979), in the order given.

    Holds whatever the dependence between the tests.
    """
    adjusted = [0.0] * len(p_values)
    least = 0.0
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = least
    return adjusted
