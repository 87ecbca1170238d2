"""Invitations go out in the hours of the programme, as the customer's own clock and calendar have them."""

from datetime import UTC, datetime

import pytest

from foundation.database import db
from notifications.models import OutboxMessage
from notifications.services.windows import save_window
from notifications.windows import Window
from surveys.models import Programme
from surveys.services.sending import send_invitations
from tests.conftest import token_in
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
)
from tests.surveys.test_programme_pages import NEW

pytestmark = pytest.mark.usefixtures("app")
USUAL = {"key": "usual", **Window().document()}


def invited(site, phone, asked_at, **changes):
    """The message to one customer of ``site``, asked for at a moment."""
    principal = create_principal()
    create_contact(principal, site, create_customer(principal, phone=phone))
    create_period(principal)
    programme = create_programme_of(principal, sample_size=1, **({"sending_window": USUAL} | changes))
    for _piece in send_invitations(create_draw(programme).id, "a secret", "https://avis.example", asked_at):
        db.session.commit()
    return db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    "phone, zone, region, goes",
    [
        ("+33612345678", "Europe/Paris", "metropole", datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("+262692123456", "Indian/Reunion", "la-reunion", datetime(2026, 11, 24, 4, tzinfo=UTC)),
        ("+594694123456", "America/Cayenne", "guyane", datetime(2026, 11, 23, 20, tzinfo=UTC)),
    ],
)
def test_an_overseas_number_is_written_to_in_its_own_day(phone, zone, region, goes):
    message = invited(create_site(), phone, datetime(2026, 11, 23, 20, tzinfo=UTC))  # 21:00 in Paris, 17:00 in Cayenne
    assert (message.zone, message.region, message.not_before) == (zone, region, goes)


def test_the_holidays_of_the_site_s_region_hold_where_it_shares_the_zone():
    saturday = datetime(2026, 12, 26, 10, tzinfo=UTC)  # a holiday in Alsace and Moselle only
    alsace = invited(create_site(holiday_region="alsace-moselle"), "+33612345601", saturday)
    elsewhere = invited(create_site(), "+33612345602", saturday)
    far_site = invited(create_site(zone="Indian/Reunion", holiday_region="la-reunion"), "+33612345603", saturday)
    assert [message.region for message in (alsace, elsewhere, far_site)] == ["alsace-moselle", "metropole", "metropole"]
    assert alsace.not_before == datetime(2026, 12, 28, 7, tzinfo=UTC)
    assert elsewhere.not_before == saturday


def test_a_programme_follows_its_window_and_the_message_keeps_a_copy():
    site = create_site()
    save_window("usual", 0, "", Window(holidays=True, weekdays=frozenset({2})), 0, NOW, 1)
    message = invited(site, "+33612345604", NOW)
    assert message.not_before == datetime(2026, 11, 25, 7, tzinfo=UTC)  # Wednesday
    save_window("usual", 0, "", Window(), 1, NOW, 1)
    assert db.session.get_one(OutboxMessage, message.id).window["days"] == [2]
    kept = {"from": "08:00", "to": "20:00", "days": [0], "holidays": False}
    assert invited(site, "+33612345605", NOW, sending_window=kept).window == kept


def test_an_invitation_that_expires_before_its_hours_begin_is_not_sent():
    monday = {"from": "08:00", "to": "09:00", "days": [0], "holidays": True}
    message = invited(create_site(), "+33612345606", NOW, sending_window=monday, validity_days=2)
    assert (message.state, message.last_error) == ("expired", "window-after-expiry")


def test_a_window_is_chosen_for_a_programme_and_shown_with_the_next_moment(sign_in, submit):
    principal, other = create_principal(), create_principal(key="other", name="Autre")
    create_contact(principal, create_site(), create_customer(principal))
    create_period(principal)
    version = create_programme_of(principal).latest.version_id
    evening = save_window(None, principal.id, "Soirées", Window(holidays=True, weekdays=frozenset({3})), 0, NOW, 1)
    db.session.commit()
    quality = sign_in("quality")
    facts = NEW | {"version_id": version, "window": evening.key, "sample_size": "1"}
    refused = submit("/surveys/programmes/new", client=quality, **facts, principal_id=other.id)
    assert refused.status_code == 400 and "autre donneur d’ordre" in refused.text
    assert submit("/surveys/programmes/new", client=quality, **facts, principal_id=principal.id).status_code == 302
    page = quality.get("/surveys/programmes/apres-echange").text
    assert "Soirées (08:00 – 20:00, jeudi, aussi les jours fériés)" in page
    draw = create_draw(db.session.scalars(db.select(Programme).filter_by(key="apres-echange")).one())
    shown = quality.get(f"/surveys/draws/{draw.id}").text.replace("\xa0", " ")
    assert "26 nov. 2026, 8 h 00" in shown and token_in(shown)
