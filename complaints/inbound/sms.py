"""Text messages that belong to a complaint, or are one."""

from datetime import datetime

from sqlalchemy import select

from complaints import lifecycle
from complaints.complaining import speaks_of_complaint
from complaints.models import Case
from complaints.services.acts import receive_message
from complaints.services.filing import Filing, file_complaint
from complaints.services.people import addresses_of, known_customer
from contacts.models import Customer
from foundation.database import db
from notifications.models import InboundMessage


def route_sms(message: InboundMessage, now: datetime) -> bool:
    """Add the message to the sender's open case, or open one where it says it complains; return whether it did."""
    return _add_to_case(message, now) or _open_case(message, now)


def _add_to_case(message: InboundMessage, now: datetime) -> bool:
    open_cases = select(Case.id).where(Case.phone == message.sender, Case.state.in_(lifecycle.OPEN_STATES))
    if message.principal_id is not None:
        open_cases = open_cases.where(Case.principal_id == message.principal_id)
    case_id = db.session.scalars(open_cases.order_by(Case.registered_at.desc()).limit(1)).first()
    if case_id is None:
        return False
    receive_message(case_id, message.body, now, channel="sms", key=_key(message))
    return True


def _open_case(message: InboundMessage, now: datetime) -> bool:
    principal_id = _principal_of(message)
    if principal_id is None or not speaks_of_complaint(message.body):
        return False
    customer_id = known_customer(principal_id, message.sender, None)
    filing = Filing(
        filing_key=_key(message),
        principal_id=principal_id,
        words=message.body,
        channel="sms",
        sent_at=message.received_at,
        received_at=message.received_at,
        language=message.language if message.language in ("fr", "en") else "fr",
        name=addresses_of(customer_id)["name"] or "",
        phone=message.sender,
        customer_id=customer_id,
    )
    file_complaint(filing, now)
    return True


def _principal_of(message: InboundMessage) -> int | None:
    """The principal we last wrote for, else the only one that knows the number."""
    if message.principal_id is not None:
        return message.principal_id
    known = select(Customer.principal_id).filter_by(phone=message.sender, erased_at=None).distinct()
    principals = db.session.scalars(known.limit(2)).all()
    return principals[0] if len(principals) == 1 else None


def _key(message: InboundMessage) -> str:
    return f"sms:{message.provider_id}"[:64]
