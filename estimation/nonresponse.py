"""What those who did not answer could do to a figure: how far it may move, and what it takes to miss a target.

Figures are shares (0..1), net scores (-100..100) or means on a scale. ``response_rate`` is the share of the population
that the respondents make up when each counts for the contacts drawn with it, not for those who stayed silent.
"""

from dataclasses import dataclass

from estimation.errors import InvalidInput
from estimation.proportions import Interval


@dataclass(frozen=True, slots=True)
class ManskiBand:
    """Where the figure over all lies if the silent ones said the worst, or the best.

    ``lower``..``upper`` takes the respondents' figure as exact; ``with_chance`` starts from its confidence limits.
    """

    lower: float
    upper: float
    with_chance: Interval | None


def manski_band(
    estimate: float,
    response_rate: float,
    lowest: float = 0.0,
    highest: float = 1.0,
    limits: Interval | None = None,
) -> ManskiBand:
    """[RR y + (1 - RR) lowest, RR y + (1 - RR) highest] for a figure on lowest..highest.

    Sources: Manski (1989), J. Hum. Resour. 24:343; from confidence limits: Horowitz & Manski (2000), JASA 95:77.
    """
    check_response(response_rate, lowest, highest)
    if not lowest <= estimate <= highest:
        raise InvalidInput("estimate", estimate, lowest, highest)
    silent, held = 1 - response_rate, limits and limits.clipped(lowest, highest)
    ends = Interval(response_rate * estimate + silent * lowest, response_rate * estimate + silent * highest)
    chance = held and Interval(
        response_rate * held.lower + silent * lowest, response_rate * held.upper + silent * highest
    )
    return ManskiBand(*ends, chance)


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """How much the silent ones must differ for the figure over all to be just the target.

    ``gap`` is how much lower they would have to score (negative: higher, where the figure is under the target),
    ``they_score`` the figure they would have to have, ``possible`` whether the scale goes that far.
    """

    gap: float
    they_score: float
    possible: bool


def tipping_point(
    estimate: float, target: float, response_rate: float, lowest: float = 0.0, highest: float = 1.0
) -> TippingPoint | None:
    """Where RR y + (1 - RR) (y - gap) = target: gap = (y - target) / (1 - RR). None when everybody answered.

    ``estimate`` is the figure a verdict stands on: the lower limit of what was proven met, the upper limit of what was
    proven missed, the estimate itself where the observed figure decides. Source: Rubin (1977), JASA 72:538.
    """
    check_response(response_rate, lowest, highest)
    if response_rate == 1:
        return None
    gap = (estimate - target) / (1 - response_rate)
    return TippingPoint(gap, estimate - gap, lowest <= estimate - gap <= highest)


def check_response(response_rate: float, lowest: float, highest: float) -> None:
    if not 0 <= response_rate <= 1 or lowest >= highest:
        raise InvalidInput("response_rate", response_rate, lowest, highest)
