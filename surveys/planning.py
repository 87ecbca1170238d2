"""What a draw would give and cost before it is made: invitations for a margin, SMS parts, time, precision."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from estimation import wilson
from estimation.quantiles import normal_quantile
from surveys.allocation import FEWEST_PAST, Past, Plan, sizes
from surveys.refusals import SurveyRefused

#: The ways to share that are set side by side.
COMPARED = ("proportional", "neyman", "equal")


@dataclass(frozen=True)
class Messages:
    """SMS parts of what one invited person may get: the invitation, one reminder, the rest of the interview."""

    invitation: int
    reminder: int
    interview: int
    reminders: int

    def expected(self, invited: int, response: float) -> int:
        """Parts when ``response`` of those invited answer, at once, and the others get every reminder."""
        answering = round(invited * response)
        return (
            invited * self.invitation
            + (invited - answering) * self.reminders * self.reminder
            + answering * self.interview
        )

    def most(self, invited: int) -> int:
        """Parts when everybody gets every reminder and then answers every question."""
        return invited * (self.invitation + self.reminders * self.reminder + self.interview)


@dataclass(frozen=True)
class Response:
    """Past response: ``answered`` of ``asked``, and the limits of its Wilson interval at 95 %."""

    answered: int
    asked: int

    @property
    def share(self) -> float:
        return self.answered / self.asked

    @property
    def limits(self) -> tuple[float, float]:
        return wilson(self.answered, self.asked)


def response_of(past: Past) -> Response | None:
    """The response over all strata, if anybody was ever asked and answered."""
    answered, asked = past.response.get("", (0, 0))
    return Response(answered, asked) if answered else None


def asked_for(past: Past, response: int | None) -> Past:
    """The past, or a response assumed in its place (thousandths)."""
    return past if response is None else Past({"": [response, 1000]}, past.spread)


@dataclass(frozen=True)
class Option:
    """One way to share the same number: n_h by stratum, and the margin it gives; ``refusal``: why it cannot be."""

    method: str
    sizes: Mapping[str, int]
    margin: float | None = None
    refusal: SurveyRefused | None = None

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def option(held: Mapping[str, int], plan: Plan, method: str = "") -> Option:
    """What ``plan`` takes of each stratum and the half-width of a share that it may be expected to give."""
    try:
        taken = sizes(held, plan)
    except SurveyRefused as refusal:
        return Option(method or plan.method, {}, None, refusal)
    return Option(method or plan.method, taken, expected_margin(held, taken, plan))


def expected_margin(held: Mapping[str, int], taken: Mapping[str, int], plan: Plan) -> float | None:
    """Half-width of a share at 95 %, in the same share in every stratum, answers as in the past; None without any.

    Source: Cochran (1977), Sampling Techniques, eq. 5.6 with p(1-p) for the variance of each stratum.
    """
    total, variance = sum(held.values()), 0.0
    share = plan.share / 1000
    for stratum, units in held.items():
        answers = taken[stratum] * _rate(plan.past, stratum)
        if units and answers < 1:
            return None
        fraction = min(1.0, answers / units) if units else 1.0
        variance += (units / total) ** 2 * (1 - fraction) * share * (1 - share) / max(answers, 1)
    return normal_quantile(0.95) * math.sqrt(variance)


def _rate(past: Past, stratum: str) -> float:
    for name in (stratum, ""):
        answered, asked = past.response.get(name, (0, 0))
        if answered >= (FEWEST_PAST if name else 1):
            return answered / asked
    return 1.0


def compared(held: Mapping[str, int], size: int, plan: Plan) -> list[Option]:
    """The same number shared in each of the ways, with the same minimums."""
    return [option(held, replace(plan, method=method, size=size)) for method in COMPARED]


def takes(parts: int, rate: float | None) -> timedelta | None:
    """How long the sender needs for so many parts at its pace; None where it has no limit."""
    return timedelta(seconds=parts / rate) if rate else None
