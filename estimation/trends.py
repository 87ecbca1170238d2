"""Whether a share rises or falls over ordered groups."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.errors import InvalidInput
from estimation.proportions import check_counts
from estimation.quantiles import normal_tails


@dataclass(frozen=True, slots=True)
class TrendTest:
    """Test of no linear trend; ``z`` is positive when the share rises. None when all groups or answers are alike."""

    z: float | None
    statistic: float | None
    df: int
    p_value: float | None


def share_trend(successes: Sequence[int], n: Sequence[int], scores: Sequence[float]) -> TrendTest:
    """Cochran-Armitage test over groups placed at ``scores``, with binomial variance and no continuity correction.

    Sources: Cochran (1954), Biometrics 10:417; Armitage (1955), Biometrics 11:375; R's prop.trend.test.
    """
    if not len(successes) == len(n) == len(scores):
        raise InvalidInput("lengths")
    for one, of in zip(successes, n, strict=True):
        check_counts(one, of)
    total = sum(n)
    share = sum(successes) / total
    centre = math.fsum(score * size for score, size in zip(scores, n, strict=True)) / total
    slope = math.fsum(score * (one - size * share) for score, one, size in zip(scores, successes, n, strict=True))
    spread = math.fsum(size * (score - centre) ** 2 for score, size in zip(scores, n, strict=True))
    variance = share * (1 - share) * spread
    if variance <= 0:
        return TrendTest(None, None, 1, None)
    z = slope / math.sqrt(variance)
    return TrendTest(z, z**2, 1, normal_tails(z))
