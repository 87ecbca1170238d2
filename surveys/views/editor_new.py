"""A new questionnaire: blank, or from a model of the bank under a key of its own."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from foundation.web.i18n import current_language
from surveys.editing.starting import blank
from surveys.queries.questionnaires import questionnaire_by_key
from surveys.services.questionnaires import save_draft
from surveys.storage import model_definition, model_keys
from surveys.titles import title_of
from surveys.views.blueprint import bp
from surveys.views.drafting import back_to

BLANK = ""
#: Addresses of pages beside the questionnaires.
RESERVED = ("new", "import", "bank")


class NewQuestionnaireForm(Form):
    """What it begins with, and how it is called for ever."""

    start = RadioField(_l("What it begins with"), default=BLANK)
    key = StringField(
        _l("Key"),
        validators=[
            InputRequired(),
            Length(max=80),
            Regexp(r"^[a-z0-9][a-z0-9_-]*$", message=_l("Small letters, digits, - and _ only.")),
        ],
    )
    title = StringField(_l("Title"), validators=[Optional(), Length(max=200)])

    def offer(self) -> None:
        """List the models, each by its title in the reader's language."""
        models = [SelectChoice(key, _model_words(key)) for key in model_keys()]
        self.start.choices = [SelectChoice(BLANK, _("Blank: you write every question")), *models]


@bp.route("/questionnaires/new", methods=["GET", "POST"])
@permitted("surveys.write")
def new_questionnaire() -> Any:
    """Make a draft, and go on to write it."""
    form = NewQuestionnaireForm()
    form.offer()
    if form.validate_on_submit():
        key = form.key.data
        if key in RESERVED or questionnaire_by_key(key) is not None:
            form.key.errors = [_("Another questionnaire has the key %(key)s.", key=key)]
        else:
            save_draft(_definition(form), utc_now(), current_user.id, key=key)
            db.session.commit()
            return back_to(url_for(".editor", key=key))
    return render_template("surveys/new_questionnaire.html", form=form), form.status if not form.errors else 400


def _definition(form: NewQuestionnaireForm) -> dict[str, Any]:
    """The model under its new title, or a questionnaire without questions in the reader's language."""
    if form.start.data == BLANK:
        return blank(current_language(), form.title.data or "")
    definition = model_definition(form.start.data)
    if form.title.data:
        definition["title"] = {**definition["title"], current_language(): form.title.data}
    return definition


def _model_words(key: str) -> str:
    definition = model_definition(key)
    title = definition["title"].get(current_language()) or title_of(definition)
    return _("%(title)s (%(count)s questions)", title=title, count=len(definition["questions"]))
