"""What may be typed on the pages of messages."""

from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from foundation.timing.calendars import ZONE_REGIONS
from foundation.web.forms import Form
from notifications.alerting import KINDS, Reader
from notifications.hours import DEFAULT_CHOICES
from notifications.pages import ALERT_KINDS, HOWS
from notifications.searching import address_typed
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


class SearchForm(Form):
    """A recipient, written as anybody writes a number or an address."""

    recipient = StringField(_l("Number or e-mail address"), validators=[InputRequired(), Length(max=320)])


class ReplyForm(Form):
    """What a customer types on the simulated phone, or a likely answer they press."""

    body = StringField(_l("Answer as the customer"), validators=[Length(max=1600)])
    quick = StringField(validators=[Optional(), Length(max=20)])

    @property
    def said(self) -> str:
        return self.quick.data or self.body.data or ""

    def validate_body(self, field: StringField) -> None:
        if not self.said.strip():
            raise ValidationError(field.gettext("This field is required."))


class HandledForm(Form):
    """What a person did about an incoming message."""

    note = TextAreaField(_l("What was done"), validators=[Optional(), Length(max=2000)])


class DecideForm(Form):
    """What a person found out about a message in doubt."""

    sent = RadioField(
        _l("What did you find at the provider?"),
        choices=[("yes", _l("It was sent.")), ("no", _l("It was not sent: send it."))],
        validators=[InputRequired()],
    )


class AlertsForm(Form):
    """How somebody wants to be told of each kind of alert, and when they read."""

    due_soon = RadioField(ALERT_KINDS["due_soon"], choices=list(HOWS.items()))
    breached = RadioField(ALERT_KINDS["breached"], choices=list(HOWS.items()))
    low_score = RadioField(ALERT_KINDS["low_score"], choices=list(HOWS.items()))
    stuck = RadioField(ALERT_KINDS["stuck"], choices=list(HOWS.items()))
    daily_hour = SelectField(_l("Hour of the daily digest"), coerce=int)
    opens = SelectField(_l("From (hour)"), coerce=int)
    closes = SelectField(_l("Until (hour)"), coerce=int)
    weekends = BooleanField(_l("At weekends as well"))
    zone = SelectField(_l("Time zone"))
    language = SelectField(_l("Language of the mails"), choices=[("fr", "Français"), ("en", "English")])

    def offer(self, kinds: list[str], zone: str) -> None:
        """Leave the kinds that are open to the role of whoever is signed in; ``zone`` is theirs so far."""
        hours: list[Any] = [(hour, f"{hour:02}:00") for hour in range(25)]
        self.daily_hour.choices, self.opens.choices, self.closes.choices = hours[:24], hours[:24], hours[1:]
        zones = dict.fromkeys(("Europe/Paris", *sorted(ZONE_REGIONS), zone))
        self.zone.choices = [(name, name) for name in zones]
        self.kinds = [self[kind] for kind in kinds]
        for kind in set(KINDS) - set(kinds):
            del self[kind]

    def validate_closes(self, field: SelectField) -> None:
        if self.opens.data is not None and field.data <= self.opens.data:
            raise ValidationError(_("This is not after the hour you begin."))

    def validate_daily_hour(self, field: SelectField) -> None:
        opens, closes = self.opens.data, self.closes.data
        if None not in (opens, closes) and not opens <= field.data < closes:
            raise ValidationError(_("The daily digest would come outside the hours you read."))

    def hows(self) -> dict[str, str]:
        return {field.name: field.data for field in self.kinds}

    def reader(self) -> Reader:
        """Return when they read, as typed."""
        return Reader(**{name: self[name].data for name in asdict(Reader())})

    @staticmethod
    def values_of(reader: Reader) -> dict[str, Any]:
        """Return ``reader`` as the form shows it."""
        return asdict(reader)


class StopForm(Form):
    """What a customer wants no more of, and from whom."""

    topic = RadioField(
        _l("What do you want no more of?"),
        choices=[
            ("survey", _l("Surveys, and the reminders of them")),
            ("reminder", _l("Only the reminders: you are asked once, and no more")),
        ],
        default="survey",
        validators=[Optional()],
    )
    whom = RadioField(_l("From whom?"), default="principal", validators=[Optional()])

    @classmethod
    def on(cls, brand: str, has_principal: bool) -> "StopForm":
        """Return the form of a link; without a principal there is only everyone."""
        form = cls()
        own = [("principal", _("From %(brand)s", brand=brand) if brand else _("From whoever sent this message"))]
        everyone = [("all", _("From all the companies this contact centre writes for"))]
        form.whom.choices = [*own, *everyone] if has_principal else everyone
        if form.whom.data is None:
            form.whom.data = form.whom.choices[0][0]
        return form


class AddressForm(Form):
    """An address, written as anybody writes a number or an e-mail address."""

    address = StringField(_l("Number or e-mail address"), validators=[InputRequired(), Length(max=320)])

    def validate_address(self, field: Field) -> None:
        if address_typed(field.data or "") is None:
            raise ValidationError(_("This is neither a phone number nor an e-mail address."))


class TellStopForm(AddressForm):
    """A stop that a customer told a member of staff."""

    topic = RadioField(
        _l("What do they want no more of?"),
        choices=[
            ("survey", _l("Surveys, and the reminders of them")),
            ("reminder", _l("Only the reminders")),
            ("all", _l("Everything that can be stopped, also what may be added later")),
        ],
        default="survey",
        validators=[InputRequired()],
    )
    principal_id = SelectField(_l("From whom?"), coerce=int, validators=[InputRequired()])
    means = RadioField(
        _l("How did they tell it?"),
        choices=[
            ("phone", _l("on the phone")),
            ("letter", _l("by letter")),
            ("email", _l("by e-mail")),
            ("counter", _l("at the counter")),
        ],
        default="phone",
        validators=[InputRequired()],
    )
    note = TextAreaField(_l("Note"), validators=[Optional(), Length(max=500)])


class LiftStopForm(Form):
    """Why a stop is lifted: only because the customer asked for it."""

    reason = TextAreaField(
        _l("When and how did the customer ask for it?"), validators=[InputRequired(), Length(min=10, max=500)]
    )


class WindowForm(Form):
    """The hours in which messages may go out."""

    name = StringField(_l("Name"), validators=[Optional(), Length(max=80)])
    whose = SelectField(_l("Whose"), coerce=int, validators=[InputRequired()])
    opens = TimeField(_l("Opens at"), validators=[InputRequired()])
    closes = StringField(_l("Closes at"), validators=[InputRequired(), Length(max=5)])
    days = SelectMultipleField(_l("Days"), choices=WEEKDAYS, coerce=int)
    holidays = BooleanField(_l("Also on public holidays"))
    version = HiddenField(default="0")

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

    def pairs(self) -> list[tuple[str, SelectField, BooleanField]]:
        """Return each purpose with its two fields."""
        return [(purpose, self[purpose], self[f"{purpose}_emails"]) for purpose in DEFAULT_CHOICES]


class MailReplyForm(Form):
    """What comes back from the mailbox of whoever got a mail."""

    what = RadioField(
        _l("What comes back"),
        choices=[
            ("answer", _l("An answer")),
            ("absence", _l("An absence notice")),
            ("bounce", _l("A notice that there is no such mailbox")),
        ],
        default="answer",
    )
    body = TextAreaField(_l("What they write"), validators=[InputRequired(), Length(max=20_000)])


class MailForm(Form):
    """A mail that a customer writes to us out of the blue."""

    sender = StringField(_l("From the address"), validators=[InputRequired(), Length(max=254), Email()])
    to = StringField(_l("To the address"), validators=[InputRequired(), Length(max=254), Email()])
    subject = StringField(_l("Subject"), validators=[Optional(), Length(max=200)])
    body = TextAreaField(_l("What they write"), validators=[InputRequired(), Length(max=20_000)])
