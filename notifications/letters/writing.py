"""What a mailbox that is not there sends back: an answer, an absence notice, a bounce, a mail out of the blue."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from notifications.mails import one_line


@dataclass(frozen=True)
class Received:
    """A mail of ours as its reader has it before them."""

    public_id: str
    message_id: str
    references: str
    recipient: str
    answer_to: str
    subject: str
    body: str
    date: datetime


def letter(sender: str, to: str, subject: str, body: str, at: datetime, name: str, **headers: str) -> bytes:
    """Return a mail as a mail program writes it; ``name`` makes its Message-ID, ``headers`` have _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = one_line(sender), one_line(to), one_line(subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{name}@{_domain(sender)}>"
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


def answer(ours: Received, words: str, at: datetime, name: str) -> bytes:
    """Return what its reader answers, above the quoted mail, as French mail programs do."""
    quoted = "\n".join(f"> {line}" for line in ours.body.splitlines())
    body = f"{words}\n\nLe {ours.date:%d/%m/%Y} à {ours.date:%H:%M}, {ours.answer_to} a écrit :\n\n{quoted}\n"
    return letter(ours.recipient, ours.answer_to, f"Re: {ours.subject}", body, at, name, **_thread(ours))


def absence(ours: Received, words: str, at: datetime, name: str) -> bytes:
    """Return what the reader's mailbox answers by itself while they are away."""
    subject = f"Réponse automatique : {ours.subject}"
    headers = _thread(ours) | {"Auto_Submitted": "auto-replied"}
    return letter(ours.recipient, ours.answer_to, subject, words, at, name, **headers)


def bounce(ours: Received, words: str, at: datetime, name: str) -> bytes:
    """Return what a mail server writes when there is no such mailbox (RFC 3464)."""
    domain = _domain(ours.recipient)
    head = {
        "From": f"MAILER-DAEMON@{domain}",
        "To": ours.answer_to,
        "Subject": "Undelivered Mail Returned to Sender",
        "Date": format_datetime(at),
        "Message-ID": f"<{name}@{domain}>",
        "Auto-Submitted": "auto-replied",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/report; report-type=delivery-status; boundary="{name}"',
    }
    told = {
        "text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit": words,
        "message/delivery-status": (
            f"Reporting-MTA: dns; {domain}\n\nFinal-Recipient: rfc822; {ours.recipient}\nAction: failed\n"
            "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 No such user\n"
        ),
        "text/rfc822-headers": f"Message-ID: {ours.message_id}\nTo: {ours.recipient}\n",
    }
    lines = "".join(f"{key}: {one_line(value)}\n" for key, value in head.items())
    parts = "".join(f"\n--{name}\nContent-Type: {kind}\n\n{text}" for kind, text in told.items())
    return f"{lines}{parts}\n--{name}--\n".encode()


def _thread(ours: Received) -> dict[str, str]:
    return {"In_Reply_To": ours.message_id, "References": f"{ours.references} {ours.message_id}".strip()}


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip(" <>") or "example.org"
