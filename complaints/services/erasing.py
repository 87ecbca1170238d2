"""A case, or an answer that was no complaint, without who it was and what they wrote; what happened and when stays."""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from complaints.models import Case, CaseMessage, InternalNote, Letter, Proposal
from foundation.database import db
from foundation.jobs import services as jobs
from foundation.ledger import services as ledger
from notifications.models import InboundMessage, OutboxMessage
from notifications.services.people import erase_incoming, erase_messages


def subject_of(case: Case) -> str:
    """What messages about a case say that they are about."""
    return f"complaint:{case.id}"


def erase_case(case: Case, now: datetime) -> None:
    """Empty a case of its complainant and of every word; its code opens nothing any more.

    Events, clocks and the hashes of letters stay: every figure and date is what it was. The ledger's commitments to
    what was written can be opened by nobody from now on.
    """
    _erase_messages(case, now)
    for model in (CaseMessage, InternalNote):
        db.session.execute(update(model).where(model.case_id == case.id).values(body=""))
    db.session.execute(update(Letter).where(Letter.case_id == case.id).values(subject="", body=""))
    for proposal in db.session.scalars(select(Proposal).where(Proposal.case_id == case.id)):
        erase_proposal(proposal)
    case.name, case.phone, case.email, case.answer_copy = "", None, None, None
    case.secret_hash, case.erased_at = secrets.token_hex(32), now
    db.session.flush()
    ledger.forget_personal(f"complaint:{case.reference}")


def erase_proposal(proposal: Proposal) -> None:
    """Empty an answer that was proposed as a complaint of its words; how and why it was qualified stays."""
    proposal.words = ""
    proposal.answer_copy = {}
    jobs.forget([f"{proposal.invitation}:{wish}" for wish in ("none", "callback", "complaint")])


def _erase_messages(case: Case, now: datetime) -> None:
    about = subject_of(case)
    out = select(OutboxMessage.id).where(OutboxMessage.subject_key == about, OutboxMessage.erased_at.is_(None))
    came = select(InboundMessage.id).where(InboundMessage.subject_key == about, InboundMessage.erased_at.is_(None))
    erase_messages(db.session.scalars(out).all(), now)
    erase_incoming(db.session.scalars(came).all(), now)
