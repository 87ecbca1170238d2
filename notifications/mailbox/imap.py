"""A folder of an IMAP server: what is in it, and one mail at a time.

The setting is one address, ``imaps://user:password@host/INBOX``. Without TLS only towards this very machine.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from imapclient import SEEN, IMAPClient, SocketTimeout

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
#: Larger mails are named and left where they are. The usual limit of mail servers, in bytes.
LARGEST = 25 * 1024 * 1024
_PATIENCE = SocketTimeout(connect=15, read=60)


@dataclass(frozen=True)
class Account:
    """Where mail is read, and as whom."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str
    folder: str

    @classmethod
    def from_url(cls, url: str) -> "Account":
        """Read the setting. Raises ValueError for no address of a mailbox, or one in clear beyond this machine."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise ValueError("SATISFECIT_IMAP_URL must look like imaps://user:password@host/INBOX")
        encrypted = parts.scheme == "imaps"
        if not encrypted and parts.hostname not in LOOPBACK:
            raise ValueError("SATISFECIT_IMAP_URL must begin with imaps:// unless the server is on this machine")
        return cls(
            parts.hostname,
            parts.port or (993 if encrypted else 143),
            encrypted,
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
        )

    @property
    def name(self) -> str:
        """The mailbox as tables and pages call it, without its password."""
        return f"{self.user}@{self.host}/{self.folder}"[:320]


@dataclass(frozen=True)
class Arrived:
    """One mail as the server has it; ``whole`` is false when it is too large and only its headers were fetched."""

    raw: bytes
    at: datetime
    whole: bool


class Folder:
    """An open folder; ``uid_validity`` says how long its numbers mean the same mails."""

    def __init__(self, server: IMAPClient, name: str) -> None:
        self._server = server
        facts = server.select_folder(name)
        self.uid_validity = int(facts[b"UIDVALIDITY"])
        self.next_uid = int(facts[b"UIDNEXT"])

    def unread(self) -> set[int]:
        return set(self._server.search("UNSEEN"))

    def since(self, uid: int) -> set[int]:
        """Return the numbers from ``uid`` on; a server answers with its last mail where there is none."""
        return {one for one in self._server.search(["UID", f"{uid}:*"]) if one >= uid}

    def fetch(self, uid: int) -> Arrived | None:
        """Return one mail without marking it; None when it is gone."""
        facts = self._server.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
        if not facts:
            return None
        whole = int(facts[b"RFC822.SIZE"]) <= LARGEST
        part = "BODY.PEEK[]" if whole else "BODY.PEEK[HEADER]"
        body = self._server.fetch([uid], [part]).get(uid, {})
        raw = body.get(part.replace(".PEEK", "").encode())
        at = facts[b"INTERNALDATE"]
        return None if raw is None else Arrived(raw, at.astimezone(UTC), whole)

    def mark_read(self, uid: int) -> None:
        self._server.add_flags([uid], [SEEN], silent=True)


@contextmanager
def opened(account: Account) -> Iterator[Folder]:
    """Open the folder of ``account``. Raises OSError or imapclient's IMAPClientError."""
    context = ssl.create_default_context() if account.encrypted else None
    server = IMAPClient(
        account.host, account.port, ssl=account.encrypted, ssl_context=context, timeout=_PATIENCE, use_uid=True
    )
    server.normalise_times = False
    with server:
        server.login(account.user, account.password)
        yield Folder(server, account.folder)
