"""Response, cooperation, refusal and contact rates in the words of AAPOR."""

from dataclasses import dataclass

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


def outcome_rates(outcomes: Outcomes, eligibility: float) -> OutcomeRates:
    """All rates, ``eligibility`` (e, in 0..1) being the share assumed eligible among the unknown.

    Source: AAPOR (2023), Standard Definitions, 10th edition.
    """
    if not 0 <= eligibility <= 1:
        raise InvalidInput("eligibility", eligibility)
    complete, interviews, refusals = outcomes.complete_interviews, outcomes.interviews, outcomes.refusals
    everybody, known = outcomes.eligible + outcomes.unknown, outcomes.eligible
    likely = known + eligibility * outcomes.unknown
    able = interviews + refusals + outcomes.other
    willing, contacted = interviews + refusals, interviews + refusals + outcomes.other
    return OutcomeRates(
        *(share(who, of) for of in (everybody, likely, known) for who in (complete, interviews)),
        *(share(who, of) for of in (able, willing) for who in (complete, interviews)),
        *(share(refusals, of) for of in (everybody, likely, known)),
        *(share(contacted, of) for of in (everybody, likely, known)),
    )


def share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
