"""Stops: what each reaches, who may lift it, and that nothing but the hash remains of an address."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contacts.models import Principal
from contacts.services.agreements import Agreed, record_agreement
from foundation.database import db
from foundation.ledger.models import Entry
from notifications import inbound, queries, services
from notifications.errors import NotificationRefused
from notifications.keys import hash_of
from notifications.models import OptOut, OptOutLink
from notifications.searching import address_typed
from notifications.signals import opted_out
from notifications.states import PURPOSES, STOPPABLE
from tests.conftest import NOW
from tests.notifications.factories import PHONE, create_message

OWN, SHARED = "+33757000001", "38600"


def create_principal(key, **changes):
    values = {"key": key, "name": key, "brand": key, "created_at": NOW}
    principal = Principal(**(values | changes))
    db.session.add(principal)
    db.session.commit()
    return principal.id


def says(body, to=SHARED, sender=PHONE, **changes):
    number = db.session.scalar(sa.select(sa.func.count()).select_from(inbound.InboundMessage)) + 1
    return inbound.receive(provider_id=f"SM{number}", sender=sender, recipient=to, body=body, now=NOW, **changes)


def stopped(*principals, purpose="survey", address=PHONE):
    """Which of ``principals`` may not send it."""
    return {principal for principal in principals if queries.opted_out([address], principal, purpose)}


def link_of(address=PHONE, principal_id=1):
    services.opt_out_link(address, principal_id, NOW, public_url="")
    db.session.commit()
    return db.session.scalars(sa.select(OptOutLink).order_by(OptOutLink.id.desc()).limit(1)).one()


def test_a_stop_of_reminders_lets_the_invitation_and_the_questions_go_on(app):
    services.opt_out(PHONE, 1, "link", NOW, topic="reminder")
    assert stopped(1, purpose="reminder") == {1}
    assert stopped(1, purpose="survey") == stopped(1, purpose="interview") == set()


@pytest.mark.parametrize("topic", ["survey", "all"])
def test_a_stop_of_surveys_reaches_all_that_belongs_to_them(app, topic):
    services.opt_out(PHONE, 1, "link", NOW, topic=topic)
    assert {purpose for purpose in PURPOSES if stopped(1, purpose=purpose)} == STOPPABLE
    assert stopped(1, 2) == {1}


def test_what_a_person_is_owed_about_a_complaint_goes_on_after_every_stop(app):
    waiting = [create_message(principal_id=1, purpose=purpose) for purpose in ("acknowledgement", "reply", "decision")]
    services.opt_out(PHONE, None, "sms", NOW)
    db.session.commit()
    later = create_message(principal_id=1, purpose="decision")
    assert {message.state for message in [*waiting, later]} == {"queued"}


def test_what_waits_is_suppressed_only_as_far_as_the_stop_reaches(app):
    survey, reminder = (create_message(principal_id=1, purpose=purpose) for purpose in ("survey", "reminder"))
    other = create_message(principal_id=2, purpose="reminder")
    services.opt_out(PHONE, 1, "link", NOW, topic="reminder")
    db.session.commit()
    assert (survey.state, reminder.state, other.state) == ("queued", "suppressed", "queued")


def test_a_stop_sent_to_a_principal_s_own_number_is_for_that_principal(app):
    own, shared = create_principal("own", sms_sender=OWN), create_principal("shared")
    says("STOP", to=OWN)
    assert stopped(own, shared) == {own}


def test_a_stop_sent_to_a_shared_number_covers_all_who_use_it_and_nobody_else(app):
    own, first, second = create_principal("own", sms_sender=OWN), create_principal("a"), create_principal("b")
    says("STOP", to=SHARED)
    assert stopped(own, first, second) == {first, second}


def test_a_stop_sent_to_a_number_given_up_since_reaches_who_wrote_from_it(app):
    former, other = create_principal("former", sms_sender="38700"), create_principal("other", sms_sender=OWN)
    create_message(principal_id=former, sender=SHARED)
    says("STOP", to=SHARED)
    assert stopped(former, other) == {former}


def test_a_stop_to_a_number_nobody_knows_covers_everybody(app):
    says("STOP", to="38999")
    assert stopped(1, 2, None) == {1, 2, None}


def test_start_lifts_what_stop_to_that_number_did_and_no_other(app):
    own, shared = create_principal("own", sms_sender=OWN), create_principal("shared")
    says("STOP", to=OWN)
    says("STOP", to=SHARED)
    says("START", to=OWN)
    assert stopped(own, shared) == {shared}
    says("START", to="38601")  # another number of the installation: one sender
    assert stopped(own, shared) == set()


def test_start_lifts_what_the_provider_noted_for_that_number(app):
    own = create_principal("own", sms_sender=OWN)
    services.stop_sender(PHONE, OWN, "provider", NOW)
    says("START", to=OWN)
    assert stopped(own) == set()
    assert db.session.scalars(sa.select(OptOut.lifted_how)).all() == ["start"]


def test_start_lifts_neither_what_was_asked_by_link_nor_what_was_told_to_a_person(app):
    principal = create_principal("shared")
    services.stop_by_link(link_of(principal_id=principal), "survey", False, NOW)
    services.record_told_stop(PHONE, principal, "all", "phone", "", NOW, actor_id=1)
    says("STOP")
    says("START")
    standing = db.session.scalars(sa.select(OptOut.source).where(OptOut.lifted_at.is_(None)).order_by(OptOut.id)).all()
    assert standing == ["link", "person"]
    assert stopped(principal) == {principal}


def test_a_link_stops_its_principal_or_everyone_and_can_be_taken_back(app):
    link = link_of()
    services.stop_by_link(link, "survey", True, NOW)
    assert stopped(1, 2) == {1, 2}
    services.opt_out(PHONE, 1, "sms", NOW)
    assert services.undo_link(link, NOW) == 1
    assert stopped(1, 2) == {1}  # the STOP by SMS is not the link's to undo


def test_the_link_of_another_address_or_principal_takes_nothing_back(app):
    services.stop_by_link(link_of(principal_id=1), "survey", False, NOW)
    assert services.undo_link(link_of("+33639980002"), NOW) == services.undo_link(link_of(principal_id=2), NOW) == 0
    assert stopped(1) == {1}


def test_whoever_follows_opt_outs_hears_of_the_address_and_the_topic(app):
    heard = []

    def listen(address, **facts):
        heard.append((address, facts["principal_id"], facts["topic"]))

    with opted_out.connected_to(listen):
        services.stop_by_link(link_of(), "reminder", False, NOW)  # nothing was ever sent: only the hash is known
        create_message(principal_id=1)
        services.stop_by_link(link_of(), "survey", False, NOW)
    assert heard == [(PHONE, 1, "survey")]


def test_a_person_records_a_stop_once_and_the_ledger_names_no_address(app):
    first = services.record_told_stop(PHONE, 1, "survey", "phone", " Au téléphone ", NOW, actor_id=7)
    again = services.record_told_stop(PHONE, 1, "survey", "letter", "", NOW, actor_id=8)
    kept = db.session.get_one(OptOut, first)
    assert (first, kept.actor_id, kept.means, kept.note) == (again, 7, "phone", "Au téléphone")
    entry = db.session.scalars(sa.select(Entry)).one()
    assert (entry.kind, entry.actor_id, entry.principal_id) == ("opt_out.recorded", 7, 1)
    assert PHONE not in entry.facts and PHONE[-6:] not in entry.facts


def test_a_person_lifts_a_stop_with_a_reason_and_only_once(app):
    kept = services.record_told_stop(PHONE, 1, "all", "letter", "", NOW, actor_id=7)
    with pytest.raises(NotificationRefused, match="reason-missing"):
        services.lift_told(kept, "  ", NOW, actor_id=8)
    services.lift_told(kept, "Le client l'a demandé par courrier", NOW, actor_id=8)
    assert stopped(1) == set()
    with pytest.raises(NotificationRefused, match="already-lifted"):
        services.lift_told(kept, "Encore", NOW, actor_id=9)
    assert (db.session.get_one(OptOut, kept).lifted_by, db.session.get_one(OptOut, kept).lifted_how) == (8, "person")


def test_a_stop_is_obeyed_after_everything_readable_of_the_address_is_erased(app):
    services.stop_by_link(link_of(), "survey", False, NOW)
    services.record_told_stop(PHONE, 2, "all", "phone", "Mme Hoarau", NOW, actor_id=7)
    services.forget_address(PHONE)
    db.session.commit()
    for table in ("opt_outs", "opt_out_links"):
        rows = str(db.session.execute(sa.text(f"SELECT * FROM {table}")).all())
        assert PHONE not in rows and PHONE[:4] not in rows and "Hoarau" not in rows
    assert stopped(1, 2) == {1, 2}


def test_a_link_keeps_no_address(app):
    link = link_of("jeanne.hoarau@example.org")
    row = str(db.session.execute(sa.text("SELECT * FROM opt_out_links")).one())
    assert "jeanne" not in row and link.hint == "j•••@example.org"
    assert link.address_hash == hash_of("Jeanne.Hoarau@example.org")


def test_a_stop_by_e_mail_is_for_e_mail_of_the_principal_written_to(app):
    principal = create_principal("a", reply_email="relation@a.example")
    other = create_principal("b", reply_email="relation@b.example")
    services.stop_sender("jeanne@example.org", "Relation@a.example", "email", NOW)
    assert stopped(principal, other, address="jeanne@example.org") == {principal}


@pytest.mark.parametrize(
    "typed, address",
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0692.12.34.56", "+262692123456"),
        ("0639 12 34 56", "+262639123456"),
        ("0639 98 12 34", "+33639981234"),
        ("0691123456", "+590691123456"),
        ("+44 7700 900123", "+447700900123"),
        ("Jeanne@Example.org", "jeanne@example.org"),
        ("jeanne@", None),
        ("12", None),
        ("", None),
    ],
)
def test_an_address_typed_by_a_person_is_read_as_one_messages_are_sent_to(typed, address):
    assert address_typed(typed) == address


def agree(*principals, widens=("opt_out",), first_day=None):
    said = Agreed(widens, "Responsabilité conjointe", NOW.date(), "Mme Aubry, M. Costa", first_day or NOW.date())
    record_agreement(principals, said, NOW)
    db.session.commit()


def test_a_stop_reaches_the_principals_that_agreed_on_it_and_nobody_else(app):
    one, two, three = (create_principal(key) for key in ("one", "two", "three"))
    agree(one, two)
    agree(two, three, widens=("quarantine", "erasure"))
    waiting = {principal: create_message(principal_id=principal) for principal in (one, two, three)}
    told = []

    def listen(address, *, principal_id, topic, at):
        told.append(principal_id)

    with opted_out.connected_to(listen):
        services.opt_out(PHONE, one, "link", NOW)
    db.session.commit()
    assert stopped(one, two, three) == {one, two}
    assert [waiting[each].state for each in (one, two, three)] == ["suppressed", "suppressed", "queued"]
    assert told == [one, two]


def test_a_stop_stays_at_its_principal_until_the_first_day_of_the_agreement(app, set_clock):
    one, two = (create_principal(key) for key in ("one", "two"))
    services.opt_out(PHONE, one, "link", NOW)
    agree(one, two, first_day=(NOW + timedelta(days=3)).date())
    assert stopped(one, two) == {one}
    set_clock(NOW + timedelta(days=3))
    assert stopped(one, two) == {one, two}
