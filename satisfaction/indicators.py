"""What is measured: the table of indicators, and which question of a questionnaire feeds which of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SHARE, MEAN, NPS, RATE, DAYS, POINTS = "share", "mean", "nps", "per_1000_contacts", "days", "share_difference"


@dataclass(frozen=True)
class Indicator:
    """One figure of the report. ``favourable`` are the answers a share counts.

    ``kind`` is the type of question it is read from; ``themes`` those the question may carry, None standing for none.
    Empty ``themes``: any.
    """

    code: str
    unit: str
    kind: str
    themes: frozenset[str | None] = frozenset()
    favourable: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Asked:
    """A question as figures see it: its type and theme, the ends of its scale, and a digest of what was asked.

    ``marks`` are the digests by language, of which ``series`` is made (``surveys.series``).
    """

    question: str
    kind: str
    theme: str | None
    scale: tuple[int, int]
    series: str
    web_only: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """An indicator read from a question."""

    indicator: Indicator
    asked: Asked


THEMES = ("access", "taking_charge", "handling", "conclusion", "complaint_handling", "appeal_handling")
_OVERALL: frozenset[str | None] = frozenset({"overall", None})
_TOP_TWO = frozenset({4, 5})

# To add an indicator: a row here, its words in templates/satisfaction/_words.html, a line in docs/report.md.
SURVEY_INDICATORS = (
    Indicator("satisfaction", SHARE, "satisfaction", _OVERALL, favourable=_TOP_TWO),
    Indicator("satisfaction_mean", MEAN, "satisfaction", _OVERALL),
    Indicator("recommendation", NPS, "recommendation"),
    # Of the three ways in use this is the share of 5 to 7; the mean stands beside it and they are never mixed.
    Indicator("effort", SHARE, "effort", favourable=frozenset({5, 6, 7})),
    Indicator("effort_mean", MEAN, "effort"),
    Indicator("solved", SHARE, "yes_no", frozenset({"solved"}), favourable=frozenset({1})),
    *(Indicator(f"theme_{theme}", SHARE, "satisfaction", frozenset({theme}), favourable=_TOP_TWO) for theme in THEMES),
)
COMPLAINTS, COMPLAINTS_FROM_SURVEYS, IN_TIME = "complaints", "complaints_from_surveys", "complaints_in_time"
CAPTURE_INDEX, PROMISES_KEPT = "capture_index", "promises_kept"
APPEALS, OVERTURNED = "appeals", "appeals_overturned"
TIME_TO_ANSWER = "time_to_answer"
#: The share of complaints still open so many days after they were sent: one month, and the two of the law.
OPEN_AFTER = {"open_after_30": 30, "open_after_60": 60}
#: What the log says of "solved at the first contact", and how far customers say otherwise.
NOT_REPEATED, SOLVED_GAP = "not_repeated", "solved_gap"


def readings(questions: Iterable[Asked]) -> list[Reading]:
    """Each indicator with the first question that feeds it, in the order of the table; those without are left out."""
    asked = list(questions)
    return [
        Reading(indicator, match)
        for indicator in SURVEY_INDICATORS
        if (match := next((q for q in asked if _feeds(q, indicator)), None)) is not None
    ]


def _feeds(question: Asked, indicator: Indicator) -> bool:
    return question.kind == indicator.kind and (not indicator.themes or question.theme in indicator.themes)
