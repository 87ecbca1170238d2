"""Samples for property tests: strata, whole or seen by a domain."""

from hypothesis import strategies as st

from estimation import Stratum

SCORES = st.dictionaries(st.integers(0, 10), st.integers(0, 30), min_size=1, max_size=5)


@st.composite
def a_stratum(draw, label="stratum"):
    """A stratum with two respondents at least."""
    counts = draw(SCORES.filter(lambda counts: sum(counts.values()) >= 2))
    return Stratum(label, sum(counts.values()) + draw(st.integers(0, 5000)), counts)


@st.composite
def a_sample(draw, most=4, name=""):
    return [draw(a_stratum(f"{name}{place}")) for place in range(draw(st.integers(1, most)))]
