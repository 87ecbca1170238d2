"""What the estimators are told: how many contacts each stratum holds and what its respondents answered.

The weight of a respondent is N_h / n_h: simple random sampling without replacement inside each stratum, and
respondents taken as such a sample of the stratum (non-response unrelated to the answer inside a stratum).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from estimation.errors import InvalidInput

# How many respondents gave each answer. Two spellings, because the keys of a Mapping are invariant.
Counts = Mapping[int, int] | Mapping[float, int]


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum taken whole: ``population_size`` contacts in the frame, ``counts`` of respondents by value answered."""

    label: str
    population_size: int
    counts: Counts

    def __post_init__(self) -> None:
        check_sizes(self.label, self.population_size, self.n, self.counts.values())

    @property
    def n(self) -> int:
        """Respondents."""
        return sum(self.counts.values())

    @classmethod
    def from_values(cls, label: str, population_size: int, values: Iterable[float]) -> Self:
        """A stratum from the single answers."""
        return cls(label, population_size, Counter(values))

    @classmethod
    def from_successes(cls, label: str, population_size: int, successes: int, n: int) -> Self:
        """A stratum of yes (1) and no (0)."""
        return cls(label, population_size, {1: successes, 0: n - successes})


@dataclass(frozen=True, slots=True)
class DomainStratum:
    """A stratum seen by a domain: ``respondents`` of the whole stratum, ``counts`` of those in the domain, by value.

    A domain made of whole strata has ``respondents`` equal to the sum of ``counts`` in each of its strata; then
    every domain estimator gives exactly what the stratified one gives. Pass the strata in which the frame holds
    members of the domain, also those where no member answered; leave out those where it holds none.
    """

    label: str
    population_size: int
    respondents: int
    counts: Counts

    def __post_init__(self) -> None:
        check_sizes(self.label, self.population_size, self.respondents, self.counts.values())
        if self.members > self.respondents:
            raise InvalidInput("members_exceed_respondents", self.label, self.members, self.respondents)

    @property
    def members(self) -> int:
        """Respondents who belong to the domain."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class StratumMoments:
    """A stratum known by its moments alone; ``variance`` has the divisor n - 1 and is None when n is 1."""

    label: str
    population_size: int
    n: int
    mean: float
    variance: float | None

    def __post_init__(self) -> None:
        check_sizes(self.label, self.population_size, self.n, ())
        if self.n > 1 and (self.variance is None or self.variance < 0):
            raise InvalidInput("variance", self.label, self.variance)


def check_sizes(label: str, population_size: int, respondents: int, counts: Iterable[int]) -> None:
    """Raise InvalidInput for negative counts, or for more respondents than contacts."""
    if population_size < 0 or respondents < 0 or any(count < 0 for count in counts):
        raise InvalidInput("negative_count", label)
    if respondents > population_size:
        raise InvalidInput("respondents_exceed_population", label, respondents, population_size)


def as_domain(stratum: Stratum) -> DomainStratum:
    """The stratum as a domain that takes it whole."""
    return DomainStratum(stratum.label, stratum.population_size, stratum.n, stratum.counts)
