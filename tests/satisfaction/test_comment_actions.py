"""A comment becomes a complaint or an action, by a person's hand only."""

from datetime import timedelta

import pytest

from complaints.models import Case, Proposal
from contacts.models import Contact, Customer
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Entry
from satisfaction.models import CommentAction
from satisfaction.queries.comment_actions import open_actions, who_may_act
from tests.conftest import NOW, create_user, submit_with
from tests.satisfaction.factories import MADE_AT
from tests.satisfaction.test_comments import belline, secret, write  # noqa: F401


@pytest.fixture
def said(belline):  # noqa: F811
    """A comment whose writer is known by their phone."""
    customer = Customer(principal_id=belline.id, phone="+33639980001", name="Ada", created_at=NOW)
    db.session.add(customer)
    db.session.flush()
    belline.first.customer_id = customer.id
    db.session.get_one(Contact, belline.first.contact_id).customer_id = customer.id
    event = write(belline.first, "On me réclame deux fois la même somme.", question="more")
    belline.customer, belline.address = customer, f"/satisfaction/comments/event:{event.id}"
    return belline


def complain(client, said, **fields):
    return submit_with(
        client, f"{said.address}/complaint", page=said.address, **({"why": "Facturé deux fois"} | fields)
    )


def test_a_comment_becomes_one_complaint_whose_clocks_start_at_the_answer(sign_in, said):
    quality = sign_in("quality")
    for _click in range(2):
        assert complain(quality, said, category="billing").status_code == 302
    case = db.session.scalars(db.select(Case)).one()
    assert (case.origin, case.category, case.customer_id) == ("survey", "billing", said.customer.id)
    assert case.sent_at == MADE_AT and case.invitation == said.first.public_id
    assert "On me réclame deux fois" in case.answer_copy["words"]
    proposal = db.session.scalars(db.select(Proposal)).one()
    assert (proposal.qualification, proposal.reason, proposal.case_id) == ("complaint", "Facturé deux fois", case.id)
    assert case.reference in quality.get(said.address).text


def test_a_complaint_says_why_and_keeps_what_was_typed(sign_in, said):
    refused = complain(sign_in("quality"), said, why="", category="billing")
    assert refused.status_code == 400 and '<option selected value="billing">' in refused.text
    assert db.session.scalars(db.select(Case)).all() == []


def test_nobody_is_written_to_who_is_nobody_any_more(sign_in, said):
    said.customer.erased_at = NOW
    db.session.commit()
    refused = complain(sign_in("quality"), said)
    assert refused.status_code == 400 and "Plus personne" in refused.text
    assert db.session.scalars(db.select(Proposal)).all() == []


def test_an_answer_that_was_found_no_complaint_stays_none(sign_in, said):
    quality = sign_in("quality")
    complain(quality, said)
    proposal = db.session.scalars(db.select(Proposal)).one()
    case = db.session.scalars(db.select(Case)).one()
    proposal.qualification, proposal.case_id, case.invitation = "not_complaint", None, "another"
    db.session.commit()
    refused = complain(quality, said)
    assert refused.status_code == 400 and "pourquoi ce n’est pas une réclamation" in refused.text.replace("\u202f", " ")


def test_anonymous_words_become_no_complaint(sign_in, secret):  # noqa: F811
    quality = sign_in("quality")
    page = quality.get("/satisfaction/comments?kind=anonymous").text
    address = page.split('href="/satisfaction/comments/anonymous', 1)[1].split('"', 1)[0]
    address = f"/satisfaction/comments/anonymous{address}"
    assert "En faire une réclamation" not in quality.get(address).text
    assert submit_with(quality, f"{address}/complaint", page=address, why="x").status_code == 404


def test_an_action_is_noted_with_who_and_when_and_ends_with_what_came_of_it(sign_in, said):
    quality, owner = sign_in("quality"), create_user("manager", name="Léa")
    fields = {"what": "Revoir la double facturation", "owner": str(owner.id), "due_on": "2026-12-01"}
    assert submit_with(quality, f"{said.address}/action", page=said.address, **fields).status_code == 302
    (row,) = open_actions(EVERYTHING)
    assert (row.owner_id, row.due_on.isoformat(), row.site_id) == (owner.id, "2026-12-01", said.first.site_id)
    listed = quality.get("/satisfaction/comments/actions")
    assert "Revoir la double facturation" in listed.text and "Léa" in listed.text
    done = f"/satisfaction/comments/actions/{row.id}/done"
    again = f"/satisfaction/comments/actions?done={row.id}"
    assert submit_with(quality, done, page=again, result="").status_code == 400
    for _click in range(2):
        assert submit_with(quality, done, page=again if _click == 0 else "/change", result="Corrigé").status_code == 302
    db.session.expire_all()
    assert (row.result, row.done_at is not None) == ("Corrigé", True) and open_actions(EVERYTHING) == []
    kinds = db.session.scalars(db.select(Entry.kind).order_by(Entry.id)).all()
    assert kinds == ["comment-action.opened", "comment-action.done"]


@pytest.mark.parametrize("wrong", [{"what": ""}, {"due_on": "demain"}, {"owner": "999"}], ids=str)
def test_an_action_that_is_not_whole_is_refused(sign_in, said, wrong):
    quality = sign_in("quality")
    owner = create_user("quality")
    fields = {"what": "Revoir", "owner": str(owner.id), "due_on": "2026-12-01"} | wrong
    refused = submit_with(quality, f"{said.address}/action", page=said.address, **fields)
    assert refused.status_code == 400 and db.session.scalars(db.select(CommentAction)).all() == []


def test_actions_are_seen_within_the_scope(sign_in, said):
    row = {"comment": "event:1", "what": "Revoir", "owner_id": 1, "due_on": NOW.date() - timedelta(days=3)}
    db.session.add(CommentAction(**row, principal_id=said.id, site_id=said.first.site_id, opened_at=NOW))
    db.session.commit()
    assert "en retard" in sign_in("quality").get("/satisfaction/comments/actions").text
    assert open_actions(Scope(principal_ids=frozenset({said.id + 1}))) == []
    assert open_actions(Scope(site_ids=frozenset({said.first.site_id + 1}))) == []
    stranger = sign_in("quality", principal_ids=[said.id + 1])
    assert submit_with(stranger, "/satisfaction/comments/actions/1/done", page="/change", result="x").status_code == 404
    outsider = create_user("manager", site_ids=[said.first.site_id + 1])
    assert outsider.id not in [user.id for user in who_may_act(said.id, said.first.site_id)]
