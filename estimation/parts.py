"""The one variance formula behind every stratified and domain mean, share and net score.

A mean over a domain is a ratio of two estimated totals, of the answers and of the members; whole strata are the
special case where everybody is a member. Its variance is the stratified variance of z = y - mean for members and
0 for others. Sources: Cochran (1977), Sampling Techniques, eqs. 5.6 and 5A.14; Lumley (2010), Complex Surveys.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from estimation.errors import EmptyStratum, NoAnswers, SingleUnitStratum
from estimation.strata import DomainStratum, Stratum, StratumMoments, as_domain

LonelyStratum = Literal["fail", "remove", "adjust", "average"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one stratum contributes: its sizes, the members' mean and their sum of squares around it."""

    label: str
    population_size: int
    respondents: int
    members: int
    mean: float
    squares: float

    @property
    def weight(self) -> float:
        return self.population_size / self.respondents

    @property
    def weighted_members(self) -> float:
        return self.population_size * self.members / self.respondents

    def unsampled(self, fpc: bool) -> float:
        """The finite population correction 1 - n/N, or 1 when it is not asked for."""
        return 1 - self.respondents / self.population_size if fpc else 1.0

    def is_lonely(self, fpc: bool) -> bool:
        return self.respondents == 1 and not (fpc and self.population_size == 1)

    def spread(self, centre: float) -> float:
        """Variance, divisor n - 1, of z (y - centre for members, 0 for others) among all respondents."""
        if self.respondents == 1:
            return 0.0
        between = self.members * (self.mean - centre) ** 2 * (1 - self.members / self.respondents)
        return (self.squares + between) / (self.respondents - 1)


def parts_of(
    strata: Iterable[Stratum | DomainStratum | StratumMoments], recode: Callable[[float], float] = float
) -> list[Part]:
    """The parts of the strata that hold contacts, each value recoded first.

    Raises EmptyStratum for strata with contacts and no respondent, NoAnswers when no member answered at all.
    """
    present = [stratum for stratum in strata if stratum.population_size > 0]
    empty = [stratum.label for stratum in present if respondents_of(stratum) == 0]
    if empty:
        raise EmptyStratum(*empty)
    parts = [part_of(stratum, recode) for stratum in present]
    if not any(part.members for part in parts):
        raise NoAnswers
    return parts


def respondents_of(stratum: Stratum | DomainStratum | StratumMoments) -> int:
    return stratum.respondents if isinstance(stratum, DomainStratum) else stratum.n


def part_of(stratum: Stratum | DomainStratum | StratumMoments, recode: Callable[[float], float]) -> Part:
    if isinstance(stratum, StratumMoments):
        squares = (stratum.variance or 0.0) * (stratum.n - 1)
        return Part(stratum.label, stratum.population_size, stratum.n, stratum.n, stratum.mean, squares)
    domain = as_domain(stratum) if isinstance(stratum, Stratum) else stratum
    answers = [(recode(value), count) for value, count in domain.counts.items() if count]
    members = domain.members
    mean = math.fsum(value * count for value, count in answers) / members if members else 0.0
    squares = math.fsum(count * (value - mean) ** 2 for value, count in answers)
    return Part(domain.label, domain.population_size, domain.respondents, members, mean, squares)


def estimated_size(parts: Sequence[Part]) -> float:
    """How many contacts of the frame the members stand for."""
    return math.fsum(part.weighted_members for part in parts)


def estimated_mean(parts: Sequence[Part]) -> float:
    """Weighted mean of the members' answers."""
    return math.fsum(part.weighted_members * part.mean for part in parts) / estimated_size(parts)


def members_of(parts: Sequence[Part]) -> int:
    return sum(part.members for part in parts)


def degrees_of_freedom(parts: Sequence[Part]) -> int:
    """Members less the strata in which there are any."""
    return members_of(parts) - sum(1 for part in parts if part.members)


def variance_of_mean(parts: Sequence[Part], centre: float, fpc: bool, lonely: LonelyStratum) -> float:
    """Design variance of the weighted mean ``centre``.

    A stratum with one respondent of several contacts is refused by default (SingleUnitStratum), or contributes
    nothing ("remove"), its distance from the mean ("adjust", conservative) or the average of the others ("average").
    """
    alone = [part for part in parts if part.is_lonely(fpc)]
    if alone and lonely == "fail":
        raise SingleUnitStratum(*(part.label for part in alone))
    total = math.fsum(
        part.population_size**2 * part.unsampled(fpc) * part.spread(centre) / part.respondents for part in parts
    )
    if lonely == "adjust":
        total += math.fsum(lonely_square(part, centre, fpc) for part in alone)
    if lonely == "average" and alone:
        if len(alone) == len(parts):
            raise SingleUnitStratum(*(part.label for part in alone))
        total *= len(parts) / (len(parts) - len(alone))
    return total / estimated_size(parts) ** 2


def lonely_square(part: Part, centre: float, fpc: bool) -> float:
    return part.unsampled(fpc) * (part.weighted_members * (part.mean - centre)) ** 2


def design_size(parts: Sequence[Part], fpc: bool) -> float:
    """Effective number of answers the design gives when all strata agree; infinite for a full census.

    (sum w m)^2 / sum w^2 (1 - f) m over strata with m members of weight w: for a share p it is p (1 - p) over the
    variance expected when p is the same in every stratum, given who turned out to be a member. For whole strata it
    is 1 / sum W_h^2 (1 - f_h) / n_h; without FPC it is Kish's effective size.
    """
    noise = math.fsum(part.weight**2 * part.unsampled(fpc) * part.members for part in parts)
    return estimated_size(parts) ** 2 / noise if noise > 0 else math.inf
