"""The page that takes a file of answers, for programmes whose interviews are held elsewhere."""

from typing import Any

from flask import abort, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, StringField
from wtforms.validators import Length, Optional

from contacts.models import Principal
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from foundation.web.i18n import current_language
from notifications.texts import fill
from surveys import pages
from surveys.models import Programme
from surveys.pages.answers import fault_words
from surveys.queries.programmes import programme_in_scope
from surveys.refusals import SurveyRefused
from surveys.services.answers import Tally, import_answers, read_answers
from surveys.views.blueprint import bp

SHOWN_REJECTS = 50
PREFIX = "column_"


class AnswersForm(Form):
    """A file, the column that names the contact, and one field for each question (added by ``answers_form``)."""

    file = FileField(_l("File of answers"), validators=[FileRequired(_l("Choose a file."))])
    id_column = StringField(_l("Column with the id of the contact"), validators=[Optional(), Length(max=200)])

    @property
    def columns(self) -> list[Field]:
        return [field for field in self if field.name.startswith(PREFIX)]

    @property
    def mapping(self) -> dict[str, str]:
        """Column → question id, of the fields that were filled in."""
        named = ((field.data or "", field.name.removeprefix(PREFIX)) for field in self.columns)
        return {column.strip(): question_id for column, question_id in named if column.strip()}


@bp.route("/programmes/<key>/answers", methods=["GET", "POST"])
@permitted("surveys.write")
def answers(key: str) -> Any:
    """Take the answers of a file and show what became of its rows."""
    programme = _programme(key)
    form = answers_form(programme)
    if not form.validate_on_submit():
        return render_template("surveys/answers.html", programme=programme, form=form), form.status
    tally = Tally()
    try:
        id_column = (form.id_column.data or "").strip() or None
        found = read_answers(programme, form.file.data.read(), form.mapping, id_column)
        for _rows in import_answers(found, tally, utc_now()):
            db.session.commit()
    except SurveyRefused as refusal:
        form.file.errors = [pages.refused(refusal)]
        return render_template("surveys/answers.html", programme=programme, form=form, tally=tally), 400
    return render_template(
        "surveys/answers.html",
        programme=programme,
        form=answers_form(programme),
        tally=tally,
        rejects=tally.rejects[:SHOWN_REJECTS],
        fault_words=fault_words,
    )


def answers_form(programme: Programme) -> AnswersForm:
    """The form with a field for each question of the programme's version."""

    class ForVersion(AnswersForm):
        pass

    brand = db.session.get_one(Principal, programme.principal_id).brand
    for question in programme.latest.version.definition["questions"]:
        title = question["title"].get(current_language()) or next(iter(question["title"].values()))
        label = fill(title, brand=brand)
        setattr(ForVersion, PREFIX + question["id"], StringField(label, validators=[Optional(), Length(max=200)]))
    return ForVersion()


def _programme(key: str) -> Programme:
    """A programme by file in scope; whoever sees some sites only may not write for all of them."""
    scope = current_scope()
    found = programme_in_scope(key, scope)
    if found is None or found.latest.uses_addresses or scope.site_ids is not None:
        abort(404)
    return found
