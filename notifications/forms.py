"""What may be typed on the pages of messages."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from foundation.web.forms import Form


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
