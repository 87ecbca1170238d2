"""Every view is opened as every role: who lacks the permission is refused before the view runs."""

import pytest
from flask import Flask, url_for

from foundation.accounts.roles import PERMISSIONS, ROLES
from tests.conftest import create_user, signed_in, token_in, visitor

SAMPLE = {"IntegerConverter": 1, "PathConverter": "x", "UnicodeConverter": "x", "AnyConverter": None}


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Return (address, permission) of every view that asks for a permission and takes ``method``."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            access = getattr(app.view_functions[rule.endpoint], "access", None)
            if access and access.permission and not access.by_key and method in (rule.methods or ()):
                found.append((url_for(rule.endpoint, **sample(rule)), access.permission))
    return found


def sample(rule) -> dict[str, object]:
    """Return a value for each part of an address; what it names need not exist, for the guard comes first."""
    values = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        values[name] = next(iter(converter.items)) if kind == "AnyConverter" else SAMPLE.get(kind, "x")
    return values


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_role_without_the_permission_is_refused(app, role, method):
    client = signed_in(app, create_user(role))
    token = token_in(client.get("/accounts/password").text)
    views = addresses(app, method)
    assert views
    opened = [
        address
        for address, permission in views
        if permission not in PERMISSIONS[role]
        and client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None).status_code
        != 403
    ]
    assert opened == []


def test_a_stranger_is_led_to_sign_in(app):
    client = visitor(app)
    opened = [address for address, _permission in addresses(app, "GET") if client.get(address).status_code != 302]
    assert opened == []


def test_every_permission_asked_for_belongs_to_a_role(app):
    known = frozenset.union(*PERMISSIONS.values())
    asked = {permission for method in ("GET", "POST") for _address, permission in addresses(app, method)}
    assert asked <= known


def test_a_view_without_a_mark_is_closed_to_all(app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "surveys.index", lambda: "open")
    assert signed_in(app, create_user("admin")).get("/surveys").status_code == 403
    assert visitor(app).get("/surveys").status_code == 403
