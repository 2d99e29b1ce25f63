"""pass@k and pass^k: the chance that one of k replies to a case is right, or that all k are."""

from math import comb, prod


def pass_at_k(n: int, right: int, k: int) -> float:
    """Unbiased estimate from `n` replies of which `right` are right; needs 1 <= k <= n.

    Chen et al. 2021, "Evaluating Large Language Models Trained on Code", figure 3, in the same
    numerically stable order as their own program, so that equal counts give equal bits.
    """
    _check(n, right, k, "pass@")
    if n - right < k:
        return 1.0
    return 1.0 - prod(1.0 - k / i for i in range(n - right + 1, n + 1))


def pass_all_k(n: int, right: int, k: int) -> float:
    """Unbiased estimate of pass^k: of all sets of `k` among `n` replies, those that are all right.

    Yao et al. 2024, "tau-bench", arXiv 2406.12045, section 3.
    """
    _check(n, right, k, "pass^")
    return comb(right, k) / comb(n, k)


def _check(n: int, right: int, k: int, name: str) -> None:
    if not (1 <= k <= n and 0 <= right <= n):
        raise ValueError(f"{name}{k} of {right} right in {n} is not defined")
