"""Signing in, and what is closed to those who have not."""

import pytest

from foundation.accounts.models import User
from foundation.database import db
from tests.conftest import PASSWORD, create_user, token_in


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
