"""What a person wants no more of: said on the page of a link, told to the staff, taken back."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from foundation.web.forms import Form
from notifications.searching import address_typed


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
        if not form.whom.raw_data:
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
        _l("When and how did the customer ask for it?"),
        validators=[
            InputRequired(),
            Length(min=10, message=_l("Write down when and how: a date, a call, a letter.")),
            Length(max=500),
        ],
    )
