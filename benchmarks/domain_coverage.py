"""Draw many samples and see how often the default interval of a domain share holds the truth.

The domains cut across strata and were chosen to be difficult: few members, shares near 1, small strata oversampled, a
large part of the population drawn. Beside the default interval stand two others, for comparison.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from estimation import DomainStratum, domain_proportion

SUMMARY = "coverage of the default interval of a share in domains that cut across strata"
INTERVALS = ("wilson_design", "korn_graubard", "t")
LEAST_COVERAGE = 0.94
SEED = 20260101


class DomainPart(NamedTuple):
    """Contacts of a stratum: content members of the domain, other members, contacts outside it; and how many drawn."""

    content: int
    discontent: int
    outside: int
    drawn: int


@dataclass(frozen=True)
class Domain:
    name: str
    strata: Sequence[DomainPart]

    @property
    def truth(self) -> float:
        content = sum(stratum.content for stratum in self.strata)
        return content / (content + sum(stratum.discontent for stratum in self.strata))


DOMAINS = [
    Domain(
        "a quarter of every stratum",
        [
            DomainPart(90, 10, 300, 40),
            DomainPart(170, 30, 600, 80),
            DomainPart(45, 5, 150, 20),
            DomainPart(60, 40, 300, 40),
        ],
    ),
    Domain(
        "small strata oversampled",
        [
            DomainPart(19, 1, 20, 30),
            DomainPart(18, 2, 20, 30),
            DomainPart(450, 50, 1500, 60),
            DomainPart(28, 2, 30, 40),
        ],
    ),
    Domain(
        "nearly everybody content",
        [DomainPart(98, 2, 100, 30), DomainPart(195, 5, 400, 60), DomainPart(49, 1, 50, 20)],
    ),
    Domain(
        "half of the contacts drawn",
        [DomainPart(70, 30, 100, 100), DomainPart(150, 50, 200, 200), DomainPart(20, 5, 75, 50)],
    ),
    Domain("24 strata, few members each", [DomainPart(9, 1, 30, 10)] * 12 + [DomainPart(4, 1, 40, 10)] * 12),
    Domain("about ten members in the sample", [DomainPart(17, 3, 380, 100), DomainPart(26, 4, 270, 100)]),
    Domain(
        "strata that differ very much",
        [DomainPart(10, 90, 300, 40), DomainPart(190, 10, 200, 40), DomainPart(30, 10, 400, 40)],
    ),
    Domain(
        "half content",
        [DomainPart(50, 50, 300, 40), DomainPart(100, 100, 100, 40), DomainPart(20, 20, 400, 40)],
    ),
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draws", type=int, default=4000, help="samples of each domain (4000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 0 when the default interval holds the truth in 94 % of the draws or more, 1 otherwise."""
    results = [(domain, coverage(domain, arguments.draws)) for domain in DOMAINS]
    print("| domain | share | " + " | ".join(INTERVALS) + " |")
    print("|---" * (len(INTERVALS) + 2) + "|")
    for domain, shares in results:
        cells = " | ".join(f"{100 * shares[name]:.1f} %" for name in INTERVALS)
        print(f"| {domain.name} | {domain.truth:.3f} | {cells} |")
    return 0 if all(shares["wilson_design"] >= LEAST_COVERAGE for _, shares in results) else 1


def coverage(domain: Domain, draws: int) -> dict[str, float]:
    """By interval, how often it held the true share. The draws are fixed."""
    held: Counter[str] = Counter()
    for sample in samples(domain, draws):
        intervals = domain_proportion(sample).intervals
        for name in INTERVALS:
            limits = getattr(intervals, name)
            held[name] += limits is not None and limits.lower <= domain.truth <= limits.upper
    return {name: held[name] / draws for name in INTERVALS}


def samples(domain: Domain, draws: int) -> Iterator[list[DomainStratum]]:
    """Stratified samples without replacement."""
    chance = numpy.random.default_rng(SEED)
    found = [chance.multivariate_hypergeometric(part[:3], part.drawn, size=draws) for part in domain.strata]
    for draw in range(draws):
        yield [
            DomainStratum(str(place), sum(part[:3]), part.drawn, {1: int(one[draw][0]), 0: int(one[draw][1])})
            for place, (part, one) in enumerate(zip(domain.strata, found, strict=True))
        ]
