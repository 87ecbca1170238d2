"""What is compared: the figures of places, periods, principals or versions, as far as somebody may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contacts.models import Principal
from estimation import Funnel
from foundation.accounts.scope import Scope
from satisfaction.comparing import Compared, each_against_first, funnel_of, in_order_compared, places_compared
from satisfaction.findings import Period
from satisfaction.following import Point
from satisfaction.indicators import SHARE, Reading
from satisfaction.process import Side, side_of
from satisfaction.queries import programmes
from satisfaction.services.reporting import survey_of
from satisfaction.survey_figures import Survey
from surveys.models import Programme

Span = tuple[date, date]
DIMENSIONS = ("site", "channel", "period", "principal", "version")
#: Periods shown at most, the latest.
MOST_PERIODS = 24


@dataclass(frozen=True)
class Question:
    """What is to be compared: an indicator of a programme in a period, seen by ``scope``."""

    programme: Programme
    principal: Principal
    span: Span
    indicator: str
    scope: Scope
    now: datetime


@dataclass(frozen=True)
class Comparison:
    """The rows with their differences, the figure of the whole, and a funnel of shares where there are enough."""

    unit: str
    rows: list[Compared]
    whole: Side | None
    funnel: Funnel | None = None


def indicators_of(programme: Programme, span: Span, scope: Scope, now: datetime) -> list[str]:
    """The indicators that the programme asked for in a period, in their order."""
    survey = survey_of(programme, Period(*span), scope, now)[0]
    return [reading.indicator.code for reading in survey.readings]


def compare(question: Question, dimension: str, standardised: bool = False) -> Comparison | None:
    """None where the programme does not ask for the indicator. ``standardised``: sites at one mix of channels."""
    survey = _survey(question, question.programme, question.span)
    reading = _reading(survey, question.indicator)
    if reading is None:
        return None
    whole = side_of(survey, reading, {})
    rows = _rows(question, survey, reading, dimension, standardised)
    places = dimension in ("site", "channel") and reading.indicator.unit == SHARE
    funnel = funnel_of(rows, whole.figure.estimate) if places and whole else None
    return Comparison(reading.indicator.unit, rows, whole, funnel)


def _rows(question: Question, survey: Survey, reading: Reading, dimension: str, standardised: bool) -> list[Compared]:
    if dimension in ("site", "channel"):
        return places_compared(survey, reading, dimension, standardised and dimension == "site")
    if dimension == "principal":
        return each_against_first(_principals(question))
    points = course_of(question)
    if dimension == "period":
        return in_order_compared([(_name(point), point.side, point.series) for point in points])
    return in_order_compared(_versions(question))


def course_of(question: Question) -> list[Point]:
    """The figure of the whole in each closed and drawn period, in order, the latest MOST_PERIODS."""
    spans = sorted(programmes.drawn_periods(question.programme.id))[-MOST_PERIODS:]
    found = []
    for span in spans:
        survey = _survey(question, question.programme, span)
        reading = _reading(survey, question.indicator)
        if reading:
            found.append(Point(*span, side_of(survey, reading, {}), reading.asked.series))
    return found


def _versions(question: Question) -> list[tuple[str, Side | None, str]]:
    """The figure of all periods that asked one version, by its number; periods of two versions are in neither."""
    drawn = programmes.draws_within(question.programme.id, date.min, date.max)
    spans: dict[int, Span] = {}
    for draw in drawn:
        first, last = spans.get(draw.version.number, (draw.first_day, draw.last_day))
        spans[draw.version.number] = (min(first, draw.first_day), max(last, draw.last_day))
    found = []
    for number, span in sorted(spans.items()):
        survey = _survey(question, question.programme, span)
        reading = _reading(survey, question.indicator)
        if reading:
            found.append((str(number), side_of(survey, reading, {}), str(number)))
    return [(name, side, "all") for name, side, _ in found]


def _principals(question: Question) -> Mapping[str, Side | None]:
    """The programme of each principal that asks for the indicator in the same days, by the principal's name."""
    found: dict[str, Side | None] = {}
    for principal in programmes.principals(question.scope):
        for programme in programmes.programmes(question.scope, principal.id):
            survey = _survey(question, programme, question.span)
            reading = _reading(survey, question.indicator)
            if reading and principal.name not in found and not survey.refusal:
                found[principal.name] = side_of(survey, reading, {})
    return found


def _survey(question: Question, programme: Programme, span: Span) -> Survey:
    return survey_of(programme, Period(*span), question.scope, question.now, question.principal.zone)[0]


def _reading(survey: Survey, indicator: str) -> Reading | None:
    return next((each for each in survey.readings if each.indicator.code == indicator), None)


def _name(point: Point) -> str:
    return f"{point.first_day.isoformat()}/{point.last_day.isoformat()}"
