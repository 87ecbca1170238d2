"""Mail through an SMTP server.

The setting is one address: ``smtp://user:password@host:587?from=centre@example.org``
(STARTTLS; plain only towards this very machine) or ``smtps://…`` (TLS from the start, port 465).
"""

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.mails import build
from notifications.providers import CONFIG, Accepted, Found, NotTaken, Outcome, Outgoing, Refused, Unknown

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Server:
    """Where and as whom mail is handed over."""

    host: str
    port: int
    encrypted: bool
    user: str | None
    password: str | None
    sender: str

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Read the setting. Raises ValueError for an address that is not one of a mail server."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SATISFECIT_SMTP_URL must look like smtp://host:587?from=centre@example.org")
        encrypted = parts.scheme == "smtps"
        sender = parse_qs(parts.query).get("from", [f"satisfecit@{parts.hostname}"])[0]
        user, password = (unquote(value) if value else None for value in (parts.username, parts.password))
        return cls(parts.hostname, parts.port or (465 if encrypted else 587), encrypted, user, password, sender)


class SmtpMail:
    """The provider that hands mail to a server: at least once, always under the same Message-ID."""

    concurrency = 1
    timeout = 60.0
    lag = timedelta()
    repeatable = True

    def __init__(self, url: str, seconds: float = 15.0) -> None:
        self.server = Server.from_url(url)
        self.seconds = seconds

    def send(self, message: Outgoing) -> Outcome:
        try:
            connection = self._connect()
        except smtplib.SMTPAuthenticationError:
            return Refused("smtp-sign-in", CONFIG)
        except (OSError, smtplib.SMTPException):
            return NotTaken("no-connection")
        try:
            return self._hand_over(connection, message)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        return []

    def fetch(self, provider_id: str) -> Found | None:
        return None

    def _connect(self) -> smtplib.SMTP:
        server, secure = self.server, ssl.create_default_context()
        if server.encrypted:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self.seconds, context=secure)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self.seconds)
            connection.ehlo()
            if connection.has_extn("starttls") or server.host not in LOOPBACK:
                connection.starttls(context=secure)
        if server.user:
            connection.login(server.user, server.password or "")
        return connection

    def _hand_over(self, connection: smtplib.SMTP, message: Outgoing) -> Outcome:
        mail = build(message, self.server.sender, self.server.sender.rpartition("@")[2].rstrip(">"))
        try:
            connection.send_message(mail, self.server.sender, [message.recipient])
        except smtplib.SMTPRecipientsRefused as refusal:
            return _verdict(min(code for code, _ in refusal.recipients.values()), "recipient-refused")
        except smtplib.SMTPSenderRefused as refusal:
            return Refused(f"smtp-{refusal.smtp_code}", CONFIG)
        except smtplib.SMTPDataError as refusal:
            return _verdict(refusal.smtp_code, f"smtp-{refusal.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Unknown(type(error).__name__)
        return Accepted(message.public_id, "sent")


def _verdict(status: int, code: str) -> Outcome:
    """4xx is not now, 5xx is never."""
    return NotTaken(code, whole_channel=False) if status < 500 else Refused(code)
