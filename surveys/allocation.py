"""How many units each stratum gives. Integers only, so that everyone computes the same numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.refusals import SurveyRefused

METHODS = ("everyone", "proportional", "equal", "fixed")


@dataclass(frozen=True)
class Plan:
    """What is asked of a draw.

    ``everyone`` takes all units. ``proportional`` and ``equal`` share ``size``; ``fixed`` takes ``fixed[stratum]``.
    Each stratum gives at least ``minimum``, or all it has when it holds fewer.
    """

    method: str
    size: int | None = None
    minimum: int = 0
    fixed: Mapping[str, int] = field(default_factory=dict)


def sizes(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """The units to take from each stratum of ``held`` (stratum → units it holds).

    Raises SurveyRefused: ``larger-than-frame`` and ``larger-than-stratum`` (requested, available),
    ``smaller-than-minimums`` (requested, needed), ``unknown-stratum``, ``nothing-eligible``, ``size-missing``.
    """
    if not sum(held.values()):
        raise SurveyRefused("nothing-eligible")
    shared = {"everyone": _everyone, "proportional": _proportional, "equal": _equal, "fixed": _fixed}[plan.method]
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
    floors = _floors(held, plan.minimum)
    return {stratum: max(plan.fixed.get(stratum, 0), floors[stratum]) for stratum in held}


def _equal(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    size = _size_within(held, plan)
    return _shared(size, dict.fromkeys(held, 1), _floors(held, plan.minimum))


def _proportional(held: Mapping[str, int], plan: Plan) -> dict[str, int]:
    return _shared(_size_within(held, plan), held, _floors(held, plan.minimum))


def _size_within(held: Mapping[str, int], plan: Plan) -> int:
    if not plan.size or plan.size < 1:
        raise SurveyRefused("size-missing")
    available, needed = sum(held.values()), sum(_floors(held, plan.minimum).values())
    if plan.size > available:
        raise SurveyRefused("larger-than-frame", requested=plan.size, available=available)
    if plan.size < needed:
        raise SurveyRefused("smaller-than-minimums", requested=plan.size, needed=needed, minimum=plan.minimum)
    return plan.size


def _floors(held: Mapping[str, int], minimum: int) -> dict[str, int]:
    return {stratum: min(minimum, units) for stratum, units in held.items()}


def _shared(size: int, weights: Mapping[str, int], floors: Mapping[str, int]) -> dict[str, int]:
    """Share ``size`` in proportion to ``weights``; whoever would get less than its floor gets the floor.

    Lifting some strata leaves less for the others, so it is repeated until nobody is below.
    """
    lifted: dict[str, int] = {}
    while True:
        rest = {stratum: weight for stratum, weight in weights.items() if stratum not in lifted}
        shares = largest_remainder(size - sum(lifted.values()), rest)
        low = [stratum for stratum, share in shares.items() if share < floors[stratum]]
        if not low:
            return {**shares, **lifted}
        lifted.update({stratum: floors[stratum] for stratum in low})


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
