"""The integrity page of a programme: control charts, questions to a person, and what was found."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys import pages
from surveys.anonymity import ANONYMOUS
from surveys.forms import LookedAtForm
from surveys.integrity import LEVEL, Integrity, Question
from surveys.models import Draw, Programme
from surveys.pages.integrity import MEASURES, question_words
from surveys.peer_charts import drawing
from surveys.queries.coverage import made_draws
from surveys.queries.draws import site_names
from surveys.queries.integrity import draw_integrity, notes_of
from surveys.services.integrity import note_looked_at
from surveys.views.blueprint import bp
from surveys.views.outcomes import as_csv, asked_programme, own_sites

COLUMNS = (
    "draw", "measure", "subjects", "subject", "n", "count", "share", "expected", "lower_95", "upper_95", "lower_998",
    "upper_998", "p_value", "comparisons", "asked_about",
)  # fmt: skip


@bp.get("/programmes/<key>/integrity")
@permitted("surveys.read")
def integrity(key: str) -> str:
    """Show what the counts of a draw would be asked about; ``draw`` names the draw, by default the latest."""
    return _page(asked_programme(key), LookedAtForm(formdata=None))


@bp.post("/programmes/<key>/integrity")
@permitted("surveys.write")
def look_at_question(key: str) -> Any:
    """Keep what was found about a question, on the numbers that were seen."""
    programme, form = asked_programme(key), LookedAtForm()
    draw = chosen_draw(programme)
    if draw is None:
        abort(404)
    if not form.validate():
        return _page(programme, form), 400
    now_asked = {one.key: one for one in draw_integrity(draw, current_scope()).questions}
    question = now_asked.get(form.question.data or "")
    if question is None or [question.part, question.whole] != [form.part.data, form.whole.data]:
        form.found.errors = [_("The numbers have changed since you looked. See the question as it stands now.")]
        return _page(programme, form), 409
    note_looked_at(draw, question, (form.found.data or "").strip(), utc_now(), current_user.id)
    db.session.commit()
    flash(_("What you found is kept, with your name and the time."))
    return redirect(url_for(".integrity", key=key, draw=draw.id))


@bp.get("/programmes/<key>/integrity.csv")
@permitted("surveys.read")
def integrity_csv(key: str) -> Response:
    """Every point of every chart of a draw."""
    draw = chosen_draw(asked_programme(key))
    if draw is None:
        abort(404)
    found = draw_integrity(draw, current_scope())
    return as_csv(COLUMNS, list(_rows(draw.id, found)), f"integrity-{key}-{draw.id}.csv")


def _rows(draw_id: int, found: Integrity) -> Any:
    for chart in found.charts:
        for subject, one in chart.points.items():
            limits = (one.expected, one.lower_95, one.upper_95, one.lower_998, one.upper_998, one.p_value)
            place = (draw_id, chart.measure, chart.subjects, subject, one.trials, one.successes, one.share)
            yield (*place, *limits, found.tests, int(one.stands_out))


def _page(programme: Programme, form: LookedAtForm) -> str:
    draws, draw = made_draws(programme), chosen_draw(programme)
    found = draw_integrity(draw, current_scope()) if draw else None
    notes = notes_of(draw) if draw else {}
    sites = site_names()
    return render_template(
        "surveys/integrity.html",
        programme=programme,
        principal=db.session.get_one(Principal, programme.principal_id),
        draws=draws,
        draw=draw,
        found=found,
        sites=sites,
        charts=[(chart, MEASURES[chart.measure], drawing(chart.points)) for chart in found.charts] if found else [],
        questions=[(one, question_words(one, sites), notes.get(one.key, [])) for one in found.questions]
        if found
        else [],
        names=user_names({note.looked_by for some in notes.values() for note in some if note.looked_by}),
        form=form,
        level=LEVEL,
        is_anonymous=draw is not None and draw.terms.promise == ANONYMOUS,
        is_looked_at=_is_looked_at,
        own_sites=own_sites(),
        words=pages,
    )


def _is_looked_at(question: Question, notes: list[Any]) -> bool:
    return any(note.is_about(question.part, question.whole) for note in notes)


def chosen_draw(programme: Programme) -> Draw | None:
    """The finished draw that was asked for, else the latest; 404 for one of another programme."""
    draws = [draw for draw, *_days in made_draws(programme)]
    wanted = request.args.get("draw", type=int)
    if wanted is None:
        return draws[-1] if draws else None
    found = next((draw for draw in draws if draw.id == wanted), None)
    if found is None:
        abort(404)
    return found
