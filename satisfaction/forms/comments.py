"""Forms and words of the pages on which comments are read."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from complaints.pages import CATEGORIES
from foundation.web.forms import Form
from satisfaction.emergencies import MOST_LETTERS

EMERGENCY_KINDS = {
    "self_harm": _l("Self-harm"),
    "threat": _l("Threat or violence"),
    "health": _l("Health"),
    "minor": _l("A minor"),
}
WORD_REFUSALS = {
    "empty": _l("Write the word or words."),
    "short": _l("Too short: it would be found in every second comment. Write three letters or more."),
}
MASK_REASONS = {
    "staff": _l("The name of one of our staff"),
    "person": _l("The name of somebody else"),
    "other": _l("Something else that leads to a person (number, address)"),
}
COMMENT_REFUSALS = {
    "not-in-words": _l("These words do not stand in the comment. Copy them as the customer wrote them."),
    "in-hand-first": _l("Words of emergency wait here: take them in hand first."),
    "nobody": _l("Nobody is behind this comment any more, so that nobody could be answered."),
    "no-complaint": _l("Somebody has looked at this answer already and said why it is no complaint."),
    "not-yours": _l("You may not open complaints."),
    "known-code": _l("This tag is in the list already."),
}


def emergency_line(kinds: Iterable[str]) -> str:
    """Say what a comment may speak of, without its words."""
    return _("A comment may speak of an emergency: %(kinds)s. Read it now.", kinds=kinds_words(kinds))


def kinds_words(kinds: Iterable[str]) -> str:
    """The kinds in words, the gravest first."""
    return ", ".join(str(EMERGENCY_KINDS[kind]).lower() for kind in kinds)


class EmergencyWordForm(Form):
    """A phrase for the list of words of emergency."""

    phrase = StringField(
        _l("Word or words"),
        validators=[DataRequired(WORD_REFUSALS["empty"]), Length(max=MOST_LETTERS)],
    )
    kind = SelectField(_l("What it speaks of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(EMERGENCY_KINDS.items())


class TagForm(Form):
    """The tags of a comment."""

    tags = SelectMultipleField(
        _l("Tags"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(), validators=[Optional()]
    )


class MaskForm(Form):
    """Words of a comment that are to be masked, and what they are."""

    phrase = StringField(
        _l("Words to mask"), validators=[DataRequired(_l("Write the words to mask.")), Length(max=200)]
    )
    reason = RadioField(_l("What they are"), choices=list(MASK_REASONS.items()), default="staff")


class CodeForm(Form):
    """A tag of a principal's list."""

    label = StringField(_l("Tag"), validators=[DataRequired(_l("Write what the tag is called.")), Length(max=60)])
    theme = SelectField(_l("Theme"), validators=[Optional()])
    meaning = StringField(_l("When it is given"), validators=[Optional(), Length(max=300)])


class CaseForm(Form):
    """Why a comment is a complaint, and what it is about."""

    category = SelectField(_l("It is about"), validators=[Optional()])
    why = StringField(_l("Why it is a complaint"), validators=[DataRequired(_l("Say why.")), Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [("", _("Not known yet")), *CATEGORIES.items()]


class ActionForm(Form):
    """Something to be done because of a comment."""

    what = StringField(
        _l("What is to be done"), validators=[DataRequired(_l("Say what is to be done.")), Length(max=200)]
    )
    owner = SelectField(_l("By whom"), coerce=int)
    due_on = DateField(_l("Until when"), validators=[InputRequired(_l("Give a day."))])


class DoneForm(Form):
    """What came of it."""

    result = StringField(_l("What came of it"), validators=[DataRequired(_l("Say what came of it.")), Length(max=300)])
