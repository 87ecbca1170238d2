"""Drawing each contact as it arrives: who is taken, and with which probability, given a seed and what went before.

Everything here can be done again by a stranger with the standard library. Contact i of a customer is decided at the
moment t_i, in the order of recording. It is *hit* when HMAC-SHA-256(seed, public id), read as an integer, lies below
a/b x 2^256, where a/b is the rate of its stratum; it is *taken* when it is hit and none of the customer's contacts was
taken less than the days of quarantine before. So it is taken with probability

    pi_i = a/b x (1 - sum of the probabilities with which the last one taken before i lies within the quarantine)

Under one quarantine the last one taken within it is the only one, and the sum is that of pi_j over the customer's
contacts within it. Under several (other programmes of the principal with a longer or a shorter one) it is that of the
*mass* of j: the probability that j was taken and none since. It begins as pi_j, and each later contact that could be
taken though j was, because j lies outside its quarantine, leaves 1 - a/b of it.

Contacts that are not taken count like those that are: the probability is that of the design, not of what happened.
What was neither hit nor possible (no address, opted out, on hold) changes nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from surveys.refusals import SurveyRefused
from surveys.sampling import number

NUMBERS = 1 << 256
#: Below this a probability is what is left of rounding: the contact could not be taken.
IMPOSSIBLE = 1e-12
EVERY_STRATUM = ""
CONTINUOUS = "continuous"


class Rate(NamedTuple):
    """The probability of a hit, as two integers: 0 < ``hits`` <= ``of``."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of


class Decided(NamedTuple):
    """What a draw decided of one contact: when, at which rate, under which quarantine, and what came of it."""

    at: datetime
    rate: Rate
    quarantine: timedelta
    pi: float
    taken: bool
    #: When the contact that stood in the way was taken; None: nothing did.
    since: datetime | None = None


def read_rate(text: str) -> Rate:
    """A rate written ``a/b``. Raises SurveyRefused ``bad-rate``."""
    try:
        hits, of = (int(part) for part in text.split("/"))
    except ValueError:
        raise SurveyRefused("bad-rate", rate=text) from None
    if not 0 < hits <= of <= 10**9:
        raise SurveyRefused("bad-rate", rate=text)
    return Rate(hits, of)


def is_hit(seed: bytes, public_id: str, rate: Rate) -> bool:
    """Whether HMAC-SHA-256(seed, public id) lies below a/b x 2^256, exactly."""
    return int.from_bytes(number(seed, public_id)) * rate.of < rate.hits * NUMBERS


class Plan(NamedTuple):
    """What a continuous draw was asked: the rate of each stratum, ``rates[""]`` for all others, and the quarantine."""

    rates: Mapping[str, Rate]
    quarantine: timedelta

    @classmethod
    def from_json(cls, asked: Mapping[str, Any]) -> "Plan":
        """From the allocation of a draw."""
        rates = {stratum: read_rate(text) for stratum, text in asked["rates"].items()}
        return cls(rates, timedelta(days=asked["quarantine_days"]))

    def rate(self, stratum: str) -> Rate:
        return self.rates.get(stratum) or self.rates[EVERY_STRATUM]


def check_rates(design: Mapping[str, Any]) -> None:
    """Raise SurveyRefused ``rate-missing`` or ``bad-rate`` unless every stratum has a rate."""
    rates = design.get("rates") or {}
    if EVERY_STRATUM not in rates:
        raise SurveyRefused("rate-missing")
    for text in rates.values():
        read_rate(text)


class History:
    """What continuous draws have decided of one customer so far, in the order of decision.

    ``before``: what was decided earlier. It needs to reach back as far as the quarantine of what is asked next.
    """

    def __init__(self, before: Iterable[Decided] = ()) -> None:
        self._masses: list[tuple[datetime, float]] = []
        self._taken_at: datetime | None = None
        for decided in before:
            self.add(decided)

    def add(self, decided: Decided) -> None:
        """Take note of what was decided already."""
        self._pass(decided.at, decided.rate, decided.quarantine)
        self._note(decided)

    def decide(self, at: datetime, rate: Rate, quarantine: timedelta, hit: bool) -> Decided:
        """Decide the next contact. A moment before that of the last one is taken for that one's: time goes on."""
        at = max(at, self._masses[-1][0]) if self._masses else at
        within = self._pass(at, rate, quarantine)
        left = 1.0 - within
        pi = rate.share * left if left > IMPOSSIBLE else 0.0
        since = self._taken_at if self._taken_at is not None and at - self._taken_at < quarantine else None
        decided = Decided(at, rate, quarantine, pi, hit and since is None and pi > 0, since)
        self._note(decided)
        return decided

    def _pass(self, at: datetime, rate: Rate, quarantine: timedelta) -> float:
        """The mass within the quarantine; of what lies outside it, leave what this contact may not have taken."""
        within, kept = 0.0, []
        for moment, mass in self._masses:
            if at - moment < quarantine:
                within += mass
                kept.append((moment, mass))
            elif mass > 0.0:
                kept.append((moment, mass * (1.0 - rate.share)))
        self._masses = kept
        return within

    def _note(self, decided: Decided) -> None:
        self._masses.append((decided.at, decided.pi))
        if decided.taken:
            self._taken_at = decided.at
