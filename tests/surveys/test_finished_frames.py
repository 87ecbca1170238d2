"""Continuous draws whose principal keeps nobody any longer: they verify as before, and lead to no person."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import Contact, Customer
from contacts.services.purging import purge
from foundation.database import db
from satisfaction import services
from surveys import continuous_verification
from surveys.models import Draw, DrawHistory, Invitation
from surveys.queries.continuous import continuous_file, kept_continuous_draw
from tests.satisfaction.factories import add_event
from tests.surveys.continuous_factories import arrive, closed, continuous_programme, entry, opened, units_of
from tests.surveys.factories import create_principal, create_site

SPANS = [(date(2026, 12, 1), date(2026, 12, 15)), (date(2026, 12, 16), date(2026, 12, 31))]
BEFORE, AFTER = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)
MUCH_LATER = datetime(2027, 6, 4, 9, tzinfo=UTC)


@pytest.fixture(params=["app", "pg_app"])
def draws(request):
    """Two draws of one programme, one after the other, with answers of people who called in both."""
    request.getfixturevalue(request.param)
    principal, site = create_principal(), create_site()
    principal.link_months = 2
    programme = continuous_programme(principal, "1/2", quarantine_days=10)
    made = [opened(programme, BEFORE, first, last) for first, last in SPANS]
    for day in range(1, 31):
        at = datetime(2026, 12, day, 9, tzinfo=UTC)
        arrive(principal, [entry(site, at, f"+336000000{n + day % 2:02d}") for n in (1, 2, 3, 7)], at)
    for draw, (first, last) in zip(made, SPANS, strict=True):
        closed(draw, AFTER, first, last)
    for place, invitation in enumerate(db.session.scalars(db.select(Invitation).order_by(Invitation.id))):
        invitation.disposition, invitation.completed_at = "completed", AFTER
        add_event(invitation, "satisfaction", place % 5 + 1)
    db.session.commit()
    return made


def purged(now):
    for _piece in purge(now):
        db.session.commit()


def said(draws):
    """Everything that may not change: what a stranger reads, what verifying finds, and the figures."""
    found = [db.session.get_one(Draw, draw.id, populate_existing=True) for draw in draws]
    files = [b"".join(continuous_file(draw)) for draw in found]
    different = [continuous_verification.differences(kept_continuous_draw(draw)) for draw in found]
    first, last = SPANS[0][0], SPANS[-1][1]
    report = services.report(first_day=first, last_day=last, now=AFTER, survey_key=found[0].programme.key)
    return files, different, [(unit.pi, unit.cluster) for draw in found for unit in units_of(draw)], report["results"]


def test_what_is_kept_no_longer_leaves_hash_verification_weights_and_intervals_as_they_were(draws):
    before = said(draws)
    assert before[1] == [[], []]
    assert db.session.get_one(DrawHistory, draws[1].id).lines, "the first draw must stand in the frame of the second"
    purged(MUCH_LATER)
    db.session.expire_all()
    assert {unit.customer_id for draw in draws for unit in units_of(draw)} == {None}
    asked = db.session.scalars(db.select(Contact).join(Invitation, Invitation.contact_id == Contact.id)).all()
    assert all(db.session.get_one(Customer, contact.customer_id).erased_at for contact in asked)
    after = said(draws)
    assert after[:3] == before[:3]
    assert [_figures(row) for row in after[3]] == [_figures(row) for row in before[3]]


def _figures(row):
    return row["indicator"], row["n"], row["estimate"], row["lower"], row["upper"]


def test_a_draw_closed_before_histories_were_kept_keeps_its_own_before_anybody_is_let_go(draws):
    before = said(draws)
    db.session.execute(db.delete(DrawHistory))
    db.session.commit()
    assert said(draws)[:2] == before[:2]
    purged(MUCH_LATER)
    db.session.expire_all()
    assert said(draws)[:3] == before[:3]


def test_whom_a_quarantine_still_reaches_stays_known_whatever_the_retention(draws):
    programme = draws[0].programme
    again = opened(programme, AFTER, date(2027, 1, 5), date(2027, 7, 31))
    purged(MUCH_LATER)
    db.session.expire_all()
    reached = AFTER - timedelta(days=10)
    for unit in (unit for draw in draws for unit in units_of(draw)):
        assert (unit.customer_id is None) is (unit.decided_at < reached)
    assert again.state == "running"
