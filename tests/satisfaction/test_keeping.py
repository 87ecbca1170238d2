"""Figures are kept by all that they are computed from, and weeks of closed periods are counted once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from contacts.models import Contact, Period
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.cells import Cell, FrameCount, Place, Sample
from satisfaction.engines import roll_up_round
from satisfaction.findings import Finding
from satisfaction.findings import Period as Days
from satisfaction.keeping import kept
from satisfaction.queries.contact_weeks import contact_weeks, weeks_of
from satisfaction.survey_figures import Survey
from tests.satisfaction.factories import create_period, create_principal, create_site

NOW = datetime(2026, 12, 1, tzinfo=UTC)
OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))
EVERYTHING = Scope(None, None)


def survey(answers, seen=None):
    key, place = (1, "lille"), Place("lille", "phone")
    frame = (FrameCount(key, place, 100, 100, 50),)
    return Survey((), Sample(frame, (Cell(key, place, "q", 5, answers),), seen))


def test_the_same_counts_are_computed_once_and_others_anew():
    asked = []

    def figures(one, names, days):
        asked.append(one)
        return [Finding("satisfaction", "share", days)]

    first = kept(figures, survey(20), ["site"], OCTOBER)
    assert kept(figures, survey(20), ["site"], OCTOBER) is first
    assert len(asked) == 1
    for other in (survey(21), survey(20, frozenset({"lille"}))):
        kept(figures, other, ["site"], OCTOBER)
    kept(figures, survey(20), [], OCTOBER)
    assert len(asked) == 4


def test_weeks_are_seven_days_from_the_first_of_the_period_and_the_last_is_what_is_left():
    weeks = weeks_of(date(2026, 10, 1), date(2026, 10, 31))
    assert weeks[0] == (date(2026, 10, 1), date(2026, 10, 7))
    assert weeks[-1] == (date(2026, 10, 29), date(2026, 10, 31))
    assert sum((last - first).days + 1 for first, last in weeks) == 31


@pytest.mark.parametrize("app_name", ["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def test_the_weeks_of_a_closed_period_are_counted_once_and_are_what_the_log_says(app_name, request):
    request.getfixturevalue(app_name)
    principal, lille, lyon = create_principal(), create_site("lille"), create_site("lyon")
    period = create_period(principal)
    for place, day in enumerate((1, 1, 8, 31)):
        at = datetime(2026, 10, day, 12, tzinfo=UTC)
        db.session.add(
            Contact(principal_id=principal.id, site_id=(lyon if place == 1 else lille).id, source="log",
                    channel="phone", external_id=f"c{place}", started_at=at, recorded_at=at, direction="in",
                    outcome="answered")
        )  # fmt: skip
    db.session.execute(update(Period).values(population=4))
    db.session.commit()
    live = contact_weeks([period], EVERYTHING)
    assert [week.contacts for week in live] == [{"lille": 1, "lyon": 1}, {"lille": 1}, {}, {}, {"lille": 1}]
    roll_up_round(NOW)
    assert contact_weeks([period], EVERYTHING) == live
    db.session.execute(update(Contact).values(started_at=Contact.started_at, late=True))
    db.session.commit()
    roll_up_round(NOW + timedelta(days=1))
    assert contact_weeks([period], EVERYTHING) == live
    only_lyon = Scope(None, frozenset({lyon.id}))
    assert [week.contacts for week in contact_weeks([period], only_lyon)] == [{"lyon": 1}, {}, {}, {}, {}]
