"""An e-mail as it goes out: headers that stay the same however often it is sent."""

from email.message import EmailMessage
from email.utils import format_datetime

from notifications.providers import Outgoing

REFERENCE = "X-Satisfecit-Message"


def build(message: Outgoing, sender: str, domain: str) -> EmailMessage:
    """Return the e-mail; its Message-ID depends on the message alone, so a second copy is known as one."""
    mail = EmailMessage()
    mail["From"] = one_line(message.sender or sender)
    mail["To"] = one_line(message.recipient)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = message_id(message.public_id, domain)
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail[REFERENCE] = message.public_id
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
    mail.set_content(message.body)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    return mail


def message_id(public_id: str, domain: str) -> str:
    """Return the Message-ID of one message of ours."""
    return f"<{public_id}@{domain}>"


def one_line(text: str) -> str:
    """Return ``text`` without line breaks: a header takes none, and must not become two."""
    return " ".join(text.split())
