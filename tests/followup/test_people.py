"""One person across the house: what is held, exported and erased, and that neither a border nor a figure moves."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from complaints.models import Case
from contacts import exports
from contacts.addresses import normalise_phone
from contacts.entries import Entry
from contacts.frames import frame_hash
from contacts.models import Contact, Customer, ErasedAddress, Erasure
from contacts.queries import contact_counts, period_frame
from contacts.queries.persons import find, person_of
from contacts.services.agreements import Agreed, record_agreement
from contacts.services.erasing import ErasureRefused, erase_person, planned
from contacts.services.purging import purge
from contacts.services.recording import record_entries
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.jobs.models import Job
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry as LedgerEntry
from foundation.ledger.services import seal_committed
from notifications.models import OptOut, OptOutLink, OutboxMessage
from notifications.queries import opted_out
from notifications.queries.send_log import lines
from notifications.services.rekeying import rekey
from satisfaction.services import report
from surveys.models import AnswerText
from surveys.queries.draws import draw_ladder, kept_draw
from surveys.verification import differences
from tests.conftest import NOW
from tests.followup.people import EMAIL, PHONE, WORDS, known, known_to
from tests.surveys import factories

MANY_MONTHS = timedelta(days=6 * 366)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Where the database with both principals is kept, so that it is made once."""
    return tmp_path_factory.mktemp("people") / "prepared.sqlite3"


@pytest.fixture
def two(app, prepared):
    """Belline and Orme, which both know Zoé."""
    if prepared.exists():
        db.engine.dispose()
        shutil.copy(prepared, db.engine.url.database)
    else:
        site = factories.create_site("lyon")
        for key in ("belline", "orme"):
            known_to(app, key, site)
        db.session.commit()
        with closing(sqlite3.connect(db.engine.url.database)) as made, closing(sqlite3.connect(prepared)) as kept:
            made.backup(kept)
    return known("belline"), known("orme")


def close_case(one, at=NOW):
    """Let the case of a principal be over."""
    case = db.session.scalars(sa.select(Case).filter_by(principal_id=one.principal.id)).one()
    case.state, case.ended_at = "closed", at
    db.session.commit()
    return case


def figures(one):
    """All that is counted, hashed or drawn for a principal."""
    days = {"first_day": date(2026, 10, 1), "last_day": date(2026, 11, 30), "now": NOW}
    log = list(lines(EVERYTHING, date(2026, 11, 1), date(2026, 11, 30), one.principal.id, principals={}))
    unpersonal = ("id", "asked_as", "state", "purpose", "parts", "asked_at", "sent_at", "body_hash", "window", "reason")
    return {
        "report": report(**days, survey_key=f"after-{one.principal.key}", by=["site", "channel"])["results"],
        "complaints": report(**days, scope=_only(one))["results"],
        "ladder": str(draw_ladder(one.draw)),
        "frame": frame_hash(period_frame(one.period.id)),
        "draw": differences(kept_draw(one.draw)),
        "contacts": str(contact_counts(one.principal.id, date(2026, 10, 1), date(2026, 10, 31))),
        "sent": [{name: line[name] for name in unpersonal} for line in log],
        "recipients": len({line["recipient_hash"] for line in log}),
    }


def _only(one):
    return EVERYTHING.__class__(frozenset({one.principal.id}))


def traces(one):
    """The tables that still name Zoé for a principal; every column of every table is read."""
    found = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)).mappings():
            said = json.dumps({name: str(value) for name, value in row.items()}, ensure_ascii=False)
            whose = row.get("principal_id")
            theirs = whose == one.principal.id if whose is not None else one.principal.key in said
            if theirs and any(word in said for word in ("639981234", "zoe.martin", "Zoé", "trois semaines")):
                found.append(table.name)
    return sorted(set(found))


def test_everything_held_of_a_person_is_in_the_export_of_one_principal_and_nothing_of_the_other(two):
    belline, _orme = two
    told = json.loads(exports.as_json(belline.customer, NOW))
    held = told["held"]
    counts = {kind: len(rows) for kind, rows in held.items() if rows}
    assert counts == {
        "messages": 2, "incoming": 1, "stops": 1, "invitations": 1, "answers": 1, "cases": 1, "case_messages": 2,
        "customers": 1, "contacts": 2, "holds": 1,
    }  # fmt: skip
    assert held["answers"][0]["text"] == f"{WORDS} chez belline" and held["answers"][0]["question"]
    assert held["contacts"][0]["text"] == "note: Zoé Martin, 3 rue Basse"
    assert len(told["elsewhere"]) == 5
    assert "orme" not in json.dumps(told).lower()
    page = exports.as_html(belline.customer, NOW)
    assert WORDS in page and PHONE in page and "orme" not in page.lower()


def test_erasing_lets_go_of_a_person_everywhere_and_of_no_figure(two):
    belline, orme = two
    close_case(belline, NOW - MANY_MONTHS)
    before, border = figures(belline), figures(orme)
    held_by_orme = exports.as_json(orme.customer, NOW)
    entries_before = db.session.scalar(sa.select(sa.func.count(LedgerEntry.id)))
    (erasure,) = erase_person(belline.customer.id, NOW, note="Lettre du 20 novembre")
    db.session.commit()
    assert traces(belline) == []
    assert figures(belline) == before
    assert figures(orme) == border
    assert exports.as_json(orme.customer, NOW) == held_by_orme
    assert (erasure.kept, erasure.look_on) == ([], None)
    assert erasure.gone["texts"] == erasure.gone["links"] == erasure.gone["cases"] == 1
    seal_committed()
    db.session.commit()
    assert ledger.verify().broken is None
    assert db.session.scalar(sa.select(sa.func.count(LedgerEntry.id))) > entries_before
    said = db.session.scalars(sa.select(LedgerEntry.facts).filter_by(kind="contacts.person-erased")).one()
    assert not any(word in said for word in (PHONE, EMAIL, "Zoé", "Lettre"))


def test_what_the_other_principal_knows_stays_readable_where_only_one_erases(two):
    belline, orme = two
    erase_person(belline.customer.id, NOW)
    db.session.commit()
    stops = db.session.execute(sa.select(OptOut.principal_id, OptOut.hint).order_by(OptOut.principal_id)).all()
    links = db.session.execute(sa.select(OptOutLink.principal_id, OptOutLink.hint).order_by(OptOutLink.principal_id))
    assert [bool(hint) for _id, hint in stops] == [bool(hint) for _id, hint in links] == [False, True]
    assert opted_out([EMAIL], belline.principal.id, "survey") == {EMAIL}
    assert find(PHONE, EVERYTHING)[0].principal_id == orme.principal.id


def test_an_open_complaint_stays_with_its_complainant_and_goes_when_its_time_is_over(two, set_clock):
    belline, _orme = two
    (erasure,) = erase_person(belline.customer.id, NOW)
    db.session.commit()
    case = db.session.scalars(sa.select(Case).filter_by(principal_id=belline.principal.id)).one()
    assert (case.name, case.erased_at) == ("Zoé Martin", None)
    assert [(kept["kind"], kept["reason"], kept["until"]) for kept in erasure.kept] == [("cases", "open-case", None)]
    assert db.session.scalar(sa.select(OutboxMessage.body).filter_by(subject_key=f"complaint:{case.id}")) != ""
    close_case(belline)
    for _piece in purge(NOW + timedelta(days=1)):
        db.session.commit()
    assert (erasure.kept[0]["reason"], erasure.kept[0]["until"]) == ("legal-retention", "2031-11-23")
    assert erasure.look_on == date(2031, 11, 24)
    for _piece in purge(NOW + timedelta(days=5 * 366)):
        db.session.commit()
    assert (case.name, case.phone, erasure.kept, erasure.look_on) == ("", None, [], None)
    assert traces(belline) == []


def test_the_same_log_imported_again_brings_nobody_back(two):
    belline, orme = two
    contact = belline.contact
    source, old_name = contact.source, contact.external_id
    erase_person(belline.customer.id, NOW)
    db.session.commit()
    values = {"site_id": contact.site_id, "channel": "phone", "direction": "in", "outcome": "answered"}
    values |= {"phone": normalise_phone(PHONE), "name": "Zoé Martin", "email": EMAIL}
    again = Entry(old_name, contact.started_at, **values)
    late = Entry("never-seen", contact.started_at + timedelta(hours=1), **values)
    came = Entry("called-again", NOW + timedelta(hours=1), **values)
    assert record_entries(belline.principal.id, source, [again, late, came], NOW + timedelta(days=1)) == [
        "known", "late", "added",
    ]  # fmt: skip
    db.session.commit()
    owners = dict(
        db.session.execute(
            sa.select(Contact.external_id, Contact.customer_id).where(
                Contact.external_id.in_(["never-seen", "called-again"])
            )
        ).all()
    )
    assert owners["never-seen"] is None
    assert db.session.get_one(Customer, owners["called-again"]).name == "Zoé Martin"
    assert record_entries(orme.principal.id, source, [late], NOW + timedelta(days=1)) == ["late"]
    theirs = sa.select(Contact.customer_id).filter_by(principal_id=orme.principal.id, external_id="never-seen")
    assert db.session.scalars(theirs).one() == orme.customer.id


def test_what_waits_to_go_out_never_will_and_the_link_leads_nowhere(two, client):
    belline, _orme = two
    erase_person(belline.customer.id, NOW)
    db.session.commit()
    waiting = db.session.scalars(
        sa.select(OutboxMessage).filter_by(subject_key=f"invitation:{belline.invitation.id}")
    ).one()
    assert (waiting.state, waiting.recipient, waiting.body) in [("suppressed", "", ""), ("delivered", "", "")]
    assert belline.invitation.token_hash is None
    assert db.session.scalars(sa.select(Job).where(Job.key.startswith(belline.invitation.public_id))).all() == []


def test_principals_that_agreed_erase_together_and_each_says_so(two):
    belline, orme = two
    said = Agreed(("erasure",), "Responsabilité conjointe", NOW.date(), "Mme Aubry", NOW.date())
    record_agreement([belline.principal.id, orme.principal.id], said, NOW)
    db.session.commit()
    assert [(plan.principal.key, plan.first) for plan in planned(belline.customer, NOW)] == [
        ("belline", True), ("orme", False),
    ]  # fmt: skip
    erasures = erase_person(belline.customer.id, NOW)
    db.session.commit()
    assert [erasure.principal_id for erasure in erasures] == [belline.principal.id, orme.principal.id]
    assert orme.customer.erased_at is not None
    assert db.session.scalar(sa.select(sa.func.count(ErasedAddress.id))) == 6


def test_a_new_key_gives_erased_recipients_no_common_name(two, monkeypatch, app):
    belline, _orme = two
    erase_person(belline.customer.id, NOW)
    db.session.commit()
    erased = sa.select(OutboxMessage.recipient_hash).where(OutboxMessage.erased_at.is_not(None))
    before = db.session.scalars(erased.order_by(OutboxMessage.id)).all()
    monkeypatch.setitem(app.config, "ADDRESS_KEY_PREVIOUS", app.config["SECRET_KEY"])
    monkeypatch.setitem(app.config, "ADDRESS_KEY", "another key that is long enough for it")
    for _piece in rekey([]):
        db.session.commit()
    assert before and db.session.scalars(erased.order_by(OutboxMessage.id)).all() == before


def test_nobody_is_erased_twice(two):
    belline, _orme = two
    erase_person(belline.customer.id, NOW)
    with pytest.raises(ErasureRefused, match="already-erased"):
        erase_person(belline.customer.id, NOW)


def test_an_address_two_customers_share_leads_to_neither(two):
    belline, _orme = two
    sister = factories.create_customer(belline.principal, email=EMAIL, name="Léa Martin")
    db.session.commit()
    assert person_of(belline.customer).addresses == (PHONE,)
    erase_person(belline.customer.id, NOW)
    db.session.commit()
    assert (sister.email, sister.erased_at) == (EMAIL, None)
    assert db.session.scalar(sa.select(OptOut.hint).filter_by(principal_id=belline.principal.id)) != ""


def test_a_principal_keeps_no_longer_than_it_says_and_only_its_own_go(two, set_clock):
    belline, orme = two
    close_case(belline)
    belline.principal.text_months, belline.principal.link_months = 6, 12
    db.session.commit()
    before, theirs = figures(belline), exports.as_json(orme.customer, NOW)
    for _piece in purge(NOW + timedelta(days=7 * 31)):
        db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(AnswerText.answer_event_id))) == 1  # the other principal's
    assert belline.invitation.customer_id == belline.customer.id
    for _piece in purge(NOW + timedelta(days=13 * 31)):
        db.session.commit()
    nobody = db.session.get_one(Customer, belline.invitation.customer_id)
    assert nobody.id != belline.customer.id and nobody.erased_at is not None
    assert belline.contact.customer_id == nobody.id and belline.contact.external_id.startswith("erased:")
    assert belline.customer.phone == PHONE
    assert {**figures(belline), "sent": 0, "recipients": 0} == {**before, "sent": 0, "recipients": 0}
    assert exports.as_json(orme.customer, NOW) == theirs


def test_who_has_not_been_heard_of_for_as_long_as_the_principal_says_is_erased_by_itself(two):
    belline, orme = two
    close_case(belline, NOW)
    belline.principal.identity_months = 36
    db.session.commit()
    for _piece in purge(NOW + timedelta(days=30 * 30)):
        db.session.commit()
    assert db.session.scalars(sa.select(Erasure)).all() == []
    for _piece in purge(NOW + timedelta(days=37 * 31)):
        db.session.commit()
    erasures = db.session.scalars(sa.select(Erasure)).all()
    assert {(one.principal_id, one.ground) for one in erasures} == {(belline.principal.id, "retention")}
    assert belline.customer.erased_at is not None and orme.customer.erased_at is None
    assert [kept["reason"] for one in erasures for kept in one.kept] == ["legal-retention"]
