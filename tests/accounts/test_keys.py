"""Keys of programs: made once, shown once, taken back; they open what is for keys and nothing else."""

import re
from datetime import timedelta

from foundation.accounts import keys
from foundation.accounts.models import ApiKey
from foundation.database import db
from foundation.ledger.models import Entry
from tests.conftest import NOW, visitor
from tests.contacts.factories import create_principal, create_site

CONTACTS = "/api/v1/contacts"


def key_for(principal_id=1, permissions=("contacts.write",), site_ids=None, expires_at=None):
    """Return a key and its secret, committed."""
    made = keys.issue_key("Telephone system", list(permissions), principal_id, site_ids, expires_at, NOW)
    db.session.commit()
    return made


def shown(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_an_administrator_makes_a_key_that_is_shown_once_and_kept_as_its_hash(app, sign_in, submit):
    lyon = create_principal()
    db.session.commit()
    admin = sign_in("admin")
    page = submit("/accounts/keys/new", client=admin, name="CRM", permissions="contacts.write", principal_id=lyon.id)
    secret = re.search(r'value="(satisfecit_[^"]+)"', page.text)[1]
    kept = db.session.scalars(db.select(ApiKey)).one()
    assert kept.secret_hash == keys.hash_of(secret) and kept.principal_id == lyon.id
    assert secret not in admin.get("/accounts/keys").text
    assert visitor(app).post(CONTACTS, json={}, headers=shown(secret)).status_code == 422
    assert secret not in db.session.scalars(db.select(Entry.facts).where(Entry.kind == "accounts.key-issued")).one()


def test_a_key_that_may_do_nothing_is_not_made(app, sign_in, submit):
    create_principal()
    db.session.commit()
    page = submit("/accounts/keys/new", client=sign_in("admin"), name="CRM", principal_id=1)
    assert page.status_code == 400 and "Cochez ce que cette clé" in page.text and 'value="CRM"' in page.text


def test_a_key_taken_back_opens_nothing(app, sign_in, submit):
    create_principal()
    key, secret = key_for()
    admin = sign_in("admin")
    asked = admin.get(f"/accounts/keys/{key.id}/revoke")
    assert "Telephone system" in asked.text and key.revoked_at is None
    submit(f"/accounts/keys/{key.id}/revoke", client=admin)
    refused = visitor(app).post(CONTACTS, json={}, headers=shown(secret))
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"] == "Bearer"
    assert "Bearer" in refused.json["message"]


def test_a_key_opens_until_its_end(app, set_clock):
    create_principal()
    _key, secret = key_for(expires_at=NOW + timedelta(hours=1))
    client = visitor(app)
    assert client.post(CONTACTS, json={}, headers=shown(secret)).status_code == 422
    set_clock(NOW + timedelta(hours=1))
    assert client.post(CONTACTS, json={}, headers=shown(secret)).status_code == 401


def test_what_is_no_key_opens_nothing(app):
    create_principal()
    _key, secret = key_for()
    client = visitor(app)
    for header in ("", "Bearer", "Bearer ", f"Basic {secret}", f"Bearer {secret}x", f"Bearer {secret[:-1]}", secret):
        assert client.post(CONTACTS, json={}, headers={"Authorization": header}).status_code == 401, header


def test_a_key_without_the_permission_is_refused(app):
    create_principal()
    _key, secret = key_for(permissions=())
    assert visitor(app).post(CONTACTS, json={}, headers=shown(secret)).status_code == 403


def test_a_session_opens_nothing_that_is_for_keys(app, sign_in):
    create_principal()
    db.session.commit()
    assert sign_in("admin").post(CONTACTS, json={}).status_code == 401


def test_a_key_opens_no_page(app):
    create_principal()
    _key, secret = key_for()
    assert visitor(app).get("/contacts", headers=shown(secret)).status_code == 302


def test_the_day_of_its_last_use_is_noted(app):
    create_principal()
    lyon = create_site()
    key, secret = key_for()
    sent = {"external_id": "1", "started_at": "2026-11-20T09:00:00Z", "site": lyon.key, "channel": "phone"}
    assert visitor(app).post(CONTACTS, json=sent | {"direction": "in"}, headers=shown(secret)).status_code == 201
    db.session.expire_all()
    assert db.session.get_one(ApiKey, key.id).last_used_on == NOW.date()


def test_a_key_is_made_by_command(app):
    lyon = create_principal()
    db.session.commit()
    made = app.test_cli_runner().invoke(args=["accounts", "issue-key", "CRM", "--principal", lyon.key, "--days", "2"])
    assert made.exit_code == 0
    assert visitor(app).post(CONTACTS, json={}, headers=shown(made.output.strip())).status_code == 422
    key = db.session.scalars(db.select(ApiKey)).one()
    assert key.expires_at - key.created_at == timedelta(days=2)


def test_a_key_of_nobody_is_not_made(app):
    made = app.test_cli_runner().invoke(args=["accounts", "issue-key", "CRM", "--principal", "nobody"])
    assert made.exit_code == 2 and "There is no principal nobody." in made.output
