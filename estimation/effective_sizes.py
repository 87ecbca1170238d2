"""How many answers of a simple random sample a stratified one is worth, and on how many its default interval stands."""

import math
from dataclasses import dataclass

from estimation.quantiles import df_ratio


@dataclass(frozen=True, slots=True)
class EffectiveSizes:
    """The sizes behind an interval, from ``n`` answers with ``df`` degrees of freedom.

    ``unit_variance`` is that of one answer (p (1 - p) for a share), ``variance`` that of the estimate, ``design`` the
    size the design gives when all strata agree, infinite when everybody was asked.
    """

    n: int
    df: int
    unit_variance: float
    variance: float
    design: float
    confidence_level: float

    @property
    def penalty(self) -> float | None:
        """What estimating the spread of several strata costs; None when there is no degree of freedom."""
        return df_ratio(self.confidence_level, self.n, self.df)

    @property
    def effective(self) -> float | None:
        """Answers of a simple random sample with the same variance; None when the variance is 0 for want of contrast.

        Where everybody answered alike the nominal size stands in (Parker et al. 2017, Vital Health Stat. 2(175)).
        """
        if self.unit_variance <= 0:
            return float(self.n)
        return self.unit_variance / self.variance if self.variance > 0 else None

    @property
    def adjusted(self) -> float | None:
        """The effective size after the penalty. Source: Korn & Graubard (1998), Survey Methodology 24:193."""
        return None if self.effective is None or self.penalty is None else self.effective * self.penalty

    @property
    def star(self) -> float | None:
        """n*, on which the default interval stands: the adjusted size, but never more than the design gives.

        Where the variance is 0 the design's size stands, penalised; it is infinite when everybody was asked.
        """
        if math.isinf(self.design) or self.penalty is None:
            return self.design if math.isinf(self.design) else None
        if self.variance > 0 and self.adjusted is not None:
            return min(self.design, self.adjusted)
        return self.design * min(1.0, self.penalty)


def bounded(size: float | None) -> float | None:
    """The size, or None when it has no bound."""
    return None if size is None or math.isinf(size) else size
