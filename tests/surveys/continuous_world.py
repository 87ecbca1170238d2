"""A population with a known truth for continuous draws: frequent callers are less content than the others.

Who answers depends on the stratum alone. Decisions are those of the product: ``History`` and ``is_hit``.
"""

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from estimation import WeightedAnswer, horvitz_thompson_mean, weighted_mean, weighted_proportion
from surveys.continuous import History, Rate, is_hit

START = datetime(2026, 12, 1, tzinfo=UTC)
CONTENT = {4, 5}
RATES = {"mail": Rate(1, 5), "phone": Rate(1, 10)}
RESPONSE = {"mail": 0.5, "phone": 0.35}
QUARANTINE = timedelta(days=30)


class Call(NamedTuple):
    at: datetime
    stratum: str
    score: int
    name: str


@dataclass
class Tally:
    """What the draws have come to, one number a draw."""

    weighted: list[float]
    plain: list[float]
    expanded: list[float]
    errors: list[float]
    held: list[bool]
    shares: list[float]
    shares_held: list[bool]


def customers(number: int, seed: int = 5) -> list[list[Call]]:
    """The calls of each customer in sixty days, in their order; one in seven calls three to eight times."""
    rng = random.Random(seed)
    return [_calls(who, rng) for who in range(number)]


def _calls(who: int, rng: random.Random) -> list[Call]:
    often = rng.random() < 1 / 7
    times = rng.randint(3, 8) if often else rng.choice((1, 1, 1, 2))
    level = (2.9 if often else 4.3) + rng.gauss(0, 0.5)
    by_phone = rng.random()
    days = sorted(rng.uniform(0, 60) for _ in range(times))
    return [
        Call(
            START + timedelta(days=day),
            "phone" if rng.random() < by_phone else "mail",
            min(5, max(1, round(level + rng.gauss(0, 0.8)))),
            f"{who}-{place}",
        )
        for place, day in enumerate(days)
    ]


def drawn(world: list[list[Call]], seed: bytes) -> list[tuple[int, Call, float]]:
    """(customer, call, probability) of the calls taken, by the decisions of the product."""
    found = []
    for who, calls in enumerate(world):
        history = History()
        for call in calls:
            rate = RATES[call.stratum]
            decided = history.decide(call.at, rate, QUARANTINE, is_hit(seed, call.name, rate))
            if decided.taken:
                found.append((who, call, decided.pi))
    return found


def tally(world: list[list[Call]], draws: int) -> Tally:
    """As many draws, with the SHA-256 of 0, 1, 2 … as seeds, so that nobody chose them."""
    calls = [call for one in world for call in one]
    sizes = {stratum: sum(call.stratum == stratum for call in calls) for stratum in RATES}
    truth, content = known(world)
    found, rng = Tally([], [], [], [], [], [], []), random.Random(7)
    for number in range(draws):
        taken = drawn(world, hashlib.sha256(str(number).encode()).digest())
        found.expanded.append(horvitz_thompson_mean(len(calls), ((call.score, pi) for _who, call, pi in taken)))
        answers = [
            WeightedAnswer(call.stratum, who, 1 / pi, call.score)
            for who, call, pi in taken
            if rng.random() < RESPONSE[call.stratum]
        ]
        mean, share = weighted_mean(sizes, answers), weighted_proportion(sizes, answers, CONTENT)
        found.weighted.append(mean.estimate)
        found.errors.append(mean.std_error or 0.0)
        found.held.append(mean.lower <= truth <= mean.upper)
        found.plain.append(sum(one.value for one in answers) / len(answers))
        found.shares.append(share.estimate)
        found.shares_held.append(share.intervals.wilson_design.lower <= content <= share.intervals.wilson_design.upper)
    return found


def known(world: list[list[Call]]) -> tuple[float, float]:
    """The mean over all calls, and the share of 4 and 5."""
    scores = [call.score for one in world for call in one]
    return sum(scores) / len(scores), sum(score in CONTENT for score in scores) / len(scores)
