"""Words to the complainant: by e-mail, else by SMS, else on their page at /follow."""

from dataclasses import dataclass
from datetime import datetime

from complaints.models import Case, CaseMessage
from complaints.services.places import place_of
from complaints.wording.texts import Wording
from contacts.models import Principal
from foundation.database import db
from notifications.places import place_of as home_of
from notifications.queries.windows import window_for
from notifications.services import enqueue


@dataclass(frozen=True)
class Sent:
    """How a text left: ``email``, ``sms``, or ``follow`` where there is no address."""

    delivered_by: str
    outbox_key: str | None


def send(
    case: Case,
    kind: str,
    purpose: str,
    text: Wording,
    now: datetime,
    author_id: int | None = None,
    record: str | None = None,
    secrets: tuple[str, ...] = (),
) -> Sent:
    """Queue ``text`` for the complainant and keep it with the case, in the caller's transaction.

    ``record`` is what the case keeps where that is not the whole body. ``secrets`` are words that
    the case never shows and that the outbox masks.
    """
    delivered_by = "email" if case.email else "sms" if case.phone and case.phone_takes_sms else "follow"
    key = None if delivered_by == "follow" else f"complaint:{case.id}:{case.version}:{kind}"
    if key:
        _queue(case, delivered_by, purpose, text, now, key, secrets)
    kept = text.body if record is None else record
    for secret in secrets:
        kept = kept.replace(secret, "••••")
    db.session.add(
        CaseMessage(
            case_id=case.id,
            direction="out",
            kind=kind,
            body=kept,
            author_id=author_id,
            at=now,
            channel=delivered_by,
            outbox_key=key,
        )
    )
    return Sent(delivered_by, key)


def _queue(
    case: Case, channel: str, purpose: str, text: Wording, now: datetime, key: str, secrets: tuple[str, ...]
) -> None:
    handled, by_sms = place_of(case.principal_id, case.site_id), channel == "sms"
    recipient = (case.phone if by_sms else case.email) or ""
    lives = home_of(recipient, handled.zone, handled.calendar.region)
    principal = db.session.get_one(Principal, case.principal_id)
    enqueue(
        channel=channel,
        recipient=recipient,
        subject="" if by_sms else text.subject,
        body=text.sms if by_sms else text.body,
        text_id=text.sms_id if by_sms else text.email_id,
        sender=principal.sms_sender if by_sms else principal.reply_email,
        brand=principal.brand,
        purpose=purpose,
        business_key=key,
        now=now,
        principal_id=case.principal_id,
        site_id=case.site_id,
        subject_key=f"complaint:{case.id}",
        language=case.language,
        zone=lives.zone,
        region=lives.region,
        window=window_for(case.principal_id, purpose, channel),
        priority=0,
        secrets=secrets,
    )
