import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts import services
from contacts.agents import Agent as Named
from contacts.agents import Pseudonyms, first_name, pseudonym
from contacts.engines import forget_old_uploads
from contacts.entries import ReadRow, Reject, Surroundings
from contacts.importing import read_contacts
from contacts.mapping import from_json, problems
from contacts.models import Agent, ImportNote
from contacts.queries import agent_first_name
from contacts.services.agents import erase_first_name, keep_agents
from foundation.database import db
from foundation.ledger.models import Entry
from tests.contacts.factories import create_contact, create_principal, create_site
from tests.contacts.test_importing import NOW

COLUMNS = ["id", "at", "agent", "Superviseur", "mail"]
FIELDS = {
    "external_id": {"column": "id"},
    "started_at": {"column": "at"},
    "site": {"constant": "lyon"},
    "channel": {"constant": "phone"},
    "direction": {"constant": "in"},
    "agent": {"column": "agent"},
    "email": {"column": "mail"},
}
DOCUMENT = {"source": "calls", "zone": "UTC", "fields": FIELDS, "facts": ["agent", "Superviseur", "mail"]}


def read(cells, **more):
    around = Surroundings({"lyon": 1}, "fr", NOW, Pseudonyms("secret", 1))
    (row,) = read_contacts([(2, cells)], COLUMNS, from_json({**DOCUMENT, **more}), around)
    return row


def test_a_pseudonym_is_short_stable_and_one_principal_s_own():
    first = pseudonym("secret", 1, "Marie Dupont")
    assert re.fullmatch(r"A-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", first)
    assert first == "A-NY34-TEN8", "a pseudonym that changes makes every agent somebody else"
    assert pseudonym("secret", 1, "  marie   DUPONT ") == first
    others = {
        pseudonym("secret", 2, "Marie Dupont"),
        pseudonym("other", 1, "Marie Dupont"),
        pseudonym("secret", 1, "M"),
    }
    assert len(others | {first}) == 4
    assert pseudonym("secret", 1, "  ") == ""


def test_twenty_thousand_agents_keep_apart():
    assert len({pseudonym("secret", 1, f"agent {n}") for n in range(20_000)}) == 20_000


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Marie Dupont", "Marie"),
        ("DUPONT Marie", "Marie"),
        ("Dupont, Jean-Luc", "Jean-Luc"),
        ("MARIE DUPONT", "Marie"),
        ("LY07", ""),
        ("marie.dupont@example.org", ""),
        ("CENTRE\\mdupont", ""),
        (" ", ""),
    ],
)
def test_a_first_name_is_found_and_no_code_is_taken_for_one(raw, name):
    assert first_name(raw) == name


def test_what_a_log_calls_its_agents_does_not_come_in():
    row = read(["1", "2026-11-01 09:00", "Marie Dupont", "Paul Chef", "not an address"])
    assert isinstance(row, ReadRow)
    said = pseudonym("secret", 1, "Marie Dupont")
    assert row.entry.agent == Named(said, "")
    assert row.entry.facts == {
        "agent": said, "Superviseur": pseudonym("secret", 1, "Paul Chef"), "mail": "not an address"
    }  # fmt: skip
    assert row.warnings and row.cells == [
        "1",
        "2026-11-01 09:00",
        said,
        row.entry.facts["Superviseur"],
        "not an address",
    ]


def test_a_refused_row_goes_back_as_it_was_sent():
    row = read(["1", "never", "Marie Dupont", "", ""])
    assert isinstance(row, Reject) and row.cells[2] == "Marie Dupont"


def test_the_first_name_comes_in_only_where_the_mapping_says_so():
    row = read(["1", "2026-11-01 09:00", "Marie Dupont", "", ""], agents_named=True)
    assert row.entry.agent.first_name == "Marie"
    mapping = from_json({**DOCUMENT, "agents_named": True})
    assert from_json(mapping.as_json()) == mapping
    assert "agents_named" not in from_json(DOCUMENT).as_json()


def test_a_mapping_names_no_agent():
    words = {"column": "agent", "values": {"12": "Marie Dupont"}}
    mapping = from_json({**DOCUMENT, "fields": {**FIELDS, "agent": words}})
    assert [problem.code for problem in problems(mapping, COLUMNS, [])] == ["agent-in-mapping"]


def test_an_erased_first_name_never_comes_back(app):
    principal = create_principal()
    marie = Named("A-NY34-TEN8", "Marie")
    keep_agents(principal.id, [Named("A-NY34-TEN8"), marie, marie], NOW)
    assert agent_first_name(principal.id, marie.pseudonym) == "Marie"
    agent = db.session.scalars(select(Agent)).one()
    assert erase_first_name(agent.id, NOW) and not erase_first_name(agent.id, NOW)
    keep_agents(principal.id, [marie], NOW)
    db.session.commit()
    assert agent_first_name(principal.id, marie.pseudonym) == ""
    entry = db.session.scalars(select(Entry).where(Entry.kind == "contacts.agent-name-erased")).one()
    assert "Marie" not in str(entry.facts)


def test_the_page_counts_contacts_and_erases_a_name(app, sign_in, submit):
    principal, site = create_principal(), create_site()
    marie, paul = Named("A-NY34-TEN8", "Marie"), Named("A-0000-0000")
    keep_agents(principal.id, [marie, paul], NOW)
    for _n in range(3):
        create_contact(principal, site, agent=marie.pseudonym)
    create_contact(principal, create_site(), agent=paul.pseudonym)
    db.session.commit()
    page = sign_in("quality").get("/contacts/agents").text
    assert page.index(paul.pseudonym) < page.index(marie.pseudonym), "by pseudonym, never by number"
    assert "Marie" in page
    narrow = sign_in("quality", site_ids=[site.id])
    assert paul.pseudonym not in narrow.get("/contacts/agents").text
    agent = db.session.scalars(select(Agent).filter_by(first_name="Marie")).one()
    submit(f"/contacts/agents/{agent.id}/erase-name", client=narrow, page="/contacts/agents")
    assert "Marie" not in narrow.get("/contacts/agents").text


def test_refused_rows_are_emptied_after_a_month_and_their_reason_stays(app):
    principal = create_principal()
    rows = [("reject", NOW - timedelta(days=31)), ("reject", NOW - timedelta(days=29))]
    for kind, at in rows:
        batch = services.receive_log(principal.id, "log.csv", b"id;agent\n1;Marie Dupont\n", at)
        batch.state = "done"
        note = ImportNote(batch_id=batch.id, kind=kind, line=2, cells=["1", "Marie Dupont"], faults=[["at", "empty"]])
        db.session.add(note)
    db.session.commit()
    forget_old_uploads(NOW)
    forget_old_uploads(NOW)
    db.session.commit()
    notes = db.session.execute(select(ImportNote.cells, ImportNote.faults).order_by(ImportNote.id)).all()
    assert [tuple(one) for one in notes] == [([], [["at", "empty"]]), (["1", "Marie Dupont"], [["at", "empty"]])]
