"""Taking mail out of the mailbox: kept in a file and in the database first, and only then marked as read.

A process killed at any point loses nothing and takes nothing twice: what was kept is known by the server's own
number, and a mail that comes again by another way by what its writer sent.
"""

from collections.abc import Iterable
from pathlib import Path

import structlog
from imapclient.exceptions import IMAPClientAbortError
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from foundation.database import db, insert_if_absent, reading
from foundation.web.clock import utc_now
from notifications import inbound
from notifications.mailbox.imap import Account, Arrived, Folder, opened
from notifications.mailbox.receiving import store
from notifications.models import FetchedMail, Mailbox

log = structlog.get_logger()
#: A round leaves after so many mails, so that stopping is quick.
AT_ONCE = 50
# The disk, the database, the connection: no other mail fares better.
_HOLDS_UP_ALL = (OSError, OperationalError, IMAPClientAbortError)


def take_mail(account: Account, files: Path) -> int:
    """Take what is new in the mailbox; commits after each mail. Return how many were taken.

    Raises what the connection raises, and in the end what was raised by a mail that cannot be kept, which stays where
    it is: the round is noted as failed and comes again.
    """
    with opened(account) as folder:
        mailbox_id, first_uid = _mailbox(account.name, folder)
        unread = folder.unread()
        known = _known(mailbox_id, unread | folder.since(first_uid))
        for uid in sorted(unread & known):
            # Kept before a crash that came before the mark.
            folder.mark_read(uid)
        waiting = sorted((unread | folder.since(first_uid)) - known)
        taken, failure = _take_each(folder, mailbox_id, waiting[:AT_ONCE], files)
        if failure is None and len(waiting) <= AT_ONCE:
            _begin_after(mailbox_id, [*waiting, folder.next_uid - 1])
    if failure is not None:
        raise failure
    return taken


def _take_each(folder: Folder, mailbox_id: int, uids: list[int], files: Path) -> tuple[int, Exception | None]:
    """Take each mail; return how many were new, and what the first that could not be kept raised."""
    taken, failure = 0, None
    for uid in uids:
        try:
            taken += _take(folder, mailbox_id, uid, files)
        except _HOLDS_UP_ALL:
            raise
        except Exception as error:  # one mail that finds a gap of ours must not hold up those behind it
            db.session.rollback()
            log.error("a mail could not be kept", uid=uid, error=type(error).__name__)
            failure = failure or error
    return taken, failure


def _take(folder: Folder, mailbox_id: int, uid: int, files: Path) -> bool:
    """Take one mail, whatever may be wrong with it; return whether it was new to us."""
    arrived = folder.fetch(uid)
    if arrived is None:
        return False
    inbound_id, is_new = _keep(arrived, mailbox_id, uid, files)
    folder.mark_read(uid)
    if is_new:
        inbound.route(inbound_id, utc_now())
    return is_new


def _keep(arrived: Arrived, mailbox_id: int, uid: int, files: Path) -> tuple[int, bool]:
    now = utc_now()
    stored = store(arrived.raw, arrived.at, now, files, whole=arrived.whole)
    values = {
        "mailbox_id": mailbox_id, "uid": uid, "raw_sha256": stored.sha256, "inbound_id": stored.inbound_id, "at": now,
    }  # fmt: skip
    insert_if_absent(FetchedMail, [values], ["mailbox_id", "uid"])
    db.session.commit()
    return stored.inbound_id, stored.is_new


def _mailbox(name: str, folder: Folder) -> tuple[int, int]:
    """Return our id of the folder and the first number to look at. Its older mail is taken only where it is unread."""
    values = {"name": name, "uid_validity": folder.uid_validity, "first_uid": folder.next_uid}
    insert_if_absent(Mailbox, [values], ["name", "uid_validity"])
    known = select(Mailbox.id, Mailbox.first_uid).filter_by(name=name, uid_validity=folder.uid_validity)
    mailbox_id, first_uid = db.session.execute(known).one()
    db.session.commit()
    return mailbox_id, first_uid


def _known(mailbox_id: int, uids: Iterable[int]) -> set[int]:
    with reading():
        taken = select(FetchedMail.uid).where(FetchedMail.mailbox_id == mailbox_id)
        lowest = min(uids, default=0)
        return set(db.session.scalars(taken.where(FetchedMail.uid >= lowest)))


def _begin_after(mailbox_id: int, uids: list[int]) -> None:
    """All below is taken, so the next look need not list it."""
    first_uid = max(uids) + 1
    rising = update(Mailbox).where(Mailbox.id == mailbox_id, Mailbox.first_uid < first_uid)
    db.session.execute(rising.values(first_uid=first_uid))
    db.session.commit()
