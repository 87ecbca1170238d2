"""One figure with all that explains it: how answers are spread, how it went, and what may be shown in its place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from contacts.models import Principal
from foundation.accounts.scope import Scope
from satisfaction.complaint_figures import complaint_figures
from satisfaction.findings import SERIES_BREAK, Finding, Period
from satisfaction.indicators import NOT_REPEATED, SHARE, SOLVED_GAP, SURVEY_INDICATORS, Indicator, Reading
from satisfaction.queries import programmes
from satisfaction.repeats import gap_figures
from satisfaction.services.reporting import SOLVED, register_of, repeats_of, survey_of
from satisfaction.survey_figures import Survey, figures_of, groups
from surveys.models import Programme

ASKED = frozenset(indicator.code for indicator in SURVEY_INDICATORS)
#: Periods that the course of a figure shows, the one looked at included.
MOST_PERIODS = 12
Span = tuple[date, date]
Row = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """What is looked at: an indicator of a principal (and of a programme, where it is asked for), at a place.

    ``by`` names a site, a channel, both or nothing.
    """

    indicator: str
    principal: Principal
    programme: Programme | None
    by: Mapping[str, str]
    scope: Scope
    now: datetime


@dataclass(frozen=True)
class OneFigure:
    """The figure and what stands around it; every row as in docs/report.md.

    ``spread``: each value of the scale as a share, with ``value``. ``course``: the periods up to this one, with
    ``period``. ``coarser``: what may be shown where this may not, with ``period``.
    """

    row: Row
    coverage: Mapping[str, Any] | None = None
    spread: list[Row] = field(default_factory=list)
    course: list[Row] = field(default_factory=list)
    breaks: list[Row] = field(default_factory=list)
    coarser: list[Row] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return self.row["estimate"] is not None


def one_figure(subject: Subject, span: Span) -> OneFigure | None:
    """The figure of the days of ``span``, inclusive; None where there is none. Reads only."""
    here = _Period(subject, Period(*span))
    row = here.row(subject.by)
    if row is None:
        return None
    refused = row["estimate"] is None
    return OneFigure(
        row,
        here.coverage,
        [] if refused else here.spread(),
        _course(subject, span, row),
        here.breaks,
        _coarser(subject, span, row, here) if refused else [],
    )


class _Period:
    """The figures of one span of days, each part read once."""

    def __init__(self, subject: Subject, asked: Period) -> None:
        self.subject, self.asked = subject, asked

    @cached_property
    def _surveyed(self) -> tuple[Survey, Mapping[str, Any]] | None:
        one = self.subject
        if one.programme is None:
            return None
        survey, covered = survey_of(one.programme, self.asked, one.scope, one.now, one.principal.zone)
        return survey, covered.as_json()

    @property
    def survey(self) -> Survey | None:
        return self._surveyed[0] if self._surveyed else None

    @property
    def coverage(self) -> Mapping[str, Any] | None:
        asked_for = self.subject.indicator in ASKED and self._surveyed
        return self._surveyed[1] if asked_for and self._surveyed else None

    @property
    def breaks(self) -> list[Row]:
        if self.subject.indicator not in ASKED or self.survey is None:
            return []
        mine = {reading.asked.question for reading in self._readings()}
        return [each.as_json() for each in self.survey.breaks if each.question in mine]

    def row(self, by: Mapping[str, str]) -> Row | None:
        found = next((each for each in self._findings(by) if each.by == by), None)
        if found is None:
            return None
        programme = self.subject.programme
        asked_for = self.subject.indicator in ASKED or self.subject.indicator == SOLVED_GAP
        return found.as_json() | {
            "principal": self.subject.principal.key,
            "survey": programme.key if programme and asked_for else None,
            "period": self.asked.as_json(),
        }

    def _findings(self, by: Mapping[str, str]) -> Iterable[Finding]:
        code = self.subject.indicator
        find: Callable[[Mapping[str, str]], Iterable[Finding]] = {
            **dict.fromkeys(ASKED, self._asked),
            NOT_REPEATED: self._not_repeated,
            SOLVED_GAP: self._gap,
        }.get(code, self._registered)
        return [each for each in find(by) if each.indicator == code]

    def _readings(self, code: str | None = None) -> list[Reading]:
        wanted = code or self.subject.indicator
        return [each for each in (self.survey.readings if self.survey else ()) if each.indicator.code == wanted]

    def _asked(self, by: Mapping[str, str], code: str | None = None) -> list[Finding]:
        readings = self._readings(code)
        if self.survey is None or not readings or (by and dict(by) not in groups(self.survey.sample, list(by))):
            return []
        return figures_of(self.survey, readings, by, self.asked)

    def _not_repeated(self, by: Mapping[str, str]) -> list[Finding]:
        return repeats_of(self.subject.principal, self.asked, list(by), self.subject.scope)

    def _gap(self, by: Mapping[str, str]) -> list[Finding]:
        return gap_figures(self._asked(by, SOLVED), self._not_repeated(by))

    def _registered(self, by: Mapping[str, str]) -> list[Finding]:
        register, _seen = register_of(self.subject.principal, self.asked, self.subject.scope, self.subject.now)
        return complaint_figures(register, [by["site"]] if "site" in by else [], self.asked)

    def spread(self) -> list[Row]:
        """Each value of the scale as a share of its own, the highest first."""
        found = []
        for reading in self._readings():
            low, high = reading.asked.scale
            for value in range(high, low - 1, -1):
                alone = replace(reading, indicator=_only(reading.indicator, value))
                (share,) = figures_of(self.survey, [alone], self.subject.by, self.asked)  # type: ignore[arg-type]
                found.append(share.as_json() | {"value": value})
        return found if all(each["estimate"] is not None for each in found) else []


def _only(indicator: Indicator, value: int) -> Indicator:
    return replace(indicator, unit=SHARE, favourable=frozenset({value}))


def _course(subject: Subject, span: Span, row: Row) -> list[Row]:
    """The closed periods up to ``span`` in their order, and it as the last."""
    closed = programmes.closed_periods(subject.principal.id, last_day=span[1])
    earlier = [(each.first_day, each.last_day) for each in closed if each.last_day < span[0]]
    rows = [_Period(subject, Period(*each)).row(subject.by) for each in earlier[1 - MOST_PERIODS :]]
    return [*(each for each in rows if each), row]


def _coarser(subject: Subject, span: Span, row: Row, here: _Period) -> list[Row]:
    """What may be shown instead: the place's site, its channel, the whole; across a break, the periods inside."""
    by = subject.by
    wider: Sequence[dict[str, str]] = [{name: by[name]} for name in by if len(by) > 1] + ([{}] if by else [])
    rows = [here.row(each) for each in wider]
    if SERIES_BREAK in row["flags"]:
        inside = programmes.closed_periods(subject.principal.id, *span)
        rows += [_Period(subject, Period(one.first_day, one.last_day)).row(by) for one in inside]
    return [each for each in rows if each and each["estimate"] is not None]
