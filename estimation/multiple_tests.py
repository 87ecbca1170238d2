"""P-values of a family of tests, adjusted for how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class AdjustedPValues:
    """Adjusted p-values in the order given, at most 1. Holm for "which differ", Benjamini-Hochberg for screening."""

    bonferroni: tuple[float, ...]
    holm: tuple[float, ...]
    hochberg: tuple[float, ...]
    benjamini_hochberg: tuple[float, ...]
    benjamini_yekutieli: tuple[float, ...]


def adjusted_p_values(p_values: Sequence[float]) -> AdjustedPValues:
    """The p-values adjusted in five ways. Raises InvalidInput for one outside 0..1.

    Sources: Holm (1979), Scand. J. Stat. 6:65; Hochberg (1988), Biometrika 75:800; Benjamini & Hochberg (1995),
    JRSSB 57:289; Benjamini & Yekutieli (2001), Ann. Stat. 29:1165.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise InvalidInput("p_values")
    n = len(p_values)
    harmonic = sum(1 / rank for rank in range(1, n + 1))
    return AdjustedPValues(
        tuple(min(1.0, p * n) for p in p_values),
        step_down(p_values, [n - place for place in range(n)]),
        step_up(p_values, [n - place for place in range(n)]),
        step_up(p_values, [n / (place + 1) for place in range(n)]),
        step_up(p_values, [harmonic * n / (place + 1) for place in range(n)]),
    )


def step_down(p_values: Sequence[float], factors: Sequence[float]) -> tuple[float, ...]:
    """Each p-value, from the smallest on, times its factor, never below the one before."""
    adjusted, reached = [0.0] * len(p_values), 0.0
    for place, index in enumerate(rising(p_values)):
        reached = max(reached, factors[place] * p_values[index])
        adjusted[index] = min(1.0, reached)
    return tuple(adjusted)


def step_up(p_values: Sequence[float], factors: Sequence[float]) -> tuple[float, ...]:
    """Each p-value, from the largest on, times its factor, never above the one before."""
    adjusted, reached = [0.0] * len(p_values), 1.0
    for place, index in reversed(list(enumerate(rising(p_values)))):
        reached = min(reached, factors[place] * p_values[index])
        adjusted[index] = reached
    return tuple(adjusted)


def rising(p_values: Sequence[float]) -> list[int]:
    return sorted(range(len(p_values)), key=p_values.__getitem__)
