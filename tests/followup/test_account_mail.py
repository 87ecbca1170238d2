"""Mails of accounts go through the outbox like every other message."""

from sqlalchemy import select

from foundation.database import db
from notifications.models import OutboxMessage
from tests.conftest import create_user


def test_a_forgotten_password_becomes_one_message_in_the_outbox(submit):
    create_user("quality", "nadia@example.org")
    assert submit("/accounts/reset", email="nadia@example.org").status_code in {200, 302}
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (message.channel, message.recipient, message.purpose) == ("email", "nadia@example.org", "account")
    assert "/accounts/reset/" in message.body


def test_an_unknown_address_gets_no_mail_and_reads_the_same(submit):
    create_user("quality", "nadia@example.org")
    known = submit("/accounts/reset", email="nadia@example.org")
    unknown = submit("/accounts/reset", email="nobody@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 1
