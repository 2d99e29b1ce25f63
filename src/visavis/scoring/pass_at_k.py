"""pass@k: the chance that at least one of k replies to a case is right."""

from math import prod


def pass_at_k(n: int, right: int, k: int) -> float:
    """Unbiased estimate from `n` replies of which `right` are right; needs 1 <= k <= n.

    Chen et al. 2021, "Evaluating Large Language Models Trained on Code", figure 3, in the same
    numerically stable order as their own program, so that equal counts give equal bits.
    """
    if not (1 <= k <= n and 0 <= right <= n):
        raise ValueError(f"pass@{k} of {right} right in {n} is not defined")
    if n - right < k:
        return 1.0
    return 1.0 - prod(1.0 - k / i for i in range(n - right + 1, n + 1))
