"""Folders in which other systems leave their logs: looked through, and their files taken one by one."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import delete, select

from contacts.mapping import BadMapping, Mapping, from_json, problems
from contacts.models import ImportBatch, Principal, WatchedFile, WatchedFolder
from contacts.queries.imports import saved_mapping
from contacts.queries.watching import Missing, missing_files
from contacts.reading import UnreadableFile
from contacts.services import folders
from contacts.services.logs import Progress, import_log
from contacts.services.uploads import note_import_failed, receive_log, start_import
from contacts.signals import folders_watched
from contacts.watching import is_steady
from foundation.database import db

UNFINISHED = ("waiting", "taken")
#: What is written beside a file that is put away, (ending, lines) each: from its import, the code of what stopped it,
#: and the language.
Beside = Callable[[ImportBatch | None, str | None, str], list[tuple[str, Iterable[str]]]]


def watch_folder(
    principal_id: int, folder: str, source: str, now: datetime, *, sheet: str = "", expected: tuple[str, str] = ("", "")
) -> WatchedFolder:
    """Read what is left in ``folder`` by the saved mapping ``source`` from now on, or otherwise than before.

    ``expected`` is a time of day and the days on which a file must have come by then. Raises FolderRefused.
    """
    with folders.opened(folder):
        pass
    watched = db.session.scalars(select(WatchedFolder).filter_by(folder=folder)).one_or_none()
    if watched is None:
        watched = WatchedFolder(folder=folder, created_at=now)
        db.session.add(watched)
    watched.principal_id, watched.source, watched.sheet = principal_id, source, sheet
    watched.expected_at, watched.expected_days = expected[0], expected[1] or "1234567"
    return watched


def stop_watching(folder: str) -> bool:
    """Look at ``folder`` no more; False if it was not watched. Files that lie there stay.

    Raises FolderRefused while one of them is being imported: it would stay behind, half of it in the log.
    """
    watched = db.session.scalars(select(WatchedFolder).filter_by(folder=folder)).one_or_none()
    if watched is None:
        return False
    begun = select(WatchedFile.id).filter_by(folder_id=watched.id, state="taken").with_for_update()
    if db.session.scalars(begun).first() is not None:
        raise folders.FolderRefused("folder-busy", folder)
    db.session.execute(delete(WatchedFile).where(WatchedFile.folder_id == watched.id))
    db.session.delete(watched)
    return True


def look(now: datetime) -> list[int]:
    """Note what lies in the watched folders; return the files (by id) that are whole or were begun.

    Tells who listens which files should have come and have not.
    """
    ready = [file_id for watched in db.session.scalars(select(WatchedFolder)).all() for file_id in _seen(watched, now)]
    missing: list[Missing] = missing_files(now)
    folders_watched.send(missing, now=now)
    return ready


def _seen(watched: WatchedFolder, now: datetime) -> list[int]:
    try:
        with folders.opened(watched.folder) as folder:
            found = {file.name: file for file in folders.files_in(folder)}
    except folders.FolderRefused:
        return []  # told by the missing file; a folder of the network may come back
    known = select(WatchedFile).where(WatchedFile.folder_id == watched.id, WatchedFile.state.in_(UNFINISHED))
    rows = {row.name: row for row in db.session.scalars(known)}
    for name, row in rows.items():
        if name not in found and row.state == "waiting":
            db.session.delete(row)
    for name, file in found.items():
        row = rows.get(name) or WatchedFile(folder_id=watched.id, name=name, state="waiting", size=-1)
        if row.state == "waiting" and (row.size, row.changed) != (file.size, file.changed):
            row.size, row.changed, row.seen_at = file.size, file.changed, now
            db.session.add(row)
        rows[name] = row
    db.session.flush()
    return [row.id for row in rows.values() if _may_be_taken(row, found, now)]


def _may_be_taken(row: WatchedFile, found: dict[str, folders.Found], now: datetime) -> bool:
    return row.state == "taken" or (row.name in found and is_steady(row.seen_at, now))


def take_file(file_id: int, now: datetime, beside: Beside) -> Iterator[Progress]:
    """Import a file and put it away, with what ``beside`` writes; the caller commits at every yield.

    May be begun again after a crash at any moment: it goes on behind the last row committed, and nothing is put away
    before all of it is in.
    """
    row = db.session.get(WatchedFile, file_id)
    if row is None or row.state not in UNFINISHED:
        return
    watched = db.session.get_one(WatchedFolder, row.folder_id)
    with folders.opened(watched.folder) as folder:
        try:
            file = folders.open_file(folder, row.name)
        except FileNotFoundError:
            _gone(row, now)
            return
        with file:
            try:
                yield from _imported(row, watched, file, now)
            except (UnreadableFile, BadMapping) as refusal:
                db.session.rollback()
                _refused(row, refusal, now)
        _put_away(folder, row, watched, now, beside)
    yield Progress(0, 0)


def _imported(row: WatchedFile, watched: WatchedFolder, file: BinaryIO, now: datetime) -> Iterator[Progress]:
    if row.batch_id is None:
        mapping = _mapping_of(watched)
        batch = receive_log(watched.principal_id, row.name, file, now, sheet=watched.sheet, mapping=mapping)
        if found := problems(mapping, batch.columns, []):
            raise BadMapping(found)
        start_import(batch, mapping)
        row.batch_id, row.state = batch.id, "taken"
        yield Progress(0, batch.total_rows)
    batch = db.session.get_one(ImportBatch, row.batch_id)
    if batch.state == "done":
        return
    file.seek(0)
    if hashlib.file_digest(file, "sha256").hexdigest() != batch.file_hash:
        raise UnreadableFile("changed-meanwhile")
    yield from import_log(batch.id, file, now)


def _mapping_of(watched: WatchedFolder) -> Mapping:
    saved = saved_mapping(watched.principal_id, watched.source)
    if saved is None:
        raise UnreadableFile("mapping-missing")
    return from_json(saved.definition)


def _gone(row: WatchedFile, now: datetime) -> None:
    """A file that is no longer there: put away already, just before a crash, or taken back by who left it."""
    batch = db.session.get(ImportBatch, row.batch_id) if row.batch_id else None
    if batch is None:
        db.session.delete(row)
        return
    row.state, row.finished_at = ("done" if batch.state == "done" else "failed"), now
    row.error = row.error or (None if batch.state == "done" else "file-gone")


def _refused(row: WatchedFile, refusal: UnreadableFile | BadMapping, now: datetime) -> None:
    row.error = refusal.code if isinstance(refusal, UnreadableFile) else "mapping-unusable"
    if row.batch_id is not None:
        note_import_failed(row.batch_id, row.error, now)


def _put_away(folder: int, row: WatchedFile, watched: WatchedFolder, now: datetime, beside: Beside) -> None:
    """Move the file to the done or the failed, with what is to be put right beside it; then note so."""
    batch = db.session.get(ImportBatch, row.batch_id) if row.batch_id else None
    is_lost = row.error is not None or (batch is not None and batch.rejected == batch.read_rows > 0)
    language = db.session.get_one(Principal, watched.principal_id).language
    into = folders.FAILED if is_lost else folders.DONE
    folders.put_away(folder, row.name, into, row.id, beside(batch, row.error, language))
    row.state, row.finished_at = ("failed" if is_lost else "done"), now
