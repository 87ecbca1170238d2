"""Computing what goes with overall satisfaction, behind the page: it reads the answers of each person at once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from contacts.models import Principal
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from satisfaction.explaining import ANONYMOUS, REFUSED, explanation
from satisfaction.findings import Period
from satisfaction.indicators import THEMES
from satisfaction.models import Explanation
from satisfaction.queries import explanations, programmes
from satisfaction.services.answering import how_answered
from satisfaction.services.reporting import survey_of
from surveys.models import Programme
from surveys.queries.withdrawals import withdrawn_of_period

#: So long answers to a period come in, and it is computed again each day.
STILL_ANSWERED = timedelta(days=60)
EACH = timedelta(hours=20)
PREFIX = "theme_"


def compute(now: datetime) -> Iterator[date]:
    """Compute what is missing or still changes; yields the first day of each period, for the caller to commit."""
    for programme in programmes.programmes(EVERYTHING):
        for first_day, last_day in programmes.drawn_periods(programme.id):
            if _is_due(programme, db.session.get(Explanation, (programme.id, first_day, last_day)), last_day, now):
                result = _result(programme, Period(first_day, last_day), now)
                row = {"programme_id": programme.id, "first_day": first_day, "last_day": last_day}
                db.session.merge(Explanation(**row, result=result, computed_at=now))
                yield first_day


def _is_due(programme: Programme, known: Explanation | None, last_day: date, now: datetime) -> bool:
    if (
        known is None
        or "answering" not in known.result
        or (now.date() - last_day < STILL_ANSWERED and known.computed_at < now - EACH)
    ):
        return True
    days = known.first_day, known.last_day
    return withdrawn_of_period(programme.principal_id, *days, EVERYTHING, known.computed_at, programme.id).answers > 0


def _result(programme: Programme, asked: Period, now: datetime) -> dict[str, Any]:
    zone = db.session.get_one(Principal, programme.principal_id).zone
    survey, _reach = survey_of(programme, asked, EVERYTHING, now, zone)
    read = {reading.indicator.code: reading.asked.question for reading in survey.readings}
    themes = [theme for theme in THEMES if PREFIX + theme in read]
    questions = [read["satisfaction"], *(read[PREFIX + theme] for theme in themes)] if "satisfaction" in read else []
    draw_ids = [draw.id for draw in programmes.draws_within(programme.id, asked.first_day, asked.last_day)]
    if explanations.any_anonymous(draw_ids):
        return {"n": 0, "themes": themes, "refusal": ANONYMOUS, "answering": None}
    answering = {"answering": how_answered(draw_ids)}
    if survey.refusal or not questions or survey.broken & set(questions):
        return {"n": 0, "themes": themes, "refusal": REFUSED} | answering
    found = explanations.patterns(draw_ids, questions, survey.sample.weighing)
    return explanation(themes, found, explanations.populations(draw_ids)) | answering
