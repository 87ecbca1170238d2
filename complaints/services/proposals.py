"""Survey answers that may be complaints, or are."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaints import clocks
from complaints.errors import ActRefused, AlreadyQualified
from complaints.lifecycle import OPEN_STATES
from complaints.models import Case, Proposal
from complaints.services.actors import actor_of
from complaints.services.acts import receive_message
from complaints.services.filing import PROFILE, Filing, file_complaint
from complaints.services.people import addresses_of
from complaints.services.places import place_of
from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger
from foundation.timing.calendars import local_day

QUALIFY = "complaints.qualify"


def propose_from_answer(payload: dict[str, Any], now: datetime) -> None:
    """Keep a dissatisfied answer for somebody to qualify. Idempotent by invitation.

    Where the customer already asked for a complaint, the words they added since go to its case.
    """
    case = _case_of(payload["invitation"])
    if case:
        _add_words(case, payload, now)
        return
    inserted = insert_if_absent(Proposal, [_proposal_values(payload, now)], ["invitation"])
    if inserted:
        proposal = db.session.get_one(Proposal, inserted[0])
        facts = {"invitation": proposal.invitation, "due_on": proposal.due_on.isoformat(), "wants": proposal.wants}
        _record(proposal, "propose", facts, now, None, {"words": proposal.words})
    else:
        _add_to_proposal(payload)


def _add_to_proposal(payload: dict[str, Any]) -> None:
    """Keep what the customer said since: all their words so far, and whether they want to be called back."""
    waiting = select(Proposal).filter_by(invitation=payload["invitation"], qualification=None).with_for_update()
    proposal = db.session.scalars(waiting).first()
    if proposal is None:
        return
    if len(payload.get("words") or "") > len(proposal.words):
        proposal.words, proposal.answer_copy = payload["words"], _copy_of(payload)
    if payload.get("wants") == "callback":
        proposal.wants = "callback"


def _add_words(case: Case, payload: dict[str, Any], now: datetime) -> None:
    words = payload.get("words") or ""
    if words and words != (case.answer_copy or {}).get("words") and case.state in OPEN_STATES:
        receive_message(case.id, words, now, channel="survey", key=f"answer:{payload['invitation']}"[:64])


def open_from_answer(payload: dict[str, Any], now: datetime) -> Case:
    """Open the case that a customer asked for in a survey; a waiting proposal becomes it.

    Idempotent by invitation. The answer is when the complaint was sent and received.
    """
    locked = select(Proposal).filter_by(invitation=payload["invitation"]).with_for_update()
    proposal = db.session.scalars(locked).first()
    case = file_complaint(_filing(payload, payload.get("words") or "", None, None), now)
    if proposal and proposal.qualification is None:
        _close_proposal(proposal, case, "customer", None, now, "")
    return case


def qualify(
    proposal_id: int,
    is_complaint: bool,
    reason: str,
    actor_id: int,
    now: datetime,
    category: str | None = None,
) -> Proposal:
    """Say whether a proposed answer is a complaint, and why; if it is, its case opens.

    Raises ActRefused, AlreadyQualified.
    """
    if QUALIFY not in actor_of(actor_id).permissions:
        raise ActRefused("qualify", "not-yours", (QUALIFY,))
    proposal = db.session.scalars(select(Proposal).filter_by(id=proposal_id).with_for_update()).one()
    asked_meanwhile = not is_complaint and _case_of(proposal.invitation) is not None
    if proposal.qualification is not None or asked_meanwhile:
        raise AlreadyQualified
    case = None
    if is_complaint:
        payload = {**proposal.answer_copy, "site_id": proposal.site_id}
        case = file_complaint(_filing(payload, proposal.words, category, actor_id), now)
    _close_proposal(proposal, case, "staff", actor_id, now, reason)
    return proposal


def _close_proposal(
    proposal: Proposal, case: Case | None, party: str, actor_id: int | None, now: datetime, reason: str
) -> None:
    proposal.qualification = "complaint" if case else "not_complaint"
    proposal.qualified_party = party
    proposal.qualified_by = actor_id
    proposal.qualified_at = now
    proposal.reason = reason
    proposal.case_id = case.id if case else None
    proposal.version += 1
    facts = {
        "qualification": proposal.qualification,
        "party": party,
        "late": now >= proposal.due_at,
        "reference": case.reference if case else None,
    }
    _record(proposal, "qualify", facts, now, actor_id, {"reason": reason} if reason else None)
    db.session.flush()


def _proposal_values(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    answered_at = datetime.fromisoformat(payload["answered_at"])
    place = place_of(payload["principal_id"], payload.get("site_id"))
    promise = clocks.promise(PROFILE, "qualification", local_day(answered_at, ZoneInfo(place.zone)), place)
    delay = {name: value for name, value in vars(promise).items() if name != "kind"}
    return {
        **delay,
        "principal_id": payload["principal_id"],
        "site_id": payload.get("site_id"),
        "customer_id": payload.get("customer_id"),
        "contact_id": payload.get("contact_id"),
        "invitation": payload["invitation"],
        "language": payload.get("language") or "fr",
        "words": payload.get("words") or "",
        "wants": payload.get("wants") or "none",
        "answer_copy": _copy_of(payload),
        "answered_at": answered_at,
        "proposed_at": now,
        "version": 1,
    }


def _filing(payload: dict[str, Any], words: str, category: str | None, actor_id: int | None) -> Filing:
    answered_at = datetime.fromisoformat(payload["answered_at"])
    return Filing(
        filing_key=f"invitation:{payload['invitation']}",
        principal_id=payload["principal_id"],
        site_id=payload.get("site_id"),
        customer_id=payload.get("customer_id"),
        contact_id=payload.get("contact_id"),
        invitation=payload["invitation"],
        words=words,
        channel="survey",
        origin="survey",
        sent_at=answered_at,
        received_at=answered_at,
        language=payload.get("language") or "fr",
        **addresses_of(payload.get("customer_id")),
        category=category,
        answer_copy=_copy_of(payload),
        registered_by=actor_id,
    )


def _record(
    proposal: Proposal, act: str, facts: dict[str, Any], now: datetime, actor_id: int | None, personal: Any
) -> None:
    subject, principal_id = f"proposal:{proposal.id}", proposal.principal_id
    ledger.record(f"complaint.{act}", subject, facts, now, actor_id, personal, principal_id)


def _case_of(invitation: str) -> Case | None:
    return db.session.scalars(select(Case).filter_by(invitation=invitation)).first()


def _copy_of(payload: dict[str, Any]) -> dict[str, Any]:
    """The answer without what the queue added to it."""
    return {name: value for name, value in payload.items() if name != "job_id"}
