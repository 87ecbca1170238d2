"""The hours in which messages may go out, and which messages keep to them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from foundation.web.forms import Form
from notifications.hours import DEFAULT_CHOICES
from notifications.windows import Window, closing_time, minutes_between

#: Minutes. Nothing is begun that could outlive the hours, so the last minutes of each window stay unused.
SHORTEST = 30
WEEKDAYS = [
    (0, _l("Monday")),
    (1, _l("Tuesday")),
    (2, _l("Wednesday")),
    (3, _l("Thursday")),
    (4, _l("Friday")),
    (5, _l("Saturday")),
    (6, _l("Sunday")),
]


class WindowForm(Form):
    """The hours in which messages may go out."""

    #: The windows every installation has are called something already.
    needs_name = True
    name = StringField(_l("Name"), validators=[Length(max=80)])
    whose = SelectField(_l("Whose"), coerce=int, validators=[InputRequired()])
    opens = TimeField(_l("Opens at"), validators=[InputRequired()])
    closes = StringField(_l("Closes at"), validators=[InputRequired(), Length(max=5)])
    days = SelectMultipleField(_l("Days"), choices=WEEKDAYS, coerce=int)
    holidays = BooleanField(_l("Also on public holidays"))
    version = HiddenField(default="0")

    def validate_name(self, field: Field) -> None:
        if self.needs_name and not (field.data or "").strip():
            raise ValidationError(_("Give the window a name: it is chosen by it."))

    def validate_closes(self, field: Field) -> None:
        try:
            closes = closing_time(field.data)
        except ValueError:
            raise ValidationError(_("Write the hour as 20:00, or 24:00 for midnight.")) from None
        if self.opens.data and self.opens.data >= closes:
            raise ValidationError(_("This window would never be open: it closes before it opens."))
        if self.opens.data and minutes_between(self.opens.data, closes) < SHORTEST:
            raise ValidationError(_("This window is too short: keep it open for half an hour at least."))

    def validate_days(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("This window would never be open: choose at least one day."))

    def window(self) -> Window:
        """Return what was typed."""
        return Window(self.opens.data, closing_time(self.closes.data), frozenset(self.days.data), self.holidays.data)


def _emails() -> BooleanField:
    return BooleanField(_l("E-mails wait as well"))


class ChoicesForm(Form):
    """Which window the messages of each purpose wait for; an empty choice leaves it to the house."""

    survey = SelectField(_l("Invitations to surveys, in new programmes"), validators=[Optional()])
    survey_emails = _emails()
    acknowledgement = SelectField(_l("Acknowledgement of a complaint"), validators=[Optional()])
    acknowledgement_emails = _emails()
    reply = SelectField(_l("Reply to a complaint"), validators=[Optional()])
    reply_emails = _emails()
    decision = SelectField(_l("Decision on a complaint"), validators=[Optional()])
    decision_emails = _emails()
    #: How often the choices had been changed when the page was opened.
    version = IntegerField(widget=HiddenInput(), default=0, validators=[InputRequired()])

    def pairs(self) -> list[tuple[str, SelectField, BooleanField]]:
        """Return each purpose with its two fields."""
        return [(purpose, self[purpose], self[f"{purpose}_emails"]) for purpose in DEFAULT_CHOICES]
