"""E-mails that belong to a complaint, or are one."""

import re
from datetime import datetime

from sqlalchemy import select

from complaints import lifecycle
from complaints.complaining import speaks_of_complaint
from complaints.models import Case
from complaints.references import read_reference
from complaints.services.acts import receive_message
from complaints.services.filing import Filing, file_complaint
from complaints.services.people import addresses_of, known_customer
from foundation.database import db
from notifications.models import InboundMessage
from notifications.queries.threads import may_answer, ours_among
from notifications.services import join_thread

SUBJECT_KEY = "complaint:"
_REFERENCE = re.compile(r"\bR-?\d{4}-?\d{6,7}-?[A-Z]\b", re.IGNORECASE)


def route_mail(message: InboundMessage, now: datetime) -> bool:
    """Add the e-mail to the case it answers, or open one where it complains to a principal; return whether it did.

    ``routed_why`` says why, also where it is left to a person.
    """
    case, why = _case_meant(message)
    if case is not None:
        return _add_to_case(message, case, why, now)
    return _open_case(message, now)


def _case_meant(message: InboundMessage) -> tuple[Case | None, str]:
    """Return the case whose mail it answers, else the one whose reference its subject bears."""
    ours = ours_among(message.answers)
    if ours is not None and ours.subject_key.startswith(SUBJECT_KEY):
        return db.session.get(Case, int(ours.subject_key.removeprefix(SUBJECT_KEY))), "answers-our-mail"
    for written in _REFERENCE.findall(message.subject):
        reference = read_reference(written)
        case = db.session.scalars(select(Case).filter_by(reference=str(reference))).first()
        if case is not None:
            return case, "bears-reference"
    return None, ""


def _add_to_case(message: InboundMessage, case: Case, why: str, now: datetime) -> bool:
    refusal = _why_not(message, case)
    message.routed_why = refusal or why
    if refusal is not None:
        return False
    message.principal_id = case.principal_id
    join_thread(message, f"{SUBJECT_KEY}{case.id}")
    receive_message(case.id, _words(message), now, channel="email", key=_key(message))
    return True


def _why_not(message: InboundMessage, case: Case) -> str | None:
    """Return why a person must look before this mail joins the case: a reference and a sender are easily written."""
    if message.sender not in _addresses(case):
        return "stranger-to-case"
    if message.principal_id not in (None, case.principal_id):
        return "other-principal"
    return None if case.state in lifecycle.OPEN_STATES else "case-ended"


def _addresses(case: Case) -> set[str]:
    known = {case.email, addresses_of(case.customer_id)["email"]}
    return {address.strip().casefold() for address in known if address}


def _open_case(message: InboundMessage, now: datetime) -> bool:
    message.routed_why = _why_no_case(message, now)
    if message.routed_why is not None or message.principal_id is None:
        return False
    customer_id = known_customer(message.principal_id, None, message.sender)
    filing = Filing(
        filing_key=_key(message),
        principal_id=message.principal_id,
        words=f"{message.subject}\n\n{message.body}".strip(),
        channel="email",
        sent_at=message.sent_at or message.received_at,
        received_at=message.received_at,
        language=message.language if message.language in ("fr", "en") else "fr",
        name=addresses_of(customer_id)["name"] or message.sender_name,
        email=message.sender,
        customer_id=customer_id,
    )
    case = file_complaint(filing, now)
    join_thread(message, f"{SUBJECT_KEY}{case.id}")
    message.routed_why = "words-of-complaint"
    return True


def _why_no_case(message: InboundMessage, now: datetime) -> str | None:
    if message.principal_id is None:
        return "no-principal"
    if not speaks_of_complaint(f"{message.subject}\n{message.body}"):
        return "no-complaint"
    # A receipt is an answer nobody wrote; too many of them and two machines may be talking.
    return None if may_answer(message.sender, now) else "too-many-answers"


def _words(message: InboundMessage) -> str:
    return message.body.strip() or message.subject


def _key(message: InboundMessage) -> str:
    return message.provider_id[:64]
