"""What those who did not answer could do to a figure: said under each headline, because no interval covers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimation import manski_band, tipping_point
from estimation.proportions import Interval
from satisfaction.cells import Tally
from satisfaction.findings import Finding
from satisfaction.indicators import NPS, SHARE

SCALES = {SHARE: (0.0, 1.0), NPS: (-100.0, 100.0)}


@dataclass(frozen=True)
class Silence:
    """``share``: of the contacts that could be drawn, those whose like did not answer, by stratum; 0 to 1.

    ``lower`` and ``upper``: the ends of the figure over all had they said the worst, or the best, starting from the
    limits of the interval (Manski 1989; Horowitz & Manski 2000).
    """

    share: float
    lower: float
    upper: float

    def as_json(self) -> dict[str, float]:
        return {"share": self.share, "lower": self.lower, "upper": self.upper}


def silence_of(finding: Finding, scale: tuple[int, int], tally: Tally) -> Silence | None:
    """Of a figure that is shown with its interval; None of others and where everybody answered.

    Each stratum counts by its contacts: who answered there, of those drawn there.
    """
    contacts = sum(stratum.population for stratum in tally.strata)
    if finding.value is None or finding.lower is None or finding.upper is None or not contacts:
        return None
    spoke = sum(s.population * min(s.respondents / s.drawn, 1.0) for s in tally.strata if s.drawn) / contacts
    if spoke >= 1:
        return None
    low, high = SCALES.get(finding.unit, scale)
    limits = Interval(max(finding.lower, low), min(finding.upper, high))
    band = manski_band(finding.value, spoke, low, high, limits).with_chance
    assert band is not None
    return Silence(1 - spoke, band.lower, band.upper)


def points_to_turn(row: Mapping[str, Any], target: float, stands_on: float) -> float | None:
    """How many points less satisfied the silent would have to be for the figure over all to be just the target.

    ``row`` is a result of the report, ``stands_on`` what the verdict stands on (a limit, or the estimate), in the
    unit of the row. Points of percent for a share. None where everybody answered, or where no answer of theirs could
    turn it.
    """
    silence = row.get("silence")
    if not silence:
        return None
    scale = (row["detail"].get("scale_low", 0), row["detail"].get("scale_high", 1))
    low, high = SCALES.get(row["unit"], scale)
    found = tipping_point(stands_on, target, 1 - silence["share"], low, high)
    if found is None or not found.possible:
        return None
    return found.gap * (100 if row["unit"] == SHARE else 1)
