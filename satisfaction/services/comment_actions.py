"""A comment becomes a complaint, or something that somebody is to do."""

from datetime import date
from typing import Any

import complaints.services as complaints
from complaints.errors import ActRefused, AlreadyQualified
from complaints.models import Case
from contacts.models import Customer
from foundation.database import db
from foundation.ledger import services as ledger
from satisfaction.comments import Comment
from satisfaction.models import CommentAction
from satisfaction.queries.comment_actions import case_of, proposal_of
from satisfaction.queries.emergencies import site_id_of
from satisfaction.services.comments import Act, CommentRefused
from surveys.models import Draw, Invitation
from surveys.queries.interviews import interview_of
from surveys.services.recording import payload_of


def open_case(comment: Comment, invitation: Invitation, reason: str, category: str | None, act: Act) -> Case:
    """Open the complaint that an answer is; the same one if there is one already. Its clocks start at the answer.

    It goes through the complaint desk like every other answer: proposed, and qualified by whoever asks for it. Raises
    CommentRefused (nobody, no-complaint, not-yours).
    """
    if known := case_of(invitation.public_id):
        return known
    if not _has_somebody(invitation):
        raise CommentRefused("nobody")
    complaints.propose_from_answer(_payload(comment, invitation), act.now)
    proposal = proposal_of(invitation.public_id)
    assert proposal is not None
    try:
        done = complaints.qualify(proposal.id, True, reason, act.actor_id, act.now, category)
    except AlreadyQualified:
        raise CommentRefused("no-complaint") from None
    except ActRefused:
        raise CommentRefused("not-yours") from None
    return db.session.get_one(Case, done.case_id)


def _has_somebody(invitation: Invitation) -> bool:
    customer = db.session.get(Customer, invitation.customer_id) if invitation.customer_id else None
    return customer is not None and customer.erased_at is None


def _payload(comment: Comment, invitation: Invitation) -> dict[str, Any]:
    interview = interview_of(invitation.id)
    assert interview is not None and comment.at is not None
    return payload_of(interview, interview.events, "none", comment.at)


def open_action(
    comment: Comment, asked: Invitation | Draw, what: str, owner_id: int, due_on: date, act: Act
) -> CommentAction:
    """Note what somebody is to do because of a comment, until a day (inclusive)."""
    row = CommentAction(
        comment=comment.key,
        principal_id=asked.principal_id,
        site_id=asked.site_id if isinstance(asked, Invitation) else site_id_of(comment.site),
        what=what.strip(),
        owner_id=owner_id,
        due_on=due_on,
        opened_by=act.actor_id,
        opened_at=act.now,
    )
    db.session.add(row)
    db.session.flush()
    _record(row, "opened", {"owner_id": owner_id, "due_on": due_on.isoformat()}, act)
    return row


def finish_action(row: CommentAction, result: str, act: Act) -> bool:
    """Say what came of it; False where somebody has said so already."""
    db.session.refresh(row, with_for_update=True)
    if row.done_at is not None:
        return False
    row.done_by, row.done_at, row.result = act.actor_id, act.now, result.strip()
    _record(row, "done", {}, act)
    return True


def _record(row: CommentAction, what: str, facts: dict[str, Any], act: Act) -> None:
    known = {"principal_id": row.principal_id, "comment": row.comment} | facts
    ledger.record(f"comment-action.{what}", f"comment-action:{row.id}", known, act.now, act.actor_id)
    db.session.flush()
