"""Response, cooperation, refusal and contact rates in the words of AAPOR."""

from dataclasses import dataclass, fields

from estimation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Final dispositions: known eligible (I, P, R, NC, O) and of unknown eligibility (UH, UO)."""

    complete_interviews: int
    partial_interviews: int
    refusals: int
    non_contacts: int
    other: int
    unknown_household: int
    unknown_other: int

    @property
    def interviews(self) -> int:
        return self.complete_interviews + self.partial_interviews

    @property
    def eligible(self) -> int:
        return self.interviews + self.refusals + self.non_contacts + self.other

    @property
    def unknown(self) -> int:
        return self.unknown_household + self.unknown_other


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """AAPOR's rates in 0..1; None where the denominator is 0."""

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None


def estimated_eligibility(outcomes: Outcomes, not_eligible: int) -> float | None:
    """The share eligible among those whose eligibility is known, to be assumed of the others; None if none is known."""
    return share(outcomes.eligible, outcomes.eligible + not_eligible)


@dataclass(frozen=True, slots=True)
class RateParts:
    """What a rate divides: a whole number of people, by people of whom those of unknown eligibility count as e."""

    part: int
    whole: float

    @property
    def value(self) -> float | None:
        return share(self.part, self.whole)


def rate_parts(outcomes: Outcomes, eligibility: float) -> dict[str, RateParts]:
    """Numerator and denominator of each rate by its name in ``OutcomeRates``, ``eligibility`` being e in 0..1.

    Source: AAPOR (2023), Standard Definitions, 10th edition.
    """
    if not 0 <= eligibility <= 1:
        raise InvalidInput("eligibility", eligibility)
    complete, interviews, refusals = outcomes.complete_interviews, outcomes.interviews, outcomes.refusals
    everybody, known = outcomes.eligible + outcomes.unknown, outcomes.eligible
    likely = known + eligibility * outcomes.unknown
    willing, contacted = interviews + refusals, interviews + refusals + outcomes.other
    ratios = (
        *((who, of) for of in (everybody, likely, known) for who in (complete, interviews)),
        *((who, of) for of in (contacted, willing) for who in (complete, interviews)),
        *((refusals, of) for of in (everybody, likely, known)),
        *((contacted, of) for of in (everybody, likely, known)),
    )
    names = (each.name for each in fields(OutcomeRates))
    return {name: RateParts(*ratio) for name, ratio in zip(names, ratios, strict=True)}


def outcome_rates(outcomes: Outcomes, eligibility: float) -> OutcomeRates:
    """All rates, ``eligibility`` (e, in 0..1) being the share assumed eligible among the unknown."""
    return OutcomeRates(**{name: parts.value for name, parts in rate_parts(outcomes, eligibility).items()})


def share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
