"""``/api/v1/contacts``: each row is answered with its outcome, sent again adds nothing, and nothing bad is kept."""

import json

import pytest

from contacts.models import Contact, Customer, EntryPoint
from contacts.reason_trees import read_outline
from contacts.services import map_word, publish_tree, save_tree
from contacts.signals import contacts_recorded
from foundation.accounts.keys import issue_key
from foundation.database import db
from tests.conftest import NOW, visitor
from tests.contacts.factories import create_period, create_principal, create_site

ONE, MANY = "/api/v1/contacts", "/api/v1/contacts/bulk"


class Program:
    """A program with a key of one principal, and a contact it may send."""

    def __init__(self, app, language="en", site_ids=None):
        self.principal, self.site = create_principal(), create_site()
        sites = [self.site.id] if site_ids == "own" else site_ids
        _key, self.secret = issue_key("CRM", ["contacts.write"], self.principal.id, sites, None, NOW)
        db.session.commit()
        self.client = visitor(app, language)

    def contact(self, **changes):
        values = {
            "source": "crm",
            "external_id": "42",
            "started_at": "2026-11-20T09:12:58+01:00",
            "site": self.site.key,
            "channel": "phone",
            "direction": "in",
            "phone": "06 39 98 00 01",
        }
        return {name: value for name, value in {**values, **changes}.items() if value is not None}

    def post(self, address, body, content_type="application/json"):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.post(address, data=body, content_type=content_type, headers=headers)


@pytest.fixture
def program(app):
    return Program(app)


def outcomes(answer):
    return [row["outcome"] for row in answer.json["rows"]]


def test_one_contact_is_added_and_named(program):
    answer = program.post(ONE, program.contact(facts={"queue": "billing"}, agent="Dupont"))
    kept = db.session.scalars(db.select(Contact)).one()
    assert answer.status_code == 201
    assert answer.json == {
        "row": 1,
        "source": "crm",
        "external_id": "42",
        "outcome": "added",
        "id": kept.public_id,
        "faults": [],
        "warnings": [],
    }
    assert (kept.principal_id, kept.facts, kept.phone_state) == (program.principal.id, {"queue": "billing"}, "given")
    assert db.session.scalars(db.select(Customer.phone)).one() == "+33639980001"


def test_sent_again_it_adds_nothing_and_has_the_same_name(program, committed):
    first = program.post(ONE, program.contact())
    again = program.post(ONE, program.contact(reason="another"))
    assert (again.status_code, again.json["outcome"]) == (200, "known")
    assert again.json["id"] == first.json["id"] and committed(Contact) == 1


def test_the_same_name_in_another_source_is_another_contact(program, committed):
    answer = program.post(MANY, [program.contact(), program.contact(source="ivr"), program.contact()])
    assert outcomes(answer) == ["added", "added", "twice"] and committed(Contact) == 2


def test_what_is_wrong_is_said_field_by_field_in_the_readers_language(app):
    french = Program(app, "fr")
    answer = french.post(ONE, french.contact(site="lune", channel="pigeon", started_at="2026-11-20 09:12", odd="x"))
    assert answer.status_code == 422
    assert [(fault["field"], fault["code"]) for fault in answer.json["faults"]] == [("odd", "field-unknown")]
    answer = french.post(ONE, french.contact(site="lune", channel="pigeon", started_at="2026-11-20 09:12"))
    faults = {fault["field"]: fault["code"] for fault in answer.json["faults"]}
    assert faults == {"site": "site-unknown", "channel": "value-unknown", "started_at": "zone-missing"}
    assert "Ce site est inconnu." in [fault["message"] for fault in answer.json["faults"]]


def test_a_bad_row_keeps_no_other_back(program, committed):
    rows = [program.contact(), 7, program.contact(external_id="43", site=None), program.contact(external_id="44")]
    answer = program.post(MANY, rows)
    assert answer.status_code == 200 and outcomes(answer) == ["added", "refused", "refused", "added"]
    assert answer.json["counts"] == {"added": 2, "late": 0, "known": 0, "twice": 0, "refused": 2}
    assert [row["row"] for row in answer.json["rows"]] == [1, 2, 3, 4] and committed(Contact) == 2


def test_lines_of_json_are_answered_by_their_number(program, committed):
    lines = [json.dumps(program.contact(external_id=str(n))).encode() for n in range(3)]
    body = b"\n".join([lines[0], b"", b"{broken", lines[1], lines[2] + b"\r"])
    answer = program.post(MANY, body, "application/x-ndjson")
    assert [(row["row"], row["outcome"]) for row in answer.json["rows"]] == [
        (1, "added"),
        (3, "refused"),
        (4, "added"),
        (5, "added"),
    ]
    assert committed(Contact) == 3


def test_ten_thousand_rows_are_taken_and_one_more_is_not(program, committed):
    rows = [program.contact(external_id=str(number), phone=None) for number in range(10_001)]
    assert program.post(MANY, rows).status_code == 413
    assert committed(Contact) == 0
    assert program.post(MANY, rows[:-1]).json["counts"]["added"] == 10_000
    assert committed(Contact) == 10_000


def test_a_contact_of_a_closed_period_is_kept_and_late(program):
    day = NOW.date().replace(day=1)
    create_period(program.principal, day, day.replace(day=22))
    db.session.commit()
    answer = program.post(ONE, program.contact())
    assert (answer.status_code, answer.json["outcome"]) == (201, "late")
    assert db.session.scalars(db.select(Contact.late)).one() is True


def test_a_key_of_one_site_files_under_no_other(app, committed):
    program = Program(app, site_ids="own")
    elsewhere = create_site()
    db.session.commit()
    refused = program.post(ONE, program.contact(site=elsewhere.key))
    assert refused.status_code == 422 and refused.json["faults"][0]["code"] == "site-unknown"
    assert program.post(ONE, program.contact()).status_code == 201 and committed(Contact) == 1


def test_two_principals_may_use_the_same_source_and_name(app, committed):
    one, other = Program(app), Program(app)
    assert one.post(ONE, one.contact()).status_code == other.post(ONE, other.contact()).status_code == 201
    assert committed(Contact) == committed(Customer) == 2


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"NaN", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
    ],
)
@pytest.mark.parametrize("address", [ONE, MANY])
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(program, address, body, content_type, status):
    answer = program.post(address, body, content_type)
    assert answer.status_code == status and answer.json["code"] == status and answer.json["message"]


def test_a_body_that_is_too_large_is_refused(program):
    assert program.post(MANY, b" " * (16 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("text", ["nul \x00", "half \ud83d", "escape \x1b"])
@pytest.mark.parametrize("field", ["external_id", "reason", "name", "source", "site"])
def test_characters_that_no_database_keeps_are_refused(program, field, text):
    answer = program.post(ONE, program.contact(**{field: text}))
    assert answer.status_code == 422 and (field, "unreadable-text") in [
        (fault["field"], fault["code"]) for fault in answer.json["faults"]
    ]


def test_what_can_be_left_out_is_left_out_with_a_warning(program):
    known = {"key": "sav", "name": "SAV", "channel": "phone", "direction": "in", "address": "+33199001299"}
    db.session.add(EntryPoint(principal_id=program.principal.id, created_at=NOW, **known))
    db.session.commit()
    answer = program.post(ONE, program.contact(phone="12", entry_point="+33199001234"))
    assert answer.status_code == 201
    warned = {(fault["field"], fault["code"]) for fault in answer.json["warnings"]}
    assert warned == {("phone", "phone-invalid"), ("entry_point", "entry-point-unknown")}


def test_a_refused_contact_corrected_and_sent_again_is_added(program, committed):
    assert program.post(ONE, program.contact(direction="sideways")).status_code == 422
    assert committed(Contact) == 0
    assert program.post(ONE, program.contact()).status_code == 201


def test_those_who_listen_are_told(program):
    heard = []
    with contacts_recorded.connected_to(lambda principal_id, **told: heard.append((principal_id, told["public_ids"]))):
        added = program.post(ONE, program.contact())
        program.post(ONE, program.contact())
    assert heard == [(program.principal.id, [added.json["id"]])]


def test_on_postgresql_too(pg_app):
    program = Program(pg_app)
    rows = [program.contact(external_id=str(number)) for number in range(50)]
    assert program.post(MANY, rows).json["counts"]["added"] == 50
    assert program.post(MANY, rows).json["counts"]["known"] == 50


def test_the_word_of_a_reason_is_that_of_the_log_it_was_mapped_for(program):
    draft = save_tree(program.principal.id, 0, read_outline("other | Autre | Other\n"), NOW)
    publish_tree(program.principal.id, draft.version, NOW)
    map_word(program.principal.id, "crm", "Pb fact.", "other", NOW)
    db.session.commit()
    program.post(ONE, program.contact(source=" crm ", reason="Pb fact."))
    program.post(ONE, program.contact(source="chat", reason="Pb fact."))
    kept = db.session.execute(db.select(Contact.source, Contact.reason_leaf).order_by(Contact.id)).tuples().all()
    assert kept == [("crm", "other"), ("chat", "")]


def test_a_time_that_stands_for_never_is_left_out(program):
    answer = program.post(ONE, program.contact(ended_at="9999-12-31T23:59:59-05:00"))
    assert [fault["field"] for fault in answer.json["warnings"]] == ["ended_at"]
