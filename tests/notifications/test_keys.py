"""The key of the addresses: apart from the installation's secret, and changed without forgetting a STOP."""

import pytest
import sqlalchemy as sa

from contacts.models import Principal
from foundation.config import ConfigurationError, read_settings
from foundation.database import db
from notifications import queries, services
from notifications.keys import hash_of
from notifications.models import OptOut, OptOutLink, OutboxMessage
from notifications.queries.opt_outs import unrecognisable
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message
from tests.surveys.factories import create_customer

OLD, NEW = "the key of before, long enough for all", "another key, which is as long as that"
UNKNOWN = "+33639980077"


@pytest.fixture
def keys(app, monkeypatch):
    """Set the installation's secret, the key of the addresses and the one of before."""

    def set_keys(secret=app.config["SECRET_KEY"], key="", previous=""):
        for name, value in (("SECRET_KEY", secret), ("ADDRESS_KEY", key), ("ADDRESS_KEY_PREVIOUS", previous)):
            monkeypatch.setitem(app.config, name, value)

    return set_keys


def stopped(address=PHONE):
    return queries.opted_out([address], 1, "survey") == {address}


def rekeyed(app):
    result = app.test_cli_runner().invoke(args=["notifications", "rekey"])
    db.session.expire_all()
    return result


def test_a_changed_secret_forgets_no_stop_when_the_former_one_is_kept_as_address_key(keys):
    keys(secret=OLD)
    services.opt_out(PHONE, 1, "sms", NOW)
    keys(secret=NEW)
    assert not stopped() and unrecognisable()[0] == 1
    keys(secret=NEW, key=OLD)
    assert stopped() and unrecognisable()[0] == 0


def test_what_the_former_key_hashed_is_recognised_while_it_is_set(keys):
    keys(key=OLD)
    message = create_message(principal_id=1)
    services.opt_out(UNKNOWN, 1, "sms", NOW)
    keys(key=NEW, previous=OLD)
    assert stopped(UNKNOWN) and unrecognisable()[0] == 0
    services.opt_out(PHONE, 1, "sms", NOW)  # a message that was queued under the former key is stopped too
    db.session.commit()
    assert db.session.get_one(OutboxMessage, message.id).state == "suppressed"
    assert services.lift_stop(UNKNOWN, NOW) == 1
    assert not stopped(UNKNOWN)


def test_known_addresses_are_hashed_anew_and_it_is_said_what_is_left(app, keys):
    keys(key=OLD)
    db.session.add(Principal(key="a", name="a", brand="a", created_at=NOW))
    db.session.flush()
    customer = create_customer(db.session.get_one(Principal, 1), phone=None, email="jeanne@example.org")
    message = create_message(principal_id=1)
    services.opt_out_link(PHONE, 1, NOW, public_url="")
    for address in (PHONE, customer.email, UNKNOWN):
        services.opt_out(address, 1, "link", NOW)
    db.session.commit()
    keys(key=NEW, previous=OLD)
    result = rekeyed(app)
    assert result.output.splitlines()[:4] == ["messages: 1", "stops: 2", "links: 1", "left: 1"]
    assert result.exit_code == 3 and "Keep SATISFECIT_ADDRESS_KEY_PREVIOUS" in result.output
    assert rekeyed(app).output.splitlines()[:4] == ["messages: 0", "stops: 0", "links: 0", "left: 1"]
    keys(key=NEW)
    assert (stopped(), stopped(customer.email), stopped(UNKNOWN)) == (True, True, False)
    assert unrecognisable()[0] == 1
    assert db.session.get_one(OutboxMessage, message.id).recipient_hash == hash_of(PHONE)
    assert db.session.scalars(sa.select(OptOutLink.address_hash)).all() == [hash_of(PHONE)]
    assert set(db.session.scalars(sa.select(OptOut.key_name).where(OptOut.address_hash == hash_of(PHONE)))) != {None}


def test_nothing_is_hashed_anew_without_the_former_key(app, keys):
    keys(key=NEW)
    assert rekeyed(app).exit_code == 2


def test_a_short_key_is_refused_in_production(tmp_path):
    values = {"MODE": "production", "SECRET_KEY": "x" * 40, "ADDRESS_KEY": "short", "PUBLIC_URL": "https://a.example"}
    environment = {f"SATISFECIT_{name}": value for name, value in values.items()}
    with pytest.raises(ConfigurationError, match="ADDRESS_KEY"):
        read_settings(environment, tmp_path)
