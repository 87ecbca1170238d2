"""Pages of posters: open them at sites, print them, close them, and count what they brought."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from contacts.models import Principal
from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import begin_writing, db, reading
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from foundation.web.i18n import LANGUAGES, current_language, speaking
from surveys import pages
from surveys.anonymity import FEWEST
from surveys.answer_csv import csv_pieces
from surveys.interview_events import State
from surveys.models import Poster, Programme
from surveys.pages.editing import language_name
from surveys.pages.posters import section
from surveys.paths import path
from surveys.public_views.screens import SECONDS_A_QUESTION
from surveys.qr_codes import svg
from surveys.queries.posters import heard, poster_in_scope, poster_table, posters_of, sites_in_scope
from surveys.queries.programmes import programme_in_scope
from surveys.questionnaires import compile_version
from surveys.refusals import SurveyRefused
from surveys.services.posters import close_poster, key_of, open_posters, replace_poster, why_no_poster
from surveys.views.blueprint import bp
from surveys.views.exports import BOM

SIZES = ("a4", "a5")


class PostersForm(Form):
    """Where posters are to hang."""

    sites = SelectMultipleField(_l("Sites"), coerce=int, validators=[InputRequired(_l("Choose at least one site."))])


@bp.route("/programmes/<key>/posters", methods=["GET", "POST"])
@permitted("surveys.read")
def posters(key: str) -> Any:
    """List the posters of a programme with how many answered; a POST opens one at each site chosen."""
    found, now = _programme(key), utc_now()
    form = PostersForm()
    form.sites.choices = [SelectChoice(site.id, site.name) for site in sites_in_scope(current_scope())]
    may_write = "surveys.write" in current_permissions()
    if request.method == "POST" and not may_write:
        abort(403)
    refusal = why_no_poster(found, now)
    if refusal is None and form.validate_on_submit():
        made = open_posters(found, form.sites.data, _secret(), now, current_user.id)
        db.session.commit()
        flash(ngettext("%(num)s poster is open: print it.", "%(num)s posters are open: print them.", len(made)))
        return redirect(url_for(".posters", key=key))
    said = {"programme": found, "principal": db.session.get_one(Principal, found.principal_id), "form": form}
    said |= {"refusal": refusal, "may_write": may_write, "rows": posters_of(found.id, current_scope())}
    status = 409 if request.method == "POST" and refusal else form.status
    return render_template("surveys/posters.html", **said, sizes=SIZES, fewest=FEWEST), status


@bp.get("/posters/<int:poster_id>")
@permitted("surveys.read")
def poster(poster_id: int) -> str:
    """Count what was answered at one poster: counts only, for who they speak for is not known."""
    found = _poster(poster_id)
    principal = db.session.get_one(Principal, found.principal_id)
    told = [section(one, current_language(), principal.brand, found.site.name) for one in heard(found)]
    sheets = [(language, language_name(language), size) for language in LANGUAGES for size in SIZES]
    return render_template(
        "surveys/poster.html",
        poster=found,
        programme=found.programme,
        principal=principal,
        sections=told,
        sheets=sheets,
        fewest=FEWEST,
        may_write="surveys.write" in current_permissions(),
        asleep=why_no_poster(found.programme, utc_now()),
    )


@bp.get("/posters/<int:poster_id>/sheet/<any(fr, en):language>/<any(a4, a5):size>")
@permitted("surveys.write")
def poster_sheet(poster_id: int, language: str, size: str) -> str:
    """The sheet to print, in the language of those who read it."""
    found = _poster(poster_id)
    if found.closed_at is not None:
        abort(404)
    terms = found.programme.terms_at(utc_now())
    version = compile_version(terms.version.definition, terms.low_score)
    address = f"{current_app.config['PUBLIC_URL']}/q/{key_of(found, _secret())}"
    with speaking(language):
        return render_template(
            "surveys/poster_sheet.html",
            poster=found,
            principal=db.session.get_one(Principal, found.principal_id),
            promise=terms.promise,
            minutes=max(1, round(len(path(version, State(), "web")) * SECONDS_A_QUESTION / 60)),
            # The library writes it, out of letters of ours.
            code=Markup(svg(address)),
            address=address.split("://", 1)[-1],
            language_shown=language,
            size=size,
            sheets=[(other, language_name(other), paper) for other in LANGUAGES for paper in SIZES],
        )


@bp.post("/posters/<int:poster_id>/close")
@permitted("surveys.write")
def close_this_poster(poster_id: int) -> Any:
    """Let nobody begin at it any more."""
    found = _poster(poster_id)
    if close_poster(found, utc_now(), current_user.id):
        db.session.commit()
        flash(
            _(
                "Poster %(number)s is closed. Take it down: whoever scans it is told that it is over.",
                number=found.number,
            )
        )
    return redirect(url_for(".poster", poster_id=poster_id))


@bp.post("/posters/<int:poster_id>/replace")
@permitted("surveys.write")
def replace_this_poster(poster_id: int) -> Any:
    """Close it and open another one at the same site, with another address."""
    found = _poster(poster_id)
    if found.closed_at is not None:
        return redirect(url_for(".poster", poster_id=poster_id))
    try:
        made = replace_poster(found, _secret(), utc_now(), current_user.id)
    except SurveyRefused as refusal:
        db.session.rollback()
        flash(pages.refused(refusal))
        return redirect(url_for(".poster", poster_id=poster_id))
    db.session.commit()
    flash(_("Poster %(number)s takes its place, with an address of its own: print it.", number=made.number))
    return redirect(url_for(".poster", poster_id=made.id))


@bp.get("/programmes/<key>/posters.csv")
@permitted("surveys.read")
def posters_csv(key: str) -> Response:
    """Give the answers of posters as codes, apart from those of people who were drawn; note that they were taken."""
    scope = current_scope()
    _programme(key)
    begin_writing()
    ledger.log_access("surveys:posters", utc_now(), current_user.id, programme=key)
    db.session.commit()

    def pieces() -> Iterator[str]:
        with reading():
            programme = db.session.scalars(db.select(Programme).filter_by(key=key)).one()
            yield BOM
            yield from csv_pieces(*poster_table(programme, scope))

    named = {"Content-Disposition": f"attachment; filename=posters-{key}.csv"}
    return Response(stream_with_context(pieces()), mimetype="text/csv", headers=named)


def _programme(key: str) -> Programme:
    return programme_in_scope(key, current_scope()) or abort(404)


def _poster(poster_id: int) -> Poster:
    return poster_in_scope(poster_id, current_scope()) or abort(404)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
