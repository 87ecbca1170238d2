"""Watched folders, what came last, and what is missing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contacts.models import ImportBatch, Principal, WatchedFile, WatchedFolder
from contacts.watching import missing_since
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db


@dataclass(frozen=True)
class Missing:
    """A file that should have been in ``folder`` at ``due_at``."""

    folder_id: int
    folder: str
    principal_id: int
    zone: str
    due_at: datetime


@dataclass(frozen=True)
class Watched:
    """A folder as it is shown: its last file, how many failed or wait, and since when one is missing."""

    folder: WatchedFolder
    principal: str
    last: WatchedFile | None
    batch: ImportBatch | None
    waiting: int
    failed: int
    missing_since: datetime | None


def missing_files(now: datetime) -> list[Missing]:
    """Every file that should have come by now and has not."""
    return [
        Missing(one.folder.id, one.folder.folder, one.folder.principal_id, zone, one.missing_since)
        for one, zone in _watched(EVERYTHING, now)
        if one.missing_since is not None
    ]


def watched_folders(scope: Scope, now: datetime) -> list[Watched]:
    """The watched folders of the principals that ``scope`` sees, by name."""
    return [one for one, _zone in _watched(scope, now)]


def _watched(scope: Scope, now: datetime) -> list[tuple[Watched, str]]:
    statement = select(WatchedFolder, Principal).join(Principal, Principal.id == WatchedFolder.principal_id)
    rows = db.session.execute(scoped(statement, scope, principal=Principal.id).order_by(WatchedFolder.folder))
    return [(_shown(folder, principal, now), principal.zone) for folder, principal in rows.all()]


def _shown(folder: WatchedFolder, principal: Principal, now: datetime) -> Watched:
    own = select(WatchedFile).where(WatchedFile.folder_id == folder.id).order_by(WatchedFile.id.desc())
    last = db.session.scalars(own.limit(1)).first()
    states = dict(
        db.session.execute(
            select(WatchedFile.state, func.count())
            .where(WatchedFile.folder_id == folder.id)
            .group_by(WatchedFile.state)
        ).all()
    )
    came = last.seen_at if last else None
    missing = missing_since(folder.expected_at, folder.expected_days, principal.zone, folder.created_at, came, now)
    batch = db.session.get(ImportBatch, last.batch_id) if last and last.batch_id else None
    waiting = states.get("waiting", 0) + states.get("taken", 0)
    return Watched(folder, principal.name, last, batch, waiting, states.get("failed", 0), missing)
