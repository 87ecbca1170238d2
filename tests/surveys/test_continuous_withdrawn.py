"""Withdrawing a continuous draw that runs: who was asked stays asked, nobody more is, and the ledger says so."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.services.purging import purge
from foundation.database import db
from foundation.ledger.models import Entry
from surveys.models import Invitation
from surveys.refusals import SurveyRefused
from surveys.services.continuous import open_draw
from surveys.services.draws import request_draw
from surveys.services.withdrawing import withdraw_draw
from tests.conftest import submit_with
from tests.surveys.continuous_factories import (
    FIRST,
    LAST,
    arrive,
    closed,
    continuous_programme,
    entry,
    opened,
    units_of,
)
from tests.surveys.factories import create_principal, create_site

BEFORE, AT = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 12, 2, 9, tzinfo=UTC)
WHY = "Le taux était celui d’un autre programme."


@pytest.fixture(params=["app", "pg_app"])
def running(request):
    """A draw that has taken three, of whom one was written to."""
    request.getfixturevalue(request.param)
    principal, site = create_principal(), create_site()
    draw = opened(continuous_programme(principal, "1/1", quarantine_days=30), BEFORE)
    arrive(principal, [entry(site, AT, f"+3360000000{n}") for n in range(3)], AT)
    db.session.scalars(db.select(Invitation).order_by(Invitation.id)).first().disposition = "sent"
    db.session.commit()
    return principal, site, draw


def withdrawn(draw, at=AT):
    found = withdraw_draw(draw.id, WHY, at)
    db.session.commit()
    return found


def dispositions(draw):
    asked = db.select(Invitation.disposition).filter_by(draw_id=draw.id).order_by(Invitation.id)
    return db.session.scalars(asked).all()


def test_who_was_written_to_stays_invited_and_nobody_more_is_taken(running):
    principal, site, draw = running
    withdrawn(draw)
    assert dispositions(draw) == ["sent", "not_sent", "not_sent"]
    arrive(principal, [entry(site, AT, "+33600000009")], AT)
    assert len(units_of(draw)) == len(dispositions(draw)) == 3
    said = db.session.scalars(db.select(Entry).filter_by(kind="draw.withdrawn")).one()
    assert json.loads(said.facts) == {"decided": 3, "taken": 3, "invited": 1} and WHY not in said.facts
    after = closed(draw, datetime(2027, 1, 4, 9, tzinfo=UTC))
    assert (after.state, after.seed, after.frame_hash, after.refusal["facts"]) == (
        "refused",
        None,
        None,
        {"reason": WHY},
    )


def test_its_decisions_count_for_the_quarantine_of_the_next_draw(running):
    principal, site, draw = running
    withdrawn(draw)
    after = opened(continuous_programme(principal, "1/1", quarantine_days=30), AT)
    later = AT + timedelta(days=1)
    arrive(principal, [entry(site, later, "+33600000000"), entry(site, later, "+33600000008")], later)
    assert [unit.reason for unit in units_of(after)] == ["quarantine", ""]


def test_it_is_withdrawn_once_never_after_the_closing_and_not_made_again(running):
    principal, _site, draw = running
    other = opened(continuous_programme(principal, "1/1"), BEFORE)
    withdrawn(draw)
    for again in (
        lambda: withdraw_draw(draw.id, WHY, AT),
        lambda: open_draw(draw.programme, FIRST, LAST, AT),
    ):
        with pytest.raises(SurveyRefused) as refusal:
            again()
        assert refusal.value.code in ("not-running", "was-withdrawn")
        db.session.rollback()
    closed(other, datetime(2027, 1, 4, 9, tzinfo=UTC))
    with pytest.raises(SurveyRefused) as refusal:
        withdraw_draw(other.id, WHY, AT)
    assert refusal.value.code == "period-closed"


def test_a_programme_that_has_turned_to_batches_does_not_draw_the_withdrawn_days(running):
    _principal, _site, draw = running
    withdrawn(draw)
    closed(draw, datetime(2027, 1, 4, 9, tzinfo=UTC))
    terms = db.metadata.tables["programme_versions"]
    db.session.execute(db.update(terms).values(draw_kind="batch", method="everyone"))
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(SurveyRefused) as refusal:
        request_draw(draw.programme, date(2026, 12, 1), date(2026, 12, 31), None, datetime(2027, 1, 5, tzinfo=UTC))
    assert refusal.value.code == "was-withdrawn"


def test_its_contacts_are_nobody_s_when_the_principal_keeps_them_no_longer(running):
    principal, _site, draw = running
    principal.link_months = 2
    withdrawn(draw)
    for _piece in purge(AT + timedelta(days=200)):
        db.session.commit()
    db.session.expire_all()
    assert {unit.customer_id for unit in units_of(draw)} == {None}


def test_the_page_withdraws_with_a_reason_and_says_it(app, sign_in):
    lead = sign_in("quality")
    draw = opened(continuous_programme(create_principal(), "1/1"), BEFORE)
    page, act = f"/surveys/draws/{draw.id}", f"/surveys/draws/{draw.id}/withdraw"
    short = submit_with(lead, act, page, reason="non")
    assert short.status_code == 400 and 'value="non"' in short.text and '<details class="how" open>' in short.text
    assert submit_with(lead, act, page, reason=WHY).status_code == 302
    shown = lead.get(page).text
    assert "Le tirage a été annulé" in shown and WHY in shown and "Annuler définitivement" not in shown
    assert lead.get(f"/surveys/programmes/{draw.programme.key}").status_code == 200
    assert sign_in("auditor").post(act).status_code in (400, 403)
