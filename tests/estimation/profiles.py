"""How property tests run: always the same examples, and a busy machine is no fault of a formula."""

from hypothesis import HealthCheck, settings
from hypothesis import given as hypothesis_given

FIXED = settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def given(*strategies):
    """``hypothesis.given`` with the fixed profile."""
    return lambda test: FIXED(hypothesis_given(*strategies)(test))
