"""Pages of programmes: make one, bind its seed, ask for its draws."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from contacts.models import Principal
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.jobs.services import enqueue
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.pages import window_words
from notifications.queries import windows
from notifications.windows import Window
from surveys import pages
from surveys.forms import DrawForm, MixForm, ProgrammeForm, SeedForm, TermsChangeForm, TermsForm
from surveys.models import Programme, ProgrammeVersion
from surveys.queries.programmes import (
    principals_in_scope,
    programme_in_scope,
    programme_row,
    published_versions,
    seeds_of,
)
from surveys.refusals import SurveyRefused
from surveys.services.continuous import open_draw
from surveys.services.draws import request_draw
from surveys.services.programmes import change_programme, create_programme
from surveys.services.seeds import commit_seed, mix_value
from surveys.terms import burden, changes
from surveys.views.blueprint import bp


@bp.route("/programmes/new", methods=["GET", "POST"])
@permitted("surveys.write")
def new_programme() -> Any:
    """Make a programme; its rules are fixed with it."""
    form = ProgrammeForm()
    form.principal_id.choices = [SelectChoice(one.id, one.name) for one in principals_in_scope(current_scope())]
    form.whose = form.principal_id.data or form.whose
    _offer(form)
    if request.method == "GET":
        form.window.data = windows.choices()["survey"].key
    if form.validate_on_submit():
        try:
            programme = create_programme(form.programme(), utc_now(), current_user.id)
        except SurveyRefused as refusal:
            form.refuse(refusal.code, pages.refused(refusal))
        else:
            db.session.commit()
            flash(_("The programme is made."))
            return redirect(url_for(".programme", key=programme.key))
    return render_template("surveys/new_programme.html", form=form), form.status if not form.errors else 400


def _offer(form: TermsForm) -> None:
    form.version_id.choices = [
        SelectChoice(version.id, _("%(title)s, version %(number)s", title=questionnaire.title, number=version.number))
        for version, questionnaire in published_versions()
    ]
    form.offer_windows(windows.windows(current_scope()))


@bp.route("/programmes/<key>/change", methods=["GET", "POST"])
@permitted("surveys.write")
def change_terms(key: str) -> Any:
    """Give a programme its next version; draws that were made keep theirs."""
    found = _programme(key)
    form = TermsChangeForm() if request.method == "POST" else TermsChangeForm.of(found.latest)
    form.whose = found.principal_id
    _offer(form)
    status, differs = form.status if not form.errors else 400, []
    if form.validate_on_submit():
        now = utc_now()
        try:
            begins = _begins(form.from_day.data, found.principal_id)
            number, said = form.seen.data, form.terms()
            change_programme(found, said, number, now, current_user.id, in_force_from=begins, note=form.note.data or "")
        except SurveyRefused as refusal:
            status = 409 if refusal.code == "programme-changed" else 400
            differs = _changes(found.latest.values, said.to_json(), _version_names()) if status == 409 else []
            form.refuse(refusal.code, pages.refused(refusal))
            if status == 409:
                form.seen.data, form.seen.raw_data = found.latest.number, None
        else:
            db.session.commit()
            flash(_("The new version is kept. Draws made before it keep theirs."))
            return redirect(url_for(".programme", key=key))
    elif request.method == "POST":
        status = 400
    return render_template("surveys/change_terms.html", form=form, programme=found, differs=differs), status


def _begins(day: date | None, principal_id: int) -> datetime | None:
    """The first moment of a day in the principal's zone; None: at once."""
    if day is None:
        return None
    return datetime.combine(day, time(), ZoneInfo(db.session.get_one(Principal, principal_id).zone))


def _version_names() -> dict[int, str]:
    return {
        version.id: _("%(title)s, version %(number)s", title=questionnaire.title, number=version.number)
        for version, questionnaire in published_versions(also_retired=True)
    }


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[int, str]
) -> list[tuple[str, str, str]]:
    """What differs, in words: (what, before, after); ``names`` are those of the versions of questionnaires."""
    return [
        (str(pages.TERMS[name]), pages.term_words(name, old, names), pages.term_words(name, new, names))
        for name, (old, new) in changes(before, after).items()
    ]


def _history(found: Programme) -> list[dict[str, Any]]:
    """The versions of a programme, newest first, each with what it changed."""
    names = _version_names()
    pairs = zip([None, *found.versions], found.versions, strict=False)
    return [
        {"version": version, "changed": _changes(before.values, version.values, names) if before else []}
        for before, version in pairs
    ][::-1]


@bp.get("/programmes/<key>")
@permitted("surveys.read")
def programme(key: str) -> str:
    return _page(_programme(key), SeedForm(formdata=None))


def _page(
    found: Programme, seed_form: SeedForm, refusal: SurveyRefused | None = None, mix_form: MixForm | None = None
) -> str:
    principal = db.session.get_one(Principal, found.principal_id)
    row = programme_row(found, principal.name, utc_now(), current_scope())
    return render_template(
        "surveys/programme.html",
        programme=found,
        principal=principal,
        row=row,
        terms=row.terms,
        history=_history(found),
        now=utc_now(),
        burden=burden(row.terms),
        window=_window(row.terms, principal.id),
        seeds=seeds_of(found),
        seed_form=seed_form,
        mix_form=mix_form or MixForm(formdata=None),
        draw_forms={
            period: DrawForm.on(period.first_day, period.last_day, row.terms.sample_size)
            for period in row.periods
            if period.closed and period.draw_state in (None, "refused") and row.terms.draw_kind == "batch"
        },
        refusal=refusal,
    )


def _window(terms: ProgrammeVersion, principal_id: int) -> str:
    """The hours of its messages as they are today; empty for any hour."""
    document = windows.current(terms.sending_window, principal_id)
    if document is None:
        return ""
    known = windows.window(document.get("key", ""), principal_id)
    return window_words(document.get("key", ""), known.name if known else "", Window.from_document(document))


@bp.post("/programmes/<key>/seed")
@permitted("surveys.draw")
def commit_programme_seed(key: str) -> Any:
    """Bind a programme to a fresh seed for some days."""
    found, form = _programme(key), SeedForm()
    if not form.validate():
        return _page(found, form), 400
    try:
        seed = commit_seed(found, form.first_day.data, form.last_day.data, utc_now(), current_user.id)
    except SurveyRefused as refusal:
        form.first_day.errors = [pages.refused(refusal)]
        return _page(found, form), 409
    late = seed.late
    db.session.commit()
    flash(_("The seed is committed, late: its period had begun.") if late else _("The seed is committed."))
    return redirect(url_for(".programme", key=key))


@bp.post("/programmes/<key>/seed-value")
@permitted("surveys.mix")
def mix_programme_seed(key: str) -> Any:
    """Keep the value an auditor gives for a closed period that is not drawn yet."""
    found, form = _programme(key), MixForm()
    if not form.validate():
        return _page(found, SeedForm(formdata=None), mix_form=form), 400
    days = (form.first_day.data, form.last_day.data)
    try:
        mix_value(found, *days, form.value.data, utc_now(), current_user.id)
    except SurveyRefused as refusal:
        form.value.errors = [pages.refused(refusal)]
        return _page(found, SeedForm(formdata=None), mix_form=form), 409
    db.session.commit()
    flash(_("Your value is kept, in the ledger too. The draw will follow from it and from the committed seed."))
    return redirect(url_for(".programme", key=key))


@bp.post("/programmes/<key>/open")
@permitted("surveys.draw")
def open_continuous(key: str) -> Any:
    """Begin the continuous draw of some days."""
    found, form = _programme(key), SeedForm()
    if not form.validate():
        return _page(found, form), 400
    try:
        draw = open_draw(found, form.first_day.data, form.last_day.data, utc_now(), current_user.id)
    except SurveyRefused as refusal:
        if draw_id := refusal.facts.get("draw_id"):
            flash(pages.refused(refusal))
            return redirect(url_for(".draw", draw_id=draw_id))
        form.first_day.errors = [pages.refused(refusal)]
        return _page(found, form), 409
    db.session.commit()
    flash(_("The draw runs, with a seed that was committed late.") if draw.late else _("The draw runs."))
    return redirect(url_for(".draw", draw_id=draw.id))


@bp.post("/programmes/<key>/draw")
@permitted("surveys.draw")
def draw_programme(key: str) -> Any:
    """Ask for a draw; the worker carries it out, and the page of the draw shows how far it is."""
    found, form = _programme(key), DrawForm()
    if not form.validate():
        return _page(found, SeedForm(formdata=None), SurveyRefused("size-unreadable")), 400
    now = utc_now()
    size = form.size.data if form.size.data != found.terms_at(now).sample_size else None
    try:
        draw = request_draw(found, form.first_day.data, form.last_day.data, size, now, current_user.id)
    except SurveyRefused as refusal:
        if draw_id := refusal.facts.get("draw_id"):
            flash(pages.refused(refusal))
            return redirect(url_for(".draw", draw_id=draw_id))
        return _page(found, SeedForm(formdata=None), refusal), 409
    enqueue("surveys.draw", {"draw_id": draw.id}, f"draw:{draw.id}:{now.isoformat()}", now)
    db.session.commit()
    return redirect(url_for(".draw", draw_id=draw.id))


def _programme(key: str) -> Programme:
    found = programme_in_scope(key, current_scope())
    if found is None:
        abort(404)
    return found
