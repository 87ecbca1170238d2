"""Invitations into the outbox, and what the messages' news does to them."""

import re
from datetime import timedelta

import pytest

from contacts.models import Customer, Hold
from foundation.database import db
from notifications.models import OutboxMessage
from notifications.services import opt_out
from surveys.models import InvitationEvent
from surveys.queries.draws import draw_ladder
from surveys.queries.interviews import interview_by_token
from surveys.refusals import SurveyRefused
from surveys.services.deliveries import note_deliveries
from surveys.services.invitations import move, note_opt_out
from surveys.services.sending import send_invitations
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_contacts,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)

pytestmark = pytest.mark.usefixtures("app")
SECRET, URL = "a secret for tests that is long enough", "https://avis.example"
LATER = NOW + timedelta(hours=1)


def drawn(size=6, **changes):
    principal = create_principal()
    create_contacts(principal, [create_site()], each=12)
    create_period(principal)
    return create_draw(create_programme_of(principal, sample_size=size, **changes))


def send(draw):
    for _piece in send_invitations(draw.id, SECRET, URL, NOW):
        db.session.commit()


def messages():
    return db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def token_in(body):
    return re.search(rf"{URL}/s/([a-z0-9]+)", body)[1]


def test_each_drawn_customer_gets_one_message_with_a_link_of_their_own():
    draw = drawn()
    send(draw)
    sent = messages()
    assert len({message.recipient for message in sent}) == len(sent) == 6
    for message in sent:
        invitation = interview_by_token(token_in(message.body)).invitation
        assert message.subject_key == f"invitation:{invitation.id}"
        assert message.business_key == f"invitation:{invitation.id}:1"
        assert (message.purpose, message.channel) == ("survey", "sms")
        assert (invitation.disposition, invitation.expires_at) == ("queued", NOW + timedelta(days=7))
        assert message.body.startswith("Belline, votre appel du ")


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_contact_about_a_promotion_is_asked_about_like_any_other(channel):
    principal = create_principal()
    by_email = {"phone": None, "phone_takes_sms": False, "email": "jeanne@example.org"}
    customer = create_customer(principal, **(by_email if channel == "email" else {}))
    create_contact(principal, create_site(), customer, reason="Offre spéciale : carte-cadeau à -20 %")
    create_period(principal)
    send(create_draw(create_programme_of(principal, collection="web", method="everyone", sample_size=None)))
    (sent,) = messages()
    assert (sent.channel, sent.state) == (channel, "queued") and "carte-cadeau" in sent.body


def test_sending_twice_writes_to_nobody_twice():
    draw = drawn()
    send(draw)
    send(draw)
    assert len(messages()) == 6


def test_the_token_is_stored_nowhere_but_in_the_message():
    draw = drawn(size=2)
    send(draw)
    tokens = [token_in(message.body) for message in messages()]
    assert all(token not in str(vars(invitation)) for token in tokens for invitation in invitations_of(draw))


def test_after_the_draw_who_said_stop_is_not_written_to_and_who_complained_waits():
    draw = drawn()
    stopped, busy, *_ = invitations_of(draw)
    opt_out(db.session.get(Customer, stopped.customer_id).phone, draw.principal_id, "sms", NOW)
    db.session.add(Hold(customer_id=busy.customer_id, code="complaint", key="complaint:1", starts_at=NOW))
    db.session.commit()
    send(draw)
    assert len(messages()) == 4
    assert (stopped.disposition, busy.disposition) == ("not_sent", "held")
    left = db.session.execute(
        db.select(InvitationEvent.disposition, InvitationEvent.reason).filter(InvitationEvent.reason != "")
    )
    assert set(left) == {("held", "hold-complaint"), ("not_sent", "opted-out")}


def test_a_link_goes_by_email_to_whoever_has_nothing_else():
    principal = create_principal(reply_email="avis@belline.example")
    site = create_site()
    customer = create_customer(principal, phone=None, phone_takes_sms=False, email="m.petit@example.org")
    create_contact(principal, site, customer, channel="email")
    create_period(principal)
    draw = create_draw(create_programme_of(principal, collection="web", method="everyone", sample_size=None))
    send(draw)
    (message,) = messages()
    assert (message.channel, message.recipient, message.sender) == (
        "email",
        "m.petit@example.org",
        "avis@belline.example",
    )
    assert message.subject == "Votre avis après un échange avec nous"
    assert interview_by_token(token_in(message.body)).invitation.id == invitations_of(draw)[0].id
    assert f"{URL}/o/" in message.body
    assert "STOP" not in message.body


def test_answers_by_file_have_nothing_to_send():
    with pytest.raises(SurveyRefused, match="nothing-to-send"):
        send(drawn(collection="file"))


@pytest.mark.parametrize(
    "state, code, disposition",
    [
        ("accepted", None, "sent"),
        ("sent", None, "sent"),
        ("delivered", None, "delivered"),
        ("undelivered", "30003", "failed"),
        ("undelivered", "30005", "undeliverable"),
        ("suppressed", "opted-out", "not_sent"),
        ("expired", None, "not_sent"),
        ("claimed", None, "queued"),
        ("in_doubt", None, "queued"),
    ],
)
def test_the_news_of_a_message_is_that_of_its_invitation(state, code, disposition):
    draw = drawn(size=2)
    send(draw)
    invitation = invitations_of(draw)[0]
    note_deliveries([(invitation.id, state, LATER, code)])
    assert invitation.disposition == disposition


def test_delivery_that_is_reported_after_the_answer_changes_nothing():
    draw = drawn(size=2)
    send(draw)
    invitation = invitations_of(draw)[0]
    move(invitation, "completed", LATER)
    assert not note_deliveries([(invitation.id, "failed", LATER + timedelta(minutes=1), None)])
    assert (invitation.disposition, invitation.delivered_at) == ("completed", LATER)
    assert draw_ladder(draw).adds_up


def test_a_step_nobody_reported_has_happened_when_the_next_one_has():
    draw = drawn(size=2)
    invitation = invitations_of(draw)[0]
    move(invitation, "started", LATER)
    assert invitation.sent_at == invitation.delivered_at == invitation.started_at == LATER
    assert draw_ladder(draw).adds_up


def test_stop_ends_what_waits_and_leaves_what_is_over():
    draw = drawn(size=3)
    send(draw)
    first, second, third = invitations_of(draw)
    note_deliveries([(first.id, "delivered", LATER, None)])
    move(second, "completed", LATER)
    for invitation in (first, second, third):
        note_opt_out(db.session.get(Customer, invitation.customer_id).phone, draw.principal_id, LATER)
    assert [one.disposition for one in (first, second, third)] == ["refused", "completed", "not_sent"]


def test_stop_to_one_principal_does_not_end_anothers_invitation():
    draw = drawn(size=2)
    send(draw)
    invitation = invitations_of(draw)[0]
    assert note_opt_out(db.session.get(Customer, invitation.customer_id).phone, draw.principal_id + 1, LATER) == 0
    assert invitation.disposition == "queued"


def test_the_history_of_an_invitation_is_only_added_to():
    draw = drawn(size=2)
    send(draw)
    invitation = invitations_of(draw)[0]
    for state in ("accepted", "delivered", "delivered", "sent"):
        note_deliveries([(invitation.id, state, LATER, None)])
    events = db.session.scalars(
        db.select(InvitationEvent.disposition).filter_by(invitation_id=invitation.id).order_by(InvitationEvent.id)
    )
    assert list(events) == ["drawn", "queued", "sent", "delivered"]


@pytest.mark.parametrize("token", ["", "x", "2" * 14, "../etc"])
def test_an_unknown_token_leads_to_no_invitation(token):
    assert interview_by_token(token) is None
