"""Saying what the columns of a file mean, with ten of its rows as they would be read."""

from itertools import islice
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from contacts import services
from contacts.entries import ReadRow, Reject
from contacts.forms.mappings import LISTS, MappingForm, is_required, mapping_form, typed_mapping
from contacts.forms.wording import FIELD_NAMES, fault_words, field_words
from contacts.guessing import guess
from contacts.importing import as_row, read_contacts
from contacts.mapping import FIELDS, BadMapping, Mapping, from_json, problems
from contacts.models import ImportBatch, Principal, Site
from contacts.queries import imports as queries
from contacts.queries.parties import sites
from contacts.reading import Table, read_table
from contacts.sources.registry import SOURCES
from contacts.storage import stored_file
from contacts.views.blueprint import bp
from contacts.views.imports import batch_or_404
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.jobs import services as jobs
from foundation.web.access import permitted
from foundation.web.clock import utc_now

PREVIEWED = 10
SAMPLED = 200


@bp.route("/contacts/import/<int:batch_id>/mapping", methods=["GET", "POST"])
@permitted("contacts.write")
def mapping(batch_id: int) -> Any:
    """Map the columns of a file, look at ten rows, and import it."""
    batch = batch_or_404(batch_id)
    if batch.state != "received":
        return redirect(url_for(".result", batch_id=batch.id))
    if batch.source in SOURCES:
        return redirect(url_for(".source", batch_id=batch.id))
    table = read_table(stored_file(batch.id) or abort(404), batch.sheet)
    known_sites = sites(current_scope())
    known, is_saved = _proposed(batch, table, known_sites)
    form = mapping_form(table.columns, known_sites, known)
    wanted = known
    if form.is_submitted():
        wanted = _wanted(form, table)
        if wanted is not None and request.form.get("do") == "import":
            return import_as(batch, wanted)
    elif problems(wanted, table.columns, sample(table)):
        wanted = None
    return _page(form, batch, table, wanted, is_saved, known_sites)


def _proposed(batch: ImportBatch, table: Table, known_sites: list[Site]) -> tuple[Mapping, bool]:
    """The mapping saved for such a file and True, else a guess and False."""
    saved = queries.mapping_for(batch.principal_id, table.columns)
    if saved is not None:
        return from_json(saved.definition), True
    sampled = [cells for _line, cells in islice(table.rows(), SAMPLED)]
    zone = db.session.get_one(Principal, batch.principal_id).zone
    stem = batch.filename.rsplit(".", 1)[0][:60]
    return guess(table.columns, sampled, stem, zone, [site.key for site in known_sites]), False


def sample(table: Table) -> list[dict[str, str]]:
    """The first rows of a file, by column, on which a mapping is tried."""
    return [as_row(table.columns, cells) for _line, cells in islice(table.rows(), SAMPLED)]


def _wanted(form: MappingForm, table: Table) -> Mapping | None:
    """The mapping that was typed, or None with what is wrong beside the controls."""
    if not form.validate():
        return None
    try:
        typed = typed_mapping(form)
        found = problems(typed, table.columns, sample(table))
    except BadMapping as bad:
        found = bad.problems
    form.show(found)
    return None if found else typed


def import_as(batch: ImportBatch, wanted: Mapping) -> Any:
    """Save the mapping and let the worker import; a second press of the button changes nothing."""
    now = utc_now()
    if services.start_import(batch, wanted):
        services.save_mapping(batch.principal_id, wanted, batch.columns, now)
        jobs.enqueue("contacts.import", {"batch_id": batch.id}, f"batch:{batch.id}", now)
    db.session.commit()
    return redirect(url_for(".result", batch_id=batch.id))


def _page(
    form: MappingForm, batch: ImportBatch, table: Table, wanted: Mapping | None, is_saved: bool, known: list[Site]
) -> Any:
    page = render_template(
        "contacts/mapping.html",
        form=form,
        batch=batch,
        is_saved=is_saved,
        field_names=FIELD_NAMES,
        fields=FIELDS,
        is_required=is_required,
        preview=_preview(batch, table, wanted) if wanted else None,
        raw=[cells for _line, cells in islice(table.rows(), 3)],
        site_names={site.id: site for site in known},
        lists=LISTS,
        fault_words=fault_words,
        field_words=field_words,
    )
    return page, 400 if form.errors else 200


def _preview(batch: ImportBatch, table: Table, wanted: Mapping) -> list[ReadRow | Reject]:
    around = services.surroundings(batch.principal_id, batch.site_ids, utc_now())
    return list(read_contacts(islice(table.rows(), PREVIEWED), table.columns, wanted, around))
