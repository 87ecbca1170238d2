"""In production: behind a proxy that speaks TLS, with browsers that send no Referer."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from foundation.accounts.security import limiter
from foundation.database import db
from tests.conftest import PASSWORD, SETTINGS, create_user, token_in, visitor

HOME = "https://satisfaction.example.org"


@pytest.fixture
def public_house(tmp_path, monkeypatch) -> Iterator[Flask]:
    """An application that knows of its proxy and counts tries, on a database of its own."""
    monkeypatch.setenv("SATISFECIT_INSTANCE", str(tmp_path))
    own = {"DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}", "PUBLIC_URL": HOME, "PROXIES": 1}
    house = create_app({**SETTINGS, **own, "RATELIMIT_ENABLED": True})
    with house.app_context():
        db.create_all()
        yield house
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False  # one limiter serves every application of the run


def post(house: Flask, caller: str, **fields: str):
    """Sign in from the address ``caller``, as the proxy reports it."""
    browser, headers = visitor(house), {"X-Forwarded-For": caller, "X-Forwarded-Proto": "https"}
    token = token_in(browser.get("/sign-in", headers=headers, base_url=HOME).text)
    return browser.post("/sign-in", data={**fields, "csrf_token": token}, headers=headers, base_url=HOME)


def test_a_form_is_taken_without_a_referer_and_its_cookies_stay_on_tls(public_house):
    create_user("admin", "alice@example.org")
    response = post(public_house, "192.0.2.1", email="alice@example.org", password=PASSWORD, remember="y")
    assert response.status_code == 302
    cookies = response.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"session", "remember_token"}
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_guesses_from_one_address_slow_nobody_else_down(public_house):
    wrong = {"email": "alice@example.org", "password": "a guess of somebody else"}
    assert [post(public_house, "192.0.2.1", **wrong).status_code for _ in range(21)] == [200] * 20 + [429]
    assert post(public_house, "192.0.2.2", **wrong).status_code == 200


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\t/evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(public_house, elsewhere):
    create_user("admin", "alice@example.org")
    browser = visitor(public_house)
    token = token_in(browser.get("/sign-in", base_url=HOME).text)
    response = browser.post(
        "/sign-in",
        query_string={"next": elsewhere},
        data={"email": "alice@example.org", "password": PASSWORD, "csrf_token": token},
        base_url=HOME,
    )
    assert not response.location or response.location.startswith(("/%5C", f"{HOME}/"))
