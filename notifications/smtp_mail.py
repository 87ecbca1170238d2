"""Mail through an SMTP server.

The setting is one address: ``smtp://user:password@host:587?from=centre@example.org``
(STARTTLS; plain only towards this very machine) or ``smtps://…`` (TLS from the start, port 465).
``&bounces=retours@example.org`` names where servers report what they could not deliver.
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.mails import build, with_ascii_domain
from notifications.providers import CONFIG, CONTENT, Accepted, Found, NotTaken, Outcome, Outgoing, Refused, Unknown

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_ENHANCED = re.compile(rb"\b([45]\.\d{1,3}\.\d{1,3})\b")
# The server closes down: whatever is sent next fares no better.
_CLOSING = 421
_TOO_LARGE = 552


@dataclass(frozen=True)
class Server:
    """Where and as whom mail is handed over; ``bounces`` is the envelope's sender, which becomes Return-Path."""

    host: str
    port: int
    encrypted: bool
    user: str | None
    password: str | None
    sender: str
    bounces: str

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Read the setting. Raises ValueError for an address that is not one of a mail server."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SATISFECIT_SMTP_URL must look like smtp://host:587?from=centre@example.org")
        encrypted, asked = parts.scheme == "smtps", parse_qs(parts.query)
        sender = asked.get("from", [f"satisfecit@{parts.hostname}"])[0]
        bounces = asked.get("bounces", [parseaddr(sender)[1]])[0]
        user, password = (unquote(value) if value else None for value in (parts.username, parts.password))
        return cls(
            parts.hostname, parts.port or (465 if encrypted else 587), encrypted, user, password, sender, bounces
        )


class SmtpMail:
    """The provider that hands mail to a server: at least once, always under the same Message-ID."""

    concurrency = 1
    timeout = 60.0
    lag = timedelta()
    repeatable = True

    def __init__(self, url: str, seconds: float = 15.0) -> None:
        self.server = Server.from_url(url)
        self.seconds = seconds

    @property
    def domain(self) -> str:
        """The domain of our Message-IDs: that of the address we write from."""
        return parseaddr(self.server.sender)[1].rpartition("@")[2]

    def send(self, message: Outgoing) -> Outcome:
        try:
            connection = self._connect()
        except smtplib.SMTPAuthenticationError as refusal:
            return _sign_in(refusal)
        except smtplib.SMTPNotSupportedError:
            return Refused("smtp-no-tls", CONFIG)
        except ssl.SSLError:
            return Refused("smtp-certificate", CONFIG)
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
        try:
            self._introduce(connection, secure)
        except BaseException:
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        connection.ehlo()
        if not self.server.encrypted and (connection.has_extn("starttls") or self.server.host not in LOOPBACK):
            connection.starttls(context=secure)
        if self.server.user:
            connection.login(self.server.user, self.server.password or "")

    def _hand_over(self, connection: smtplib.SMTP, message: Outgoing) -> Outcome:
        mail = build(message, self.server.sender, self.domain)
        try:
            connection.send_message(mail, self.server.bounces, [with_ascii_domain(message.recipient)])
        except smtplib.SMTPRecipientsRefused as refusal:
            return _verdict(*min(refusal.recipients.values()))
        except smtplib.SMTPSenderRefused as refusal:
            return _of_sender(refusal)
        except smtplib.SMTPDataError as refusal:
            return _verdict(refusal.smtp_code, refusal.smtp_error)
        except smtplib.SMTPNotSupportedError:
            return Refused("smtp-utf8")
        except (OSError, smtplib.SMTPException) as error:
            return Unknown(type(error).__name__)
        return Accepted(message.public_id, "sent")


def _sign_in(refusal: smtplib.SMTPAuthenticationError) -> Outcome:
    """A server that cannot check a password just now has not refused it."""
    return NotTaken(f"smtp-{refusal.smtp_code}") if refusal.smtp_code < 500 else Refused("smtp-sign-in", CONFIG)


def _of_sender(refusal: smtplib.SMTPSenderRefused) -> Outcome:
    """What is said of the sender holds for every mail."""
    code = _code(refusal.smtp_code, refusal.smtp_error)
    if refusal.smtp_code < 500:
        return NotTaken(code)
    return Refused(code, CONTENT if refusal.smtp_code == _TOO_LARGE else CONFIG)


def _verdict(status: int, said: bytes | str) -> Outcome:
    """4xx is not now, 5xx is never."""
    code = _code(status, said)
    return NotTaken(code, whole_channel=status == _CLOSING) if status < 500 else Refused(code)


def _code(status: int, said: bytes | str) -> str:
    """Return the server's answer as a code: the enhanced one (RFC 3463) where it gives one, as bounces do."""
    found = _ENHANCED.search(said if isinstance(said, bytes) else said.encode(errors="replace"))
    return f"mail-{found[1].decode()}" if found else f"smtp-{status}"
