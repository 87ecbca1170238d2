"""What may be agreed on: which indicators, which side of the target is the good one, and which formula is meant."""

from dataclasses import dataclass

from satisfaction.indicators import (
    APPEALS,
    CAPTURE_INDEX,
    COMPLAINTS,
    DAYS,
    IN_TIME,
    MEAN,
    NOT_REPEATED,
    NPS,
    OPEN_AFTER,
    OVERTURNED,
    PROMISES_KEPT,
    RATE,
    SHARE,
    SURVEY_INDICATORS,
    TIME_TO_ANSWER,
)

AT_LEAST, AT_MOST = "at_least", "at_most"


@dataclass(frozen=True)
class Target:
    """An indicator that a target may be set for. ``lowest`` to ``highest`` are the values a target may have.

    ``formula`` names how it is computed: another number is another formula, and what was agreed on the old one is not
    judged by the new.
    """

    code: str
    unit: str
    direction: str
    lowest: float
    highest: float
    of_survey: bool
    formula: str


_ENDS = {SHARE: (0.0, 1.0), NPS: (-100.0, 100.0), RATE: (0.0, 1000.0), DAYS: (0.0, 3650.0)}
_SCALES = {"satisfaction_mean": (1.0, 5.0), "effort_mean": (1.0, 7.0)}
#: How often the formula of an indicator was changed so that its figures are no longer the same; from 1.
_FORMULAS: dict[str, int] = {}
_REGISTER = (
    (COMPLAINTS, RATE, AT_MOST),
    (IN_TIME, SHARE, AT_LEAST),
    (PROMISES_KEPT, SHARE, AT_LEAST),
    (CAPTURE_INDEX, SHARE, AT_LEAST),
    (NOT_REPEATED, SHARE, AT_LEAST),
    (TIME_TO_ANSWER, DAYS, AT_MOST),
    *((code, SHARE, AT_MOST) for code in OPEN_AFTER),
    (APPEALS, SHARE, AT_MOST),
    (OVERTURNED, SHARE, AT_MOST),
)


def _target(code: str, unit: str, direction: str, of_survey: bool) -> Target:
    lowest, highest = _SCALES[code] if unit == MEAN else _ENDS[unit]
    return Target(code, unit, direction, lowest, highest, of_survey, f"{code}/{_FORMULAS.get(code, 1)}")


TARGETS: dict[str, Target] = {
    **{each.code: _target(each.code, each.unit, AT_LEAST, True) for each in SURVEY_INDICATORS},
    **{code: _target(code, unit, direction, False) for code, unit, direction in _REGISTER},
}
