"""Draw many stratified samples and see how often the default interval of the net promoter score holds the truth.

The published studies of the adjusted Wald interval are on simple random samples; here it stands on the effective size
of a stratified design, over whole strata and over domains that cut across them. Student's stands beside it.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from estimation import DomainStratum, domain_nps

SUMMARY = "coverage of the default interval of the net promoter score in stratified samples"
LEAST_COVERAGE = 0.94
SEED = 20260102


class ScoredPart(NamedTuple):
    """Contacts of a stratum by what they would say, those outside the domain, and how many are drawn."""

    promoters: int
    passives: int
    detractors: int
    outside: int
    drawn: int


@dataclass(frozen=True)
class Scored:
    name: str
    strata: Sequence[ScoredPart]

    @property
    def truth(self) -> float:
        members = sum(sum(part[:3]) for part in self.strata)
        return 100 * sum(part.promoters - part.detractors for part in self.strata) / members


POPULATIONS = [
    Scored(name, [ScoredPart(*part) for part in strata])
    for name, strata in {
        "three strata": [(100, 60, 40, 0, 20), (300, 100, 100, 0, 40), (20, 20, 20, 0, 10)],
        "a third of every stratum": [(100, 60, 40, 400, 40), (300, 100, 100, 1000, 80), (20, 20, 20, 120, 20)],
        "nearly all promoters": [(97, 2, 1, 0, 20), (290, 8, 2, 0, 40), (48, 2, 0, 0, 10)],
        "small strata oversampled": [(18, 1, 1, 0, 18), (17, 2, 1, 0, 18), (700, 200, 100, 0, 40)],
        "24 answers in three strata": [(60, 25, 15, 0, 8)] * 3,
        "half of the contacts drawn": [(60, 40, 50, 0, 75), (20, 20, 10, 0, 25)],
        "strata that differ very much": [(10, 30, 160, 0, 30), (190, 10, 0, 0, 30), (30, 10, 20, 0, 20)],
    }.items()
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draws", type=int, default=4000, help="samples of each population (4000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 0 when the default interval holds the truth in 94 % of the draws or more, 1 otherwise."""
    print("| population | score | adjusted Wald on n* | t |\n|---|---|---|---|")
    results = [(population, coverage(population, arguments.draws)) for population in POPULATIONS]
    for population, (default, student) in results:
        print(f"| {population.name} | {population.truth:.1f} | {100 * default:.1f} % | {100 * student:.1f} % |")
    return 0 if all(default >= LEAST_COVERAGE for _, (default, _) in results) else 1


def coverage(population: Scored, draws: int) -> tuple[float, float]:
    """How often the default interval and Student's held the true score. The draws are fixed."""
    default = student = 0
    for sample in samples(population, draws):
        score = domain_nps(sample)
        default += holds(score.adjusted_wald, population.truth)
        student += holds((score.lower, score.upper), population.truth)
    return default / draws, student / draws


def holds(limits: tuple[float | None, float | None] | None, truth: float) -> bool:
    """Whether both limits are known and the truth lies between them."""
    lower, upper = limits or (None, None)
    return lower is not None and upper is not None and lower <= truth <= upper


def samples(population: Scored, draws: int) -> Iterator[list[DomainStratum]]:
    """Stratified samples without replacement."""
    chance = numpy.random.default_rng(SEED)
    found = [chance.multivariate_hypergeometric(part[:4], part.drawn, size=draws) for part in population.strata]
    for draw in range(draws):
        yield [
            DomainStratum(
                str(place), sum(part[:4]), part.drawn, dict(zip((10, 8, 3), map(int, one[draw][:3]), strict=True))
            )
            for place, (part, one) in enumerate(zip(population.strata, found, strict=True))
        ]
