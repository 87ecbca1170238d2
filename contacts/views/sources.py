"""A file of another system: what its ready-made mapping must be told, and ten of its contacts as they are read."""

from itertools import islice
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from contacts import services
from contacts.entries import ReadRow, Reject
from contacts.forms.mappings import LISTS
from contacts.forms.source_words import SETTING_HINTS, left_out_words
from contacts.forms.sources import SourceForm, source_form
from contacts.forms.wording import fault_words, field_words, file_words
from contacts.importing import read_contacts
from contacts.mapping import BadMapping, Mapping, problems
from contacts.models import ImportBatch, Principal
from contacts.queries import imports as queries
from contacts.queries.parties import sites
from contacts.reading import Table, UnreadableFile
from contacts.sources.ready import ReadySource
from contacts.sources.registry import SOURCES
from contacts.sources.settings import Setting
from contacts.storage import stored_file
from contacts.views.blueprint import bp
from contacts.views.imports import batch_or_404
from contacts.views.mappings import PREVIEWED, import_as, sample
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now

#: Shown at once, in this order, behind what is required.
FIRST = ("site", "source", "site_by", "site.")


@bp.route("/contacts/import/<int:batch_id>/source", methods=["GET", "POST"])
@permitted("contacts.write")
def source(batch_id: int) -> Any:
    """Say what a ready-made mapping must know, look at ten contacts, and import the file."""
    batch = batch_or_404(batch_id)
    if batch.state != "received" or batch.source not in SOURCES:
        return redirect(url_for(".result", batch_id=batch.id))
    ready = SOURCES[batch.source]
    form, is_saved = _form(batch, ready)
    opened = _opened(batch, ready, form) if form.is_submitted() and form.validate() else None
    if opened is not None and request.form.get("do") == "import":
        return import_as(batch, opened[0])
    return _page(batch, ready, form, opened, is_saved)


def _form(batch: ImportBatch, ready: ReadySource) -> tuple[SourceForm, bool]:
    """The form, with the settings saved for such files of this principal and True, else with defaults."""
    saved = queries.saved_ready(batch.principal_id, ready.name)
    known = {"source": saved.source, **saved.definition["settings"]} if saved else {}
    zone = db.session.get_one(Principal, batch.principal_id).zone
    return source_form(ready, sites(current_scope()), known, zone), saved is not None


def _opened(batch: ImportBatch, ready: ReadySource, form: SourceForm) -> tuple[Mapping, Table] | None:
    """The mapping that was typed and the file by it, or None with what is wrong beside the controls."""
    try:
        mapping = ready.mapping(form.settings(ready))
        table = services.open_source(batch, stored_file(batch.id) or abort(404), mapping)
        if found := problems(mapping, table.columns, sample(table)):
            raise BadMapping(found)
    except BadMapping as bad:
        form.show(bad.problems, ready)
    except UnreadableFile as refusal:
        form.form_errors = [file_words(refusal)]
    else:
        return mapping, table
    return None


def _page(
    batch: ImportBatch, ready: ReadySource, form: SourceForm, opened: tuple[Mapping, Table] | None, is_saved: bool
) -> Any:
    page = render_template(
        "contacts/source.html",
        form=form,
        batch=batch,
        ready=ready,
        is_saved=is_saved,
        settings=[(setting, form.part(setting), SETTING_HINTS.get(setting.name)) for setting in _ordered(ready)],
        first=FIRST,
        preview=_preview(batch, *opened) if opened else None,
        left_out=left_out_words(batch.left_out) if opened and batch.left_out else "",
        site_names={site.id: site for site in sites(current_scope())},
        lists=LISTS,
        fault_words=fault_words,
        field_words=field_words,
    )
    db.session.rollback()
    return page, 400 if form.errors else 200


def _ordered(ready: ReadySource) -> list[Setting]:
    """What it needs, what says the site, its name, and then all else."""
    places = {name: place for place, name in enumerate(FIRST)}
    return sorted(ready.settings, key=lambda setting: (not setting.required, places.get(setting.name, len(places))))


def _preview(batch: ImportBatch, mapping: Mapping, table: Table) -> list[ReadRow | Reject]:
    around = services.surroundings(batch.principal_id, batch.site_ids, utc_now())
    return list(read_contacts(islice(table.rows(), PREVIEWED), table.columns, mapping, around))
