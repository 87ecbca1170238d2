"""E-mails as people and machines write them, in bytes."""

import itertools
from email.message import EmailMessage
from email.utils import format_datetime

from tests.conftest import NOW

JEANNE = "jeanne@example.org"
_numbers = itertools.count(1)


def a_mail(body="Bonjour", *, to="relation@edr.example", sender=f"Jeanne Hoarau <{JEANNE}>", html=None, **headers):
    """Return the bytes of a mail; ``headers`` with _ for -, None leaves one out."""
    mail = EmailMessage()
    values = {
        "From": sender,
        "To": to,
        "Subject": "Bonjour",
        "Date": format_datetime(NOW),
        "Message-ID": f"<written-{next(_numbers)}@example.org>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in values.items():
        if value is not None:
            mail[name] = value
    if body is not None:
        mail.set_content(body)
    if html is not None:
        mail.set_content(html, subtype="html") if body is None else mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def a_bounce(sent, *, action="failed", status="5.1.1", recipient=JEANNE, said="550 5.1.1 User unknown", **headers):
    """Return what a standard server writes about ``sent``, a row of the outbox that did not arrive."""
    lines = {
        "From": "MAILER-DAEMON@mx.example.org",
        "To": "centre@example.org",
        "Subject": "Undelivered Mail Returned to Sender",
        "Date": format_datetime(NOW),
        "Message-ID": f"<bounce-{next(_numbers)}@mx.example.org>",
        "Auto-Submitted": "auto-replied",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"',
    } | headers
    head = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return (
        f"{head}\n--b\nContent-Type: text/plain\n\nI am sorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{sent.public_id}@example.org>\nSubject: x\n\n--b--\n"
    ).encode()
