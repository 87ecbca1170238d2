"""Fields for answers that are to count no more."""

from collections.abc import Iterable

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from foundation.web.forms import Form
from surveys.models import AnswerEvent, Invitation
from surveys.questionnaires import compile_version

REASONS = {
    "asked": _l("The customer asked for it"),
    "not_theirs": _l("Somebody else answered in their place"),
    "test": _l("It was a test"),
    "unlawful": _l("It should not have been asked or kept"),
}


class WithdrawAnswersForm(Form):
    """Which answers, and why. Questions are offered by their titles: what was answered is not shown."""

    questions = SelectMultipleField(_l("Answers to withdraw"), choices=[], validators=[InputRequired()])
    reason = RadioField(_l("Why"), choices=list(REASONS.items()), validators=[InputRequired()])
    note = StringField(_l("What happened, in your words"), validators=[InputRequired(), Length(min=6, max=500)])
    sure = BooleanField(
        _l("I know that this cannot be undone: words are deleted, and figures change from now on"),
        validators=[InputRequired()],
    )

    @property
    def has_answers(self) -> bool:
        return bool(self.questions.choices)

    def offer(self, invitation: Invitation, answers: Iterable[AnswerEvent]) -> None:
        """Offer the questions that have an answer; all of them are chosen unless somebody chose."""
        version = compile_version(invitation.version.definition)
        language = version.speaks(str(get_locale() or "fr"))
        ids = [event.question_id or "" for event in answers]
        asked = {name: version.question(name) for name in ids}
        self.questions.choices = [(name, one.title[language] if one else name) for name, one in asked.items()]
        if not self.is_submitted():
            self.questions.data = ids
