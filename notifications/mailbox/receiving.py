"""An incoming e-mail becomes a row: its raw bytes in a file, what it says in columns, and what kind of mail it is."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from foundation.database import db, insert_if_absent
from notifications import inbound
from notifications.letters.automatic import claims_to_be_ours, is_automatic, sounds_automatic
from notifications.letters.bounces import bounce_in
from notifications.letters.parsing import Letter, read
from notifications.letters.replies import new_words
from notifications.mailbox.storage import keep
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries.threads import ours_among

# A mail sent longer before it arrived than this was sent by a clock that is wrong, or by somebody who wishes it so.
_LONGEST_JOURNEY = timedelta(days=5)
# Nobody writes to so many addresses for us to find ours among them.
MOST_ASKED = 20


@dataclass(frozen=True)
class Stored:
    """The row of an incoming mail, whether it is new, and the hash of what came."""

    inbound_id: int
    is_new: bool
    sha256: str


def receive(raw: bytes, arrived_at: datetime, now: datetime, files: Path) -> InboundMessage:
    """Keep an incoming e-mail, commit, then route it and commit again; return its row.

    The same mail again changes nothing.
    """
    stored = store(raw, arrived_at, now, files)
    db.session.commit()
    if stored.is_new:
        inbound.route(stored.inbound_id, now)
    return db.session.get_one(InboundMessage, stored.inbound_id, populate_existing=True)


def store(raw: bytes, arrived_at: datetime, now: datetime, files: Path, *, whole: bool = True) -> Stored:
    """Write an incoming e-mail to its file and add its row, in the caller's transaction, unrouted as yet.

    ``whole`` is false when it was too large and ``raw`` is its headers alone. Raises OSError when the file cannot be
    written: the mail stays where it is.
    """
    kept = keep(files, raw)
    letter = read(raw)
    values = {
        **_envelope(letter, raw),
        **_words(letter, whole),
        **_address(letter),
        **_dates(letter, arrived_at, now),
        "kind": _kind(letter, raw),
        "raw_sha256": kept.sha256,
        "raw_path": kept.path,
        "raw_bytes": kept.size,
        "attempt": 0,
        "retry_at": now + inbound.FIRST_RETRY,
    }
    inserted = insert_if_absent(InboundMessage, [values], ["provider_id"])
    row = select(InboundMessage.id).filter_by(provider_id=values["provider_id"])
    return Stored(db.session.scalars(row).one(), bool(inserted), kept.sha256)


def _envelope(letter: Letter, raw: bytes) -> dict[str, Any]:
    return {
        "channel": "email",
        "provider_id": _identity(letter, raw),
        "sender": letter.sender,
        "sender_name": letter.sender_name,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "answers": list(letter.answers),
    }


def _identity(letter: Letter, raw: bytes) -> str:
    """Return what two copies of one mail have in common, by whichever way each came: what its writer sent.

    The Message-ID alone will not do: whoever repeats one would make a second, different mail disappear.
    """
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    written = f"{letter.message_id}\n{letter.sender}\n{letter.subject}\n{letter.date}\n".encode()
    return "mail:" + hashlib.sha256(written + body).hexdigest()


def _words(letter: Letter, whole: bool) -> dict[str, Any]:
    sounds = ["sounds-automatic"] if sounds_automatic(letter) else []
    return {
        "body": new_words(letter.text),
        "full_text": letter.text,
        "attachments": [asdict(attachment) for attachment in letter.attachments],
        "defects": [*letter.defects, *([] if whole else ["too-large"]), *sounds],
    }


def _address(letter: Letter) -> dict[str, Any]:
    """Whose mail it is: of the principal whose address it was written to, else of the one whose mail it answers."""
    ours = ours_among(letter.answers)
    whose = current_app.extensions["sender_owners"]
    owners = {address: whose(address, "email") for address in letter.recipients[:MOST_ASKED]}
    known = [address for address, principals in owners.items() if principals]
    principals = {principal for found in owners.values() for principal in found}
    of_thread = ours.principal_id if ours else None
    return {
        "recipient": (known or [*letter.recipients, ""])[0],
        "principal_id": principals.pop() if len(principals) == 1 else (None if principals else of_thread),
        "language": letter.language if letter.language in ("fr", "en") else (ours.language if ours else "fr"),
    }


def _dates(letter: Letter, arrived_at: datetime, now: datetime) -> dict[str, datetime]:
    """When it was sent and when it reached us, never later than now and never long before it came."""
    received_at = min(arrived_at, now)
    sent_at = letter.date or received_at
    if not received_at - _LONGEST_JOURNEY <= sent_at <= received_at:
        sent_at = received_at
    return {"received_at": received_at, "sent_at": sent_at}


def _kind(letter: Letter, raw: bytes) -> str:
    if bounce_in(letter, raw) is not None:
        return "bounce"
    if _is_ours(letter):
        return "own"
    return "automatic" if is_automatic(letter) else "message"


def _is_ours(letter: Letter) -> bool:
    public_id = claims_to_be_ours(letter.message)
    known = select(OutboxMessage.id).where(OutboxMessage.public_id == public_id)
    return public_id is not None and db.session.scalar(known) is not None
