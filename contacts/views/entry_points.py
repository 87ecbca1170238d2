"""Entry and exit points: the list, what contacts named and no list knows, one added or changed, a file of them."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contacts import services
from contacts.entries import Reject
from contacts.forms.scope import EntryPointForm, ListForm, NewEntryPointForm
from contacts.forms.wording import CHANNEL_NAMES, DIRECTION_NAMES, SCOPE_REFUSALS, fault_words, field_words, file_words
from contacts.lists import MissingColumns
from contacts.models import EntryPoint
from contacts.queries.entry_points import entry_points, unlisted
from contacts.queries.parties import principals
from contacts.reading import UnreadableFile
from contacts.rejects import rejects_csv
from contacts.services import EntryPointRefused, Taken
from contacts.views.blueprint import bp
from contacts.views.choices import chosen_principal, needed_principal, seen_sites
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.get("/contacts/entry-points")
@permitted("contacts.read")
def entry_points_page() -> Any:
    return _page(ListForm())


def _page(form: ListForm, status: int = 200) -> Any:
    principal, scope = chosen_principal(), current_scope()
    page = render_template(
        "contacts/entry_points.html",
        form=form,
        principal=principal,
        principals=principals(scope),
        sites=seen_sites(),
        points=entry_points(scope, principal.id) if principal else [],
        unlisted=unlisted(principal.id, scope) if principal else [],
        site_needed=scope.site_ids is not None,
        today=utc_now().date(),
        channel_names=CHANNEL_NAMES,
        direction_names=DIRECTION_NAMES,
        may_write="contacts.write" in current_user.permissions,
    )
    return page, status


@bp.route("/contacts/entry-points/new", methods=["GET", "POST"])
@permitted("contacts.write")
def new_entry_point() -> Any:
    """Add one; from the list of unknown ones with a single press."""
    principal = needed_principal()
    form = NewEntryPointForm(data={name: request.args.get(name) for name in ("channel", "direction", "address")})
    form.offer(seen_sites(), current_scope().site_ids is not None)
    if form.validate_on_submit():
        try:
            _point, contacts = services.add_entry_point(
                principal.id, form.values(), utc_now(), current_user.id, current_scope()
            )
        except EntryPointRefused as refusal:
            db.session.rollback()
            form.address.errors = [SCOPE_REFUSALS[refusal.code]]
        else:
            db.session.commit()
            flash(_added_words(contacts))
            return redirect(url_for(".entry_points_page", principal=principal.id))
    return render_template("contacts/entry_point.html", form=form, point=None, principal=principal), form.status


def _added_words(contacts: int) -> str:
    return ngettext(
        "Added. %(num)s contact of an open period was attached to it.",
        "Added. %(num)s contacts of open periods were attached to it.",
        contacts,
    )


@bp.route("/contacts/entry-points/<int:point_id>", methods=["GET", "POST"])
@permitted("contacts.write")
def entry_point(point_id: int) -> Any:
    point = next((row[0] for row in entry_points(current_scope()) if row[0].id == point_id), None) or abort(404)
    form = EntryPointForm(data={name: getattr(point, name) for name in ("version", *services.CHANGED)})
    form.offer(seen_sites(), current_scope().site_ids is not None)
    status = form.status
    if form.validate_on_submit():
        status = _changed(form, point)
        if status == 302:
            return redirect(url_for(".entry_points_page", principal=point.principal_id))
    saved = {name: getattr(point, name) for name in services.CHANGED} if status == 409 else None
    return render_template("contacts/entry_point.html", form=form, point=point, saved=saved), status


def _changed(form: EntryPointForm, point: EntryPoint) -> int:
    values = form.values()
    values["name"] = values["name"] or point.address
    try:
        services.change_entry_point(point, form.version.data, values, utc_now(), current_user.id)
    except EntryPointRefused as refusal:
        db.session.rollback()
        if refusal.code != "changed-meanwhile":
            form.last_day.errors = [SCOPE_REFUSALS[refusal.code]]
            return 400
        form.version.data = form.version.raw_data = None
        form.version.data = point.version
        return 409
    db.session.commit()
    flash(_("Saved."))
    return 302


@bp.post("/contacts/entry-points/import")
@permitted("contacts.write")
def import_entry_points() -> Any:
    """Take a list; the rows that cannot be taken come back as a file."""
    principal, form, scope = needed_principal(), ListForm(), current_scope()
    if not form.validate_on_submit():
        return _page(form, 400)
    try:
        taken = services.import_entry_points(
            principal.id,
            form.file.data.read(),
            seen_sites(),
            scope.site_ids is not None,
            utc_now(),
            current_user.id,
            scope,
        )
    except (UnreadableFile, MissingColumns) as refusal:
        db.session.rollback()
        form.file.errors = [list_words(refusal)]
        return _page(form, 400)
    db.session.commit()
    said = _("%(added)s added, %(known)s already there, %(contacts)s contacts attached.", **_numbers(taken))
    return back_with(taken, said, ".entry_points_page", principal.id, "entry-points-rejects.csv")


def _numbers(taken: Taken) -> dict[str, int]:
    return {"added": taken.added, "known": taken.known, "contacts": taken.contacts}


def list_words(refusal: UnreadableFile | MissingColumns) -> str:
    """Why a list as a whole cannot be read."""
    if isinstance(refusal, UnreadableFile):
        return file_words(refusal)
    return _("The file has no column for: %(names)s.", names=", ".join(field_words(name) for name in refusal.names))


def back_with(taken: Taken, said: str, endpoint: str, principal_id: int, filename: str) -> Any:
    """On to the page, or the rows that were refused as a file, which nothing keeps."""
    if not taken.rejects:
        flash(said)
        return redirect(url_for(endpoint, principal=principal_id))
    response = Response(rejects_text(taken), content_type="text/csv; charset=utf-8", status=422)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def rejects_text(taken: Taken) -> str:
    return "\ufeff" + "".join(rejects_csv(taken.columns, taken.separator, map(_as_row, taken.rejects)))


def _as_row(reject: Reject) -> tuple[int, list[str], str, str]:
    fields = ", ".join(field_words(fault.field) for fault in reject.faults)
    reasons = " ".join(fault_words((fault.field, fault.code)) for fault in reject.faults)
    return reject.line, reject.cells, fields, reasons
