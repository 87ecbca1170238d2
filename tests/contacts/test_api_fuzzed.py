"""Whatever the description allows or forbids is sent: no answer is a fault of ours, none is other than described."""

import json
import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from contacts.mapping import FIELDS
from contacts.models import Contact
from foundation.accounts.keys import issue_key
from foundation.database import db
from tests.conftest import NOW, visitor
from tests.contacts.factories import create_principal, create_site

LONG = os.environ.get("LONG") == "1"
HELD = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
FORBIDDEN = [*HELD, checks.negative_data_rejection]
OPERATIONS = ["/api/v1/contacts", "/api/v1/contacts/bulk"]


@pytest.fixture
def described(app):
    """The description as a program reads it, and a key for it."""
    principal = create_principal()
    create_site(key="lyon")
    _key, secret = issue_key("Fuzz", ["contacts.write"], principal.id, None, None, NOW)
    db.session.commit()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app), {"Authorization": f"Bearer {secret}"}


def test_the_description_is_openapi(app):
    answer = visitor(app).get("/api/v1/openapi.json")
    validate(answer.json)
    assert answer.status_code == 200 and set(answer.json["paths"]) == {*OPERATIONS, "/api/v1/reports"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("address", OPERATIONS)
def test_every_answer_is_as_described(described, address, mode):
    schema, headers = described
    operation = schema[address]["POST"]
    held = FORBIDDEN if mode == GenerationMode.NEGATIVE and address == OPERATIONS[0] else HELD

    @settings(
        max_examples=1000 if LONG else 20,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        case.call_and_validate(headers=headers, checks=held)

    send()
    strange = db.session.scalars(db.select(Contact.channel).where(Contact.source == "")).all()
    assert strange == []


VALUES = [
    None,
    True,
    0,
    1e308,
    10**400,
    [],
    [[]],
    {},
    {"a": 1},
    {"a": "b"},
    "",
    " ",
    "x" * 300,
    "\x00",
    "\ud800",
    "é\u2028",
]
CONTACT = {
    "source": "crm",
    "started_at": "2026-11-20T09:12:58+01:00",
    "site": "lyon",
    "channel": "phone",
    "direction": "in",
    "facts": {"queue": "billing"},
}


def rows_with_one_field_replaced():
    """Return contacts that are whole but for one field, which holds each of the values in turn."""
    names = [*FIELDS, "source", "facts", "odd", "\x00", "\udc00"]
    rows = [
        {**CONTACT, "external_id": f"{name!r}-{place}", name: value}
        for name in names
        for place, value in enumerate(VALUES)
    ]
    return [*rows, *VALUES]


@pytest.mark.parametrize("which", ["app", "pg_app"])
def test_any_value_in_any_field_is_added_or_refused_and_what_is_added_is_kept(which, request):
    app = request.getfixturevalue(which)
    principal = create_principal()
    create_site(key="lyon")
    _key, secret = issue_key("Fuzz", ["contacts.write"], principal.id, None, None, NOW)
    db.session.commit()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    rows = rows_with_one_field_replaced()
    client, headers = visitor(app), {"Authorization": f"Bearer {secret}"}
    answer = client.post(OPERATIONS[1], data=json.dumps(rows), content_type="application/json", headers=headers)
    schema[OPERATIONS[1]]["POST"].validate_response(answer)
    became = [row["outcome"] for row in answer.json["rows"]]
    assert len(became) == len(rows) and set(became) == {"added", "refused"}
    kept = db.session.scalar(db.select(db.func.count()).select_from(Contact))
    assert kept == became.count("added") == answer.json["counts"]["added"]
    for row, outcome in list(zip(rows, became, strict=True))[:: 1 if LONG else 7]:
        if outcome == "refused" and isinstance(row, dict):
            assert client.post(OPERATIONS[0], json=row, headers=headers).status_code == 422
