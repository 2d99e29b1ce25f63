"""Where nobody is better, somebody is preferred in at most 5 % of comparisons."""

import pytest
from benches.coverage import FAMILIES, Family, false_preference_share


@pytest.mark.parametrize("family", FAMILIES[:2], ids=lambda f: f.name)
def test_in_few_runs_hardly_anybody_is_preferred(family: Family) -> None:
    assert false_preference_share(family, runs=150) <= 0.05 + 0.04  # two deviations of 150 runs


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_over_a_family_somebody_is_preferred_in_at_most_5_percent(family: Family) -> None:
    assert false_preference_share(family, runs=2000) <= 0.05
