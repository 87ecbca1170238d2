"""Mail into a folder, one file each, for an installation without a mail server; and reading it again."""

import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from notifications.letters.writing import Received
from notifications.mails import REFERENCE, build
from notifications.providers import Accepted, Found, NotTaken, Outcome, Outgoing

DOMAIN = "satisfecit.invalid"
SENDER = f"Satisfecit <ne-pas-repondre@{DOMAIN}>"


class MailFolder:
    """The provider that writes a file; the same message written twice is one file."""

    concurrency = 1
    timeout = 5.0
    lag = timedelta()
    repeatable = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Outgoing) -> Outcome:
        """Write the mail whole or not at all; a full disk is a try again."""
        path = self.folder / f"{message.public_id}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".part")
            draft.write_bytes(build(message, SENDER, DOMAIN).as_bytes())
            draft.replace(path)
        except OSError:
            return NotTaken("folder-not-writable")
        return Accepted(message.public_id, "sent")

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        path = self.folder / f"{message.public_id}.eml"
        return [Found(message.public_id, "sent", message.created_at)] if path.exists() else []

    def fetch(self, provider_id: str) -> Found | None:
        return None


def read_letter(folder: Path, public_id: str) -> Received | None:
    """Return one mail of the folder, or None. ``public_id`` must come from our own tables, not from an address."""
    path = folder / f"{public_id}.eml"
    if not path.exists():
        return None
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    return Received(
        public_id=str(mail[REFERENCE]),
        message_id=str(mail["Message-ID"]),
        references=str(mail.get("References", "")),
        recipient=str(mail["To"]),
        answer_to=str(mail.get("Reply-To") or mail["From"]),
        subject=str(mail["Subject"]),
        body=body.get_content() if body else "",
        date=parsedate_to_datetime(str(mail["Date"])).astimezone(UTC),
    )
