from datetime import UTC, date, datetime

import pytest

from contacts.models import Period
from contacts.services import open_period
from foundation.database import db
from tests.contacts.factories import create_contact, create_principal, create_site


@pytest.fixture
def belline(app):
    belline = create_principal(name="Belline")
    create_contact(belline, started_at=datetime(2026, 10, 5, tzinfo=UTC))
    create_contact(belline, started_at=datetime(2026, 11, 5, tzinfo=UTC))
    db.session.commit()
    return belline


def close(submit, client, principal, first_day="2026-10-01", last_day="2026-10-31"):
    return submit(
        "/contacts/periods", client=client, principal=principal.id, first_day=first_day, last_day=last_day
    )  # fmt: skip


def test_a_month_that_is_over_is_offered_and_closed(belline, sign_in, submit):
    client = sign_in("quality", name="Aubry")
    page = client.get("/contacts/periods").text
    assert 'value="2026-10-01"' in page
    assert 'value="2026-11-01"' not in page
    assert close(submit, client, belline).status_code == 302
    period = db.session.scalars(db.select(Period)).one()
    assert period.population == 1
    page = client.get("/contacts/periods").text
    assert "La période du jeudi 1" in page
    assert period.frame_hash in page
    assert "Aubry" in page
    assert 'value="2026-10-01"' not in page


@pytest.mark.parametrize(
    "days, words",
    [
        (("2026-11-01", "2026-11-30"), "Cette période n’est pas terminée"),
        (("2026-10-02", "2026-10-01"), "Le dernier jour précède le premier."),
    ],
)
def test_a_period_that_cannot_be_closed_says_why(belline, sign_in, submit, committed, days, words):
    response = close(submit, sign_in("quality"), belline, *days)
    assert response.status_code == 409
    assert words in response.text
    assert committed(Period) == 0


def test_closing_twice_says_that_it_is_closed(belline, sign_in, submit, committed):
    client = sign_in("quality")
    close(submit, client, belline)
    again = close(submit, client, belline)
    assert again.status_code == 409
    assert "est déjà close et a des jours en commun" in again.text
    assert committed(Period) == 1


def test_unreadable_days_are_refused(belline, sign_in, submit):
    assert close(submit, sign_in("quality"), belline, "soon", "later").status_code == 400


def test_a_period_of_another_principal_is_neither_shown_nor_closed(belline, sign_in, submit, committed):
    other = create_principal(name="Autre")
    db.session.commit()
    stranger = sign_in("quality", principal_ids=[other.id])
    assert close(submit, stranger, belline).status_code == 400
    close(submit, sign_in("quality"), belline)
    assert "Belline" not in stranger.get("/contacts/periods").text
    assert committed(Period) == 1


def test_who_sees_one_site_closes_nothing(belline, sign_in, submit):
    site = create_site()
    db.session.commit()
    client = sign_in("quality", site_ids=[site.id])
    assert "<form" not in client.get("/contacts/periods").text.partition("<main")[2]
    assert submit("/contacts/periods", client=client, page="/contacts/import").status_code == 403


def test_an_auditor_sees_periods_and_closes_none(belline, sign_in, client):
    auditor = sign_in("auditor")
    assert auditor.get("/contacts/periods").status_code == 200
    assert auditor.post("/contacts/periods").status_code in (400, 403)


def test_a_period_that_is_still_open_is_not_among_the_closed_ones(belline, sign_in):
    open_period(belline.id, date(2026, 11, 1), date(2026, 11, 30))
    db.session.commit()
    answer = sign_in("quality").get("/contacts/periods")
    assert answer.status_code == 200
    assert "Aucune période n’est encore close" in answer.text
