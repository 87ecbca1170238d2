"""Cutting answers from people when the principal keeps the link no longer: no way back is left, by any other survey."""

from datetime import timedelta

import pytest

from contacts.models import Contact, Customer
from contacts.services.purging import purge
from foundation.database import db
from surveys.models import Draw, Invitation
from surveys.services.sending import send_invitations
from tests.surveys.answer_factories import NOW, add, create_draw, create_invitation, create_principal

DUE, LATER = NOW + timedelta(days=40), NOW + timedelta(days=100)


def purged(now):
    for _piece in purge(now):
        db.session.commit()
    db.session.expire_all()


def asked_twice(promise, **second):
    """One contact that two programmes asked about; the first is over at once, the second as ``second`` says."""
    principal = create_principal(link_months=1)
    terms = {"promise": promise, "collection": "web", "low_score": None}
    over = {"disposition": "completed", "completed_at": NOW}
    one = create_invitation(create_draw(principal, **terms), **over)
    draw = create_draw(version=one.version, **terms)
    of_the_same = {"principal_id": principal.id, "period_id": one.draw.period_id}
    db.session.execute(db.update(Draw).where(Draw.id == draw.id).values(of_the_same))
    draw.programme.principal_id = principal.id
    copied = ("contact_id", "customer_id", "principal_id", "site_id", "version_id", "stratum", "language", "collection")
    values = {name: getattr(one, name) for name in copied} | {"created_at": NOW, "sent_at": NOW}
    other = add(Invitation(draw_id=draw.id, programme_id=draw.programme_id, **values | second))
    db.session.commit()
    return one, other


def reached_from(customer_id):
    """The invitations a reader of the tables finds from a person: theirs, and those about the same contacts."""
    contacts = db.select(Contact.id).where(
        (Contact.customer_id == customer_id)
        | Contact.id.in_(db.select(Invitation.contact_id).where(Invitation.customer_id == customer_id))
    )
    return set(db.session.scalars(db.select(Invitation.id).where(Invitation.contact_id.in_(contacts))))


def cut(*invitations):
    """Those that lead to nobody that is known."""
    return {one.id for one in invitations if db.session.get_one(Customer, one.customer_id).erased_at is not None}


SECOND = {
    "over a month later": {"disposition": "completed", "completed_at": NOW + timedelta(days=30)},
    "open without an end": {"disposition": "sent"},
    "not sent yet": {"disposition": "held"},
}


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND)
@pytest.mark.parametrize("database", ["app", "pg_app"])
def test_no_invitation_is_cut_while_another_leads_to_it_through_their_contact(request, database, second):
    request.getfixturevalue(database)
    one, other = asked_twice("anonymous", **second)
    person = one.customer_id
    purged(DUE)
    assert not cut(one, other) & reached_from(person)
    assert db.session.get_one(Contact, one.contact_id).customer_id == person
    other.disposition, other.completed_at = "completed", NOW + timedelta(days=30)
    db.session.commit()
    purged(LATER)
    assert cut(one, other) == {one.id, other.id} and reached_from(person) == set()
    assert one.customer_id == other.customer_id == db.session.get_one(Contact, one.contact_id).customer_id


def test_what_nobody_else_asked_about_is_cut_when_it_is_due(app):
    one, _other = asked_twice("confidential", disposition="sent")
    alone = create_invitation(one.draw, disposition="completed", completed_at=NOW)
    assert alone.customer_id == one.customer_id
    purged(DUE)
    assert cut(one, alone) == {alone.id}


def test_what_was_never_sent_holds_the_others_once_more_as_long_and_is_not_sent_then(app):
    one, other = asked_twice("confidential", disposition="held")
    purged(NOW + timedelta(days=60))
    assert cut(one, other) == set()
    purged(NOW + timedelta(days=70))
    assert cut(one, other) == {one.id, other.id}
    other.disposition = "drawn"
    for _piece in send_invitations(other.draw_id, "a secret", "https://x.example", NOW + timedelta(days=70)):
        db.session.commit()
    assert other.disposition == "not_sent"
