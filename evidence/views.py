"""Pages of evidence: the binder and the ledger."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from evidence import queries, services
from evidence.forms import BinderForm
from evidence.models import Binder, BinderFile
from evidence.subjects import EvidenceRefused, Subject
from foundation.accounts.queries import current_scope, scoped, user_names
from foundation.database import db
from foundation.jobs.queries import job_status, worker_health
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.queries import programmes

bp = Blueprint("evidence", __name__)
ENTRIES_AT_ONCE = 30


@bp.get("/evidence")
@permitted("evidence.read")
def index() -> str:
    form = _form(request.args or _latest())
    about = _subject(form) if _sees_all_sites() and form.principal.data else None
    return render_template(
        "evidence/index.html",
        form=form,
        about=about,
        holding=queries.holding(about, utc_now()) if about else None,
        binders=queries.binders(current_scope()) if _sees_all_sites() else [],
        partial=not _sees_all_sites(),
    )


@bp.post("/evidence")
@permitted("evidence.export")
def ask() -> Any:
    if not _sees_all_sites():
        abort(403)
    form = _form(None)
    about = _subject(form) if form.validate_on_submit() else None
    if about is None:
        return render_template("evidence/index.html", form=form, about=None, holding=None, binders=[]), 400
    binder = services.ask(about, utc_now(), current_user.id)
    db.session.commit()
    return redirect(url_for(".show", binder_id=binder.id))


@bp.get("/evidence/binders/<int:binder_id>")
@permitted("evidence.read")
def show(binder_id: int) -> str:
    binder, about = _binder(binder_id)
    job = job_status(services.JOB_KIND, str(binder.id))
    names = user_names({binder.asked_by} if binder.asked_by else set())
    lives = worker_health().lives(utc_now())
    since = queries.withdrawn_since(about, binder.built_at) if binder.built_at else None
    return render_template(
        "evidence/binder.html", binder=binder, about=about, job=job, names=names, worker_lives=lives, withdrawn=since
    )


@bp.post("/evidence/binders/<int:binder_id>/download")
@permitted("evidence.export")
def download(binder_id: int) -> Any:
    """Hand the binder out. A POST, because it is written down that somebody took it."""
    binder, about = _binder(binder_id)
    if binder.sha256 is None:
        flash(_("This binder is not built yet."))
        return redirect(url_for(".show", binder_id=binder_id))
    content = db.session.get_one(BinderFile, binder_id).content
    services.note_export(about, binder.sha256, utc_now(), current_user.id, "page")
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="{about.file_name()}"'}
    return Response(content, mimetype="application/zip", headers=headers)


@bp.get("/evidence/ledger")
@permitted("ledger.read")
def ledger_page() -> str:
    """Show the chain of what cannot be rewritten, with filters, to those who see all sites."""
    if not _sees_all_sites():
        return render_template("evidence/ledger.html", partial=True)
    kind, subject = request.args.get("kind", ""), request.args.get("subject", "").strip()
    before = request.args.get("before", type=int)
    statement = scoped(ledger.entries(kind, subject), current_scope(), principal=Entry.principal_id)
    if before:
        statement = statement.where(Entry.id < before)
    entries = list(db.session.scalars(statement.limit(ENTRIES_AT_ONCE + 1)))
    shown = entries[:ENTRIES_AT_ONCE]
    return render_template(
        "evidence/ledger.html",
        entries=shown,
        older=shown[-1].id if len(entries) > ENTRIES_AT_ONCE else None,
        kinds=db.session.scalars(scoped(ledger.kinds(), current_scope(), principal=Entry.principal_id)).all(),
        kind=kind,
        subject=subject,
        names=user_names({entry.actor_id for entry in shown if entry.actor_id}),
        head=ledger.head(),
        unsealed=ledger.unsealed_count(),
    )


def _form(values: Any) -> BinderForm:
    form = BinderForm(MultiDict(values), meta={"csrf": True}) if values is not None else BinderForm()
    form.offer(programmes.principals(current_scope()), programmes.programmes(current_scope()))
    return form


def _latest() -> dict[str, str]:
    """The latest closed period of the first principal that has one: what one most likely wants."""
    for principal in programmes.principals(current_scope()):
        if periods := programmes.closed_periods(principal.id):
            last = periods[-1]
            return {"principal": principal.key, "first_day": str(last.first_day), "last_day": str(last.last_day)}
    return {}


def _subject(form: BinderForm) -> Subject | None:
    """What the form asks for; a day that is missing or out of order is said beside its field."""
    first_day, last_day = form.first_day.data, form.last_day.data
    if not first_day or not last_day:
        return None
    try:
        return queries.subject(form.principal.data, first_day, last_day, form.survey.data, current_scope())
    except EvidenceRefused as refusal:
        if refusal.code == "bad-period":
            form.last_day.errors = [_("The last day comes before the first.")]
        elif refusal.code == "unknown-survey":
            form.survey.errors = [_("This principal has no such programme.")]
        else:
            abort(404)
    return None


def _binder(binder_id: int) -> tuple[Binder, Subject]:
    found = queries.binder(binder_id, current_scope()) if _sees_all_sites() else None
    if found is None:
        abort(404)
    binder, principal = found
    return binder, queries.subject_of(principal, binder.first_day, binder.last_day, binder.survey_key)


def _sees_all_sites() -> bool:
    """Binder and ledger are about all the sites of a principal, so they are for those who see all of them."""
    return current_scope().site_ids is None
