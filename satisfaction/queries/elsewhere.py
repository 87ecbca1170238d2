"""What was collected elsewhere, as series of their own: one a source and indicator, never joined with ours."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from contacts.models import Principal
from estimation import mean_of_counts, nps
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.indicators import NPS, SURVEY_INDICATORS
from satisfaction.models import ElsewhereCount, ElsewhereFigure, ElsewhereFile

LEAST_ANSWERS = 5
OURS = {indicator.code: indicator for indicator in SURVEY_INDICATORS}


@dataclass(frozen=True)
class Point:
    """A figure from elsewhere; ``estimate`` None where fewer than five people are behind it.

    ``counted``: from single answers, without an interval, since nobody knows whom they speak for; else a figure with
    the interval its source states, if it does. ``site_id`` None: all of the source.
    """

    source: str
    indicator: str
    site_id: int | None
    first_day: date
    last_day: date
    estimate: float | None
    lower: float | None
    upper: float | None
    n: int | None
    counted: bool

    @property
    def unit(self) -> str:
        return OURS[self.indicator].unit


def points(principal: Principal, scope: Scope) -> list[Point]:
    """All of a principal, the latest first; whoever sees some sites only gets theirs."""
    found = [*_stated(principal.id), *_counted(principal.id)]
    seen = [one for one in found if scope.site_ids is None or one.site_id in scope.site_ids]
    return sorted(seen, key=lambda one: (one.last_day, one.first_day, one.source, -(one.site_id or 0)), reverse=True)


def files(principal: Principal, most: int = 20) -> Sequence[ElsewhereFile]:
    """What was taken in last."""
    newest = select(ElsewhereFile).filter_by(principal_id=principal.id).order_by(ElsewhereFile.id.desc())
    return db.session.scalars(newest.limit(most)).all()


def _stated(principal_id: int) -> Iterable[Point]:
    key = (
        ElsewhereFigure.source, ElsewhereFigure.indicator, ElsewhereFigure.site_id,
        ElsewhereFigure.first_day, ElsewhereFigure.last_day,
    )  # fmt: skip
    newest = select(func.max(ElsewhereFigure.id)).filter_by(principal_id=principal_id).group_by(*key)
    for row in db.session.scalars(select(ElsewhereFigure).where(ElsewhereFigure.id.in_(newest))):
        few = row.n is not None and row.n < LEAST_ANSWERS
        shown = (None, None, None) if few else (row.estimate, row.lower, row.upper)
        yield Point(
            row.source, row.indicator, row.site_id or None, row.first_day, row.last_day, *shown, row.n, counted=False
        )


def _counted(principal_id: int) -> Iterable[Point]:
    """Each month as a whole, and by site where no site of it has few: what is left out could else be told apart."""
    months: dict[tuple[str, str, date], dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in db.session.scalars(select(ElsewhereCount).filter_by(principal_id=principal_id)):
        if row.answers:
            months[row.source, row.indicator, row.month][row.site_id][row.value] = row.answers
    for (source, indicator, month), by_site in months.items():
        whole: dict[int, int] = defaultdict(int)
        for counts in by_site.values():
            for value, answers in counts.items():
                whole[value] += answers
        yield _point(source, indicator, None, month, whole)
        if set(by_site) != {0} and all(sum(counts.values()) >= LEAST_ANSWERS for counts in by_site.values()):
            yield from (_point(source, indicator, site, month, counts) for site, counts in by_site.items() if site)


def _point(source: str, indicator: str, site_id: int | None, month: date, counts: dict[int, int]) -> Point:
    n = sum(counts.values())
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    estimate = _estimate(indicator, counts) if n >= LEAST_ANSWERS else None
    return Point(source, indicator, site_id, month, last, estimate, None, None, n, counted=True)


def _estimate(indicator: str, counts: dict[int, int]) -> float:
    ours = OURS[indicator]
    if ours.unit == NPS:
        return nps(counts).estimate
    favourable = sum(answers for value, answers in counts.items() if value in ours.favourable)
    return mean_of_counts({1: favourable, 0: sum(counts.values()) - favourable}).estimate
