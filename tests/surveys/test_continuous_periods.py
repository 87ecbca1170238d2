"""The simulated population once through the database: three periods, one quarantine over their borders."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest

from contacts.models import Contact
from foundation.database import db
from satisfaction import services
from surveys import continuous_verification
from surveys.continuous import History, Rate
from surveys.models import Draw, FrameUnit, Invitation
from surveys.queries.continuous import kept_continuous_draw
from tests.satisfaction.factories import add_event
from tests.surveys.continuous_factories import arrive, closed, continuous_programme, entry, opened
from tests.surveys.continuous_world import QUARANTINE, START, customers
from tests.surveys.factories import create_principal, create_site

SPANS = [(date(2026, 12, 1), date(2026, 12, 20)), (date(2026, 12, 21), date(2027, 1, 9)),
         (date(2027, 1, 10), date(2027, 1, 31))]  # fmt: skip
AFTER = datetime(2027, 2, 2, 9, 0, tzinfo=UTC)
CHANNELS = {"mail": "email", "phone": "phone"}
RATES = {"mail": Rate(2, 3), "phone": Rate(1, 2)}


def test_three_periods_through_the_database_come_to_what_the_recursion_says(app):
    principal, site = create_principal(), create_site("lille")
    rates = {"": "1/1000", **{CHANNELS[name]: f"{rate.hits}/{rate.of}" for name, rate in RATES.items()}}
    days = QUARANTINE // timedelta(days=1)
    programme = continuous_programme(principal, rates=rates, strata=["channel"], quarantine_days=days)
    draws = [opened(programme, START - timedelta(days=1), first, last) for first, last in SPANS]
    world = customers(120)
    scores = _let_call(principal, site, world)
    expected = _expected(world)
    for draw, (first, last) in zip(draws, SPANS, strict=True):
        closed(draw, AFTER, first, last)
        kept = kept_continuous_draw(db.session.get_one(Draw, draw.id, populate_existing=True))
        assert continuous_verification.differences(kept) == []
    found = dict(
        db.session.execute(
            db.select(Contact.external_id, FrameUnit.pi).join(Contact, Contact.id == FrameUnit.contact_id)
        )
        .tuples()
        .all()
    )
    assert found == pytest.approx(expected, abs=1e-12)
    units = db.session.scalars(db.select(FrameUnit).where(FrameUnit.drawn)).all()
    for invitation in db.session.scalars(db.select(Invitation)):
        invitation.disposition, invitation.completed_at = "completed", AFTER
        add_event(invitation, "satisfaction", scores[db.session.get_one(Contact, invitation.contact_id).external_id])
    report = services.report(first_day=SPANS[0][0], last_day=SPANS[-1][1], now=AFTER, survey_key=programme.key)
    mean = next(row for row in report["results"] if row["indicator"] == "satisfaction_mean")
    truth = sum(scores.values()) / len(scores)
    assert (mean["n"], mean["population"]) == (len(units), len(scores))
    assert mean["lower"] <= truth <= mean["upper"]


def _let_call(principal, site, world):
    """Everybody's calls in the order of time, recorded at the end of each day; returns the score of each."""
    calls = sorted((call, who) for who, mine in enumerate(world) for call in mine)
    for at, those in groupby(calls, key=lambda one: _recorded(one[0])):
        entries = [
            entry(site, call.at, f"+336{who:08d}", channel=CHANNELS[call.stratum], external_id=call.name)
            for call, who in those
        ]
        arrive(principal, entries, at)
    return {call.name: call.score for call, _who in calls}


def _recorded(call):
    return call.at.replace(hour=23, minute=59, second=59, microsecond=0)


def _expected(world):
    expected = {}
    for mine in world:
        history = History()
        for call in mine:
            expected[call.name] = history.decide(_recorded(call), RATES[call.stratum], QUARANTINE, False).pi
    return expected
