"""The simulation behind the default interval of the net promoter score, small and with fixed draws."""

import pytest

from benchmarks.nps_coverage import POPULATIONS, coverage


@pytest.mark.parametrize("population", POPULATIONS, ids=[population.name for population in POPULATIONS])
def test_the_default_interval_of_the_score_holds_the_truth(population):
    """500 fixed draws: at 95 % the simulation error is 1 point, so 92.2 % is three of them below."""
    assert coverage(population, 500)[0] >= 0.922
