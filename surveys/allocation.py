"""How many units each stratum gives. Integers only, so that everyone computes the same numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, isqrt

from surveys.frames import SEPARATOR
from surveys.refusals import SurveyRefused

METHODS = ("everyone", "proportional", "equal", "fixed", "neyman", "precision")
#: Fewer past answers than this say nothing of a stratum of its own: what all strata said together holds.
FEWEST_PAST = 10
#: The square of the normal quantile, in ten-millionths, by the percents of confidence.
Z_SQUARED = {90: 27_055_435, 95: 38_414_588, 99: 66_348_966}


@dataclass(frozen=True)
class Past:
    """What earlier draws of the programme said, as integers, kept with the draw that used it.

    ``response``: stratum → [answered, asked]; ``spread``: stratum → [answers, their sum, the sum of their squares]. The
    key "" is all strata together.
    """

    response: Mapping[str, list[int]] = field(default_factory=dict)
    spread: Mapping[str, list[int]] = field(default_factory=dict)

    def asked_for(self, stratum: str, answers: int) -> int:
        """How many of a stratum to ask for so many answers: by its own past, else that of all, else as many."""
        for name in (stratum, ""):
            answered, asked = self.response.get(name, (0, 0))
            if answered >= (FEWEST_PAST if name else 1):
                return -(-answers * asked // answered)
        return answers

    def deviation(self, stratum: str) -> int:
        """Standard deviation of past answers in millionths: of the stratum, else of all, else 1 for every stratum."""
        for name in (stratum, ""):
            n, total, squares = self.spread.get(name, (0, 0, 0))
            if n >= FEWEST_PAST and (found := n * squares - total * total) > 0:
                return isqrt(found * 10**12 // (n * (n - 1)))
        return 10**6


@dataclass(frozen=True)
class Plan:
    """What is asked of a draw.

    ``everyone`` takes all units. ``proportional``, ``equal`` and ``neyman`` (stratum size times the deviation of past
    answers) share ``size``; ``fixed`` takes ``fixed[stratum]``; ``precision`` takes what its margins ask for. Each
    stratum gives at least ``minimum``, and enough for ``completes`` expected answers, or all it has.
    """

    method: str
    size: int | None = None
    minimum: int = 0
    fixed: Mapping[str, int] = field(default_factory=dict)
    completes: int = 0
    past: Past = field(default_factory=Past)
    margin: int | None = None
    """Half-width wanted of a share over all strata, in thousandths."""
    site_margin: int | None = None
    """The same within each site."""
    site_at: int | None = None
    """The place of the site among the strata fields."""
    share: int = 500
    """The share expected, in thousandths; 500 asks for most."""
    confidence: int = 95


def sizes(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """The units to take from each stratum of ``held`` (stratum → units it holds).

    Raises SurveyRefused: ``larger-than-frame`` and ``larger-than-stratum`` (requested, available),
    ``smaller-than-minimums`` (requested, needed), ``unknown-stratum``, ``nothing-eligible``, ``size-missing``,
    ``margin-missing``.
    """
    if not sum(held.values()):
        raise SurveyRefused("nothing-eligible")
    shared = {
        "everyone": _everyone,
        "proportional": _proportional,
        "equal": _equal,
        "fixed": _fixed,
        "neyman": _neyman,
        "precision": _precise,
    }[plan.method]
    asked = shared(held, plan)
    for stratum in sorted(asked):
        if asked[stratum] > held[stratum]:
            raise SurveyRefused(
                "larger-than-stratum", stratum=stratum, requested=asked[stratum], available=held[stratum]
            )
    return asked


def _everyone(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    return dict(held)


def _fixed(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    for stratum in sorted(plan.fixed):
        if stratum not in held:
            raise SurveyRefused("unknown-stratum", stratum=stratum)
    floors = _floors(held, plan)
    return {stratum: max(plan.fixed.get(stratum, 0), floors[stratum]) for stratum in held}


def _equal(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    return _shared(_size_within(held, plan), dict.fromkeys(held, 1), _floors(held, plan))


def _proportional(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    return _shared(_size_within(held, plan), held, _floors(held, plan))


def _neyman(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """Source: Cochran (1977), Sampling Techniques, eq. 5.26; a stratum that would give more than it has gives all."""
    weights = {stratum: units * plan.past.deviation(stratum) for stratum, units in held.items()}
    return _shared(_size_within(held, plan), weights, _floors(held, plan), held)


def _precise(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """First each site's own margin, shared in proportion inside it, then what the whole still lacks."""
    if plan.margin is None and plan.site_margin is None:
        raise SurveyRefused("margin-missing")
    taken = _floors(held, plan)
    for some in _sites(held, plan).values():
        floors = {stratum: taken[stratum] for stratum in some}
        asked = max(sum(floors.values()), invitations(sum(some.values()), plan.site_margin or 0, plan))
        taken |= _shared(min(asked, sum(some.values())), some, floors, some)
    asked = max(sum(taken.values()), invitations(sum(held.values()), plan.margin or 0, plan))
    return _shared(min(asked, sum(held.values())), held, taken, held)


def _sites(held: Mapping[str, int], plan: Plan) -> dict[str, dict[str, int]]:
    """The strata of each site; none where no margin of a site is wanted."""
    if not plan.site_margin or plan.site_at is None:
        return {}
    found: dict[str, dict[str, int]] = {}
    for stratum, units in held.items():
        found.setdefault(stratum.split(SEPARATOR)[plan.site_at], {})[stratum] = units
    return found


def invitations(units: int, margin: int, plan: Plan) -> int:
    """How many of ``units`` to ask for the margin wanted, by the response there was over all strata; 0 for no margin.

    Source: Cochran (1977), eqs. 4.1 and 4.3. Answers are rounded up once, and invitations once.
    """
    if not margin or not units:
        return 0
    spread = Fraction(plan.share * (1000 - plan.share), 1000 * 1000)
    endless = Fraction(Z_SQUARED[plan.confidence], 10**7) * spread / Fraction(margin * margin, 1000 * 1000)
    return plan.past.asked_for("", ceil(endless / (1 + (endless - 1) / units)))


def _size_within(held: Mapping[str, int], plan: Plan) -> int:
    if not plan.size or plan.size < 1:
        raise SurveyRefused("size-missing")
    available, needed = sum(held.values()), sum(_floors(held, plan).values())
    if plan.size > available:
        raise SurveyRefused("larger-than-frame", requested=plan.size, available=available)
    if plan.size < needed:
        raise SurveyRefused("smaller-than-minimums", requested=plan.size, needed=needed, minimum=plan.minimum)
    return plan.size


def _floors(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """What each stratum gives at least: the minimum, and enough for the answers expected of it."""
    answers = {stratum: plan.past.asked_for(stratum, plan.completes) for stratum in held}
    return {stratum: min(max(plan.minimum, answers[stratum]), units) for stratum, units in held.items()}


def _shared(
    size: int, weights: Mapping[str, int], floors: Mapping[str, int], ceilings: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Share ``size`` in proportion to ``weights``; whoever would get less than its floor gets the floor.

    Lifting some strata leaves less for the others, so it is repeated until nobody is below. Then whoever would get more
    than its ceiling gets that, and the rest is shared again. What nobody has room for by weight goes where room is.
    """
    settled: dict[str, int] = {}
    while True:
        rest = {stratum: weight for stratum, weight in weights.items() if stratum not in settled}
        shares = largest_remainder(max(0, size - sum(settled.values())), rest)
        low = {stratum: floors[stratum] for stratum, share in shares.items() if share < floors[stratum]}
        high = {stratum: ceilings[stratum] for stratum in shares if ceilings and shares[stratum] > ceilings[stratum]}
        if not (low or high):
            return _filled(size, {stratum: {**shares, **settled}[stratum] for stratum in weights}, ceilings)
        settled.update(low or high)


def _filled(size: int, shares: dict[str, int], ceilings: Mapping[str, int] | None) -> dict[str, int]:
    """The same, with what is missing to ``size`` shared in proportion to the room that is left."""
    missing = size - sum(shares.values())
    if ceilings is None or missing <= 0:
        return shares
    room = {stratum: ceilings[stratum] - share for stratum, share in shares.items()}
    more = largest_remainder(min(missing, sum(room.values())), room)
    return {stratum: share + more[stratum] for stratum, share in shares.items()}


def largest_remainder(size: int, weights: Mapping[str, int]) -> dict[str, int]:
    """``size`` shared in proportion to ``weights`` (Hamilton's method).

    Equal remainders go to the stratum whose name sorts first.
    """
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    shares = {stratum: size * weight // total for stratum, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda stratum: (-(size * weights[stratum] % total), stratum))
    for stratum in by_remainder[: size - sum(shares.values())]:
        shares[stratum] += 1
    return shares
