"""Sending a log in, watching it being imported, and taking back what could not be read."""

import json
from collections.abc import Iterator
from datetime import date
from io import SEEK_END
from typing import IO, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from contacts import services
from contacts.forms.source_words import LEFT_OUT
from contacts.forms.uploads import UploadForm, choices_of, to_be_chosen
from contacts.forms.watching import FILE_STATE_NAMES
from contacts.forms.wording import STATE_NAMES, batch_words, fault_words, field_words, file_words
from contacts.models import ImportBatch, Principal
from contacts.queries import imports as queries
from contacts.queries.parties import principals
from contacts.queries.reconciliation import days_of_batch, unexplained
from contacts.queries.watching import watched_folders
from contacts.reading import UnreadableFile
from contacts.rejects import rejects_csv
from contacts.sources.registry import SOURCES
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now

LARGEST_FILE = 150_000_000
LISTED = 50
SHOWN_NOTES = 10


@bp.route("/contacts/import", methods=["GET", "POST"])
@permitted("contacts.write")
def upload() -> Any:
    """Take in a file; its columns are mapped on the next page."""
    known = principals(current_scope())
    form = UploadForm(principal=request.args.get("principal", type=int))
    form.principal.choices = to_be_chosen([(principal.id, principal.name) for principal in known])
    form.kind.choices = choices_of([("", _("A table with a header")), *((s.name, s.title) for s in SOURCES.values())])
    if form.validate_on_submit():
        batch = _received(form)
        if batch is not None and batch.source:
            return redirect(url_for(".source", batch_id=batch.id))
        if batch is not None:
            return redirect(url_for(".mapping", batch_id=batch.id))
    page = render_template(
        "contacts/upload.html",
        form=form,
        principals=known,
        batches=queries.batches(current_scope(), LISTED),
        state_names=STATE_NAMES,
        watched=watched_folders(current_scope(), utc_now()),
        file_states=FILE_STATE_NAMES,
    )
    return page, form.status


def _received(form: UploadForm) -> ImportBatch | None:
    """The batch of the file that was sent, or None with the reason beside the field."""
    upload: FileStorage = form.file.data
    sites = current_scope().site_ids
    to = {"actor_id": current_user.id, "site_ids": None if sites is None else sorted(sites)}
    name, ready = upload.filename or "", form.kind.data
    try:
        file = _measured(upload)
        if ready:
            batch = services.receive_source(form.principal.data, name, file, ready, utc_now(), **to)
        else:
            batch = services.receive_log(
                form.principal.data, name, file, utc_now(), **to, sheet=(form.sheet.data or "").strip()
            )
    except UnreadableFile as refusal:
        form.file.errors = [file_words(refusal)]
        return None
    for _stored in services.keep_file(batch, upload.stream):
        db.session.commit()
    db.session.commit()
    return batch


def _measured(upload: FileStorage) -> IO[bytes]:
    """The file that was sent, which waits on the disk of the page and not in memory."""
    if upload.stream.seek(0, SEEK_END) > LARGEST_FILE:
        raise UnreadableFile("too-large")
    return upload.stream


@bp.get("/contacts/import/<int:batch_id>")
@permitted("contacts.read")
def result(batch_id: int) -> str:
    """How far an import is, and what came of it."""
    batch = batch_or_404(batch_id)
    principal = db.session.get_one(Principal, batch.principal_id)
    days = days_of_batch(batch.id, principal.zone) if batch.state == "done" else None
    return render_template(
        "contacts/result.html",
        batch=batch,
        principal=principal,
        days=days,
        gaps=_gaps(batch, days) if days else 0,
        rejects=queries.first_notes(batch.id, "reject", SHOWN_NOTES),
        warnings=queries.first_notes(batch.id, "warning", SHOWN_NOTES),
        state_names=STATE_NAMES,
        batch_words=batch_words,
        fault_words=fault_words,
        field_words=field_words,
        left_out_names=LEFT_OUT,
        may_write="contacts.write" in current_user.permissions,
    )


def _gaps(batch: ImportBatch, days: tuple[date, date]) -> int:
    """How many gaps between what this source says and what was counted on these days nobody explained."""
    waiting = unexplained(batch.principal_id, *days, utc_now(), current_scope())
    return sum(gap.cell.source in (batch.source, "") for gap in waiting)


def batch_or_404(batch_id: int) -> ImportBatch:
    return queries.batch_seen(batch_id, current_scope()) or abort(404)


@bp.get("/contacts/import/<int:batch_id>/<any(rejects, warnings):kind>.csv")
@permitted("contacts.write")
def notes(batch_id: int, kind: str) -> Response:
    """The rows that were refused, or taken with something left out; the access is logged."""
    batch = batch_or_404(batch_id)
    begin_writing()
    ledger.log_access(f"import:{batch_id}", utc_now(), actor_id=current_user.id)
    db.session.commit()
    lines = rejects_csv(batch.columns, batch.separator, note_rows(batch.id, kind.rstrip("s")), batch.id)
    # The mark at the start is what makes spreadsheets read UTF-8.
    return _download("\ufeff" + "".join(lines), "text/csv; charset=utf-8", f"{kind}-{batch_id}.csv")


def note_rows(batch_id: int, kind: str) -> Iterator[tuple[int, list[str], str, str]]:
    """(line, cells, fields, reasons) of each note, in the reader's language."""
    for note in queries.notes_of(batch_id, kind):
        fields = ", ".join(field_words(field) for field, _code in note.faults)
        yield note.line, note.cells, fields, " ".join(fault_words(fault) for fault in note.faults)


@bp.get("/contacts/import/<int:batch_id>/mapping.json")
@permitted("contacts.read")
def mapping_file(batch_id: int) -> Response:
    """The mapping a batch was read by, as ``flask contacts import --map`` takes it."""
    batch = batch_or_404(batch_id)
    if batch.mapping is None:
        abort(404)
    text = json.dumps(batch.mapping, ensure_ascii=False, indent=2) + "\n"
    return _download(text, "application/json", f"{batch.source}.json")


def _download(text: str, mimetype: str, filename: str) -> Response:
    response = Response(text, content_type=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


@bp.post("/contacts/import/<int:batch_id>/discard")
@permitted("contacts.write")
def discard(batch_id: int) -> Any:
    """Throw away a file that was sent but not imported."""
    batch = batch_or_404(batch_id)
    if services.discard_log(batch):
        db.session.commit()
        flash(_("The file was thrown away. Nothing of it was imported."))
    return redirect(url_for(".upload"))
