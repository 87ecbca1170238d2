"""Signing in, and what is closed to those who have not."""

import re

import pytest

from foundation.accounts import services
from foundation.accounts.models import User
from foundation.database import db
from notifications.models import OutboxMessage
from tests.conftest import NOW, PASSWORD, create_user, signed_in, token_in, visitor


def test_staff_sign_in_with_address_and_password(client, submit):
    create_user("admin", "alice@example.org")
    response = submit("/sign-in", email="alice@example.org", password=PASSWORD)
    assert response.status_code == 302
    assert client.get("/accounts").status_code == 200


def test_a_wrong_password_and_an_unknown_address_read_the_same(submit):
    create_user("admin", "alice@example.org")
    wrong = submit("/sign-in", email="alice@example.org", password="not the password")
    unknown = submit("/sign-in", email="nobody@example.org", password="not the password")
    sentence = "L’adresse ou le mot de passe n’est pas le bon."
    assert sentence in wrong.text and sentence in unknown.text


def test_a_closed_page_leads_to_sign_in_and_back(client):
    response = client.get("/accounts")
    assert response.status_code == 302
    assert response.location == "/sign-in?next=/accounts"


@pytest.mark.parametrize("role", ["quality", "manager", "handler", "reviewer", "auditor", "agent", "principal"])
def test_only_administrators_manage_accounts(sign_in, role):
    assert sign_in(role).get("/accounts").status_code == 403


def test_a_change_of_role_ends_open_sessions(app, sign_in):
    admin = sign_in("admin")
    bob = create_user("quality", "bob@example.org")
    before = bob.fs_uniquifier
    page = admin.get(f"/accounts/{bob.id}").text
    admin.post(
        f"/accounts/{bob.id}",
        data={"csrf_token": token_in(page), "name": "Bob", "role": "auditor", "active": "y"},
    )
    db.session.expire_all()
    changed = db.session.get(User, bob.id)
    assert changed.role == "auditor"
    assert changed.fs_uniquifier != before


def test_an_administrator_cannot_take_their_own_rights_away(app, sign_in, submit):
    admin = sign_in("admin")
    me = db.session.scalars(db.select(User)).one()
    response = submit(f"/accounts/{me.id}", client=admin, name="Admin", role="agent", active="y")
    assert response.status_code == 400
    assert "vos propres droits" in response.text


def test_an_expired_form_comes_back_with_what_was_typed(sign_in):
    admin = sign_in("admin")
    long_name = "Une personne dont le nom est assez long pour être relu"
    response = admin.post("/accounts/new", data={"csrf_token": "old", "name": long_name, "role": "agent"})
    assert response.status_code == 400
    assert long_name in response.text
    assert 'name="role" value="agent"' in response.text


def test_a_post_from_another_site_is_not_offered_again(sign_in):
    admin = sign_in("admin")
    response = admin.post("/accounts/new", data={"name": "Mallory"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert "Mallory" not in response.text


def test_no_page_ever_holds_a_password(sign_in, client):
    expired = client.post("/sign-in", data={"csrf_token": "old", "email": "alice@example.org", "password": PASSWORD})
    new = sign_in("admin").post("/accounts/new", data={"csrf_token": "old", "name": "Bob", "password": PASSWORD})
    assert (expired.status_code, new.status_code) == (400, 400)
    assert 'value="Bob"' in new.text
    assert PASSWORD not in expired.text + new.text


@pytest.mark.parametrize("rights", [("auditor", True, [1], None), ("auditor", True, None, [1])])
def test_a_narrower_scope_ends_open_sessions(app, rights):
    bob = create_user("auditor", "bob@example.org")
    browser = signed_in(app, bob)
    services.change_user(db.session.get(User, bob.id), "Bob", *rights)
    db.session.commit()
    assert browser.get("/complaints").location.startswith("/sign-in")


def test_a_session_ends_with_the_right_to_sign_in(app, sign_in):
    bob = create_user("auditor", "bob@example.org")
    browser = signed_in(app, bob)
    assert browser.get("/complaints").status_code == 200
    services.change_user(db.session.get(User, bob.id), "Bob", "auditor", False, None, None)
    db.session.commit()
    assert browser.get("/complaints").location.startswith("/sign-in")


def test_a_new_password_is_kept_and_ends_open_sessions(app, submit, committed):
    create_user("quality", "nadia@example.org")
    submit("/accounts/reset", email="nadia@example.org")
    assert committed(OutboxMessage) == 1
    link = re.search(r"/accounts/reset/\S+", db.session.scalars(db.select(OutboxMessage)).one().body)[0]
    before = db.session.scalars(db.select(User)).one().fs_uniquifier
    submit(link, password="a password of her own", password_confirm="a password of her own")
    db.session.rollback()
    assert db.session.scalars(db.select(User)).one().fs_uniquifier != before
    assert submit("/sign-in", email="nadia@example.org", password="a password of her own").status_code == 302
    stranger, other = visitor(app), "another one, once more"
    assert submit(link, client=stranger, page="/sign-in", password=other, password_confirm=other).status_code == 302
    assert submit("/sign-in", client=stranger, email="nadia@example.org", password=other).status_code == 200


@pytest.mark.parametrize(
    "role, first",
    [
        ("quality", "/satisfaction"),
        ("principal", "/satisfaction"),
        ("auditor", "/satisfaction"),
        ("handler", "/complaints"),
        ("reviewer", "/complaints"),
        ("agent", "/complaints/new"),
        ("admin", "/jobs"),
    ],
)
def test_each_role_begins_where_its_work_is(sign_in, role, first):
    assert sign_in(role).get("/").location == first


def test_a_principals_account_names_its_principal(sign_in, submit):
    response = submit(
        "/accounts/new",
        client=sign_in("admin"),
        name="Sofia",
        role="principal",
        email="sofia@example.org",
        password="a long enough password",
    )
    assert response.status_code == 400
    assert "Cochez le donneur d’ordre" in response.text
    with pytest.raises(services.AccountRefused, match="principal-missing"):
        services.create_user("sofia@example.org", "Sofia", "principal", None, NOW)
