"""What may be typed on the operator's pages of messages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foundation.web.forms import Form
from notifications import pages


class DaysForm(Form):
    """The days on which messages were asked for, and whose; in the address, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    first_day = DateField(_l("Asked for from"), validators=[InputRequired()])
    last_day = DateField(_l("to (included)"), validators=[InputRequired()])
    principal = SelectField(_l("Principal"), validators=[Optional()])

    def __init__(self, *arguments: Any, principals: Iterable[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.principal.choices = [("", _("all")), *principals]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse days in the wrong order."""
        if not super().validate(extra_validators):
            return False
        if self.first_day.data and self.last_day.data and self.first_day.data > self.last_day.data:
            self.last_day.errors = [_("The last day comes before the first.")]
            return False
        return True


class ListForm(DaysForm):
    """Which messages to show."""

    first_day = DateField(_l("Asked for from"), validators=[Optional()])
    last_day = DateField(_l("to (included)"), validators=[Optional()])
    purpose = SelectField(_l("Purpose"), validators=[Optional()])
    channel = SelectField(_l("Channel"), validators=[Optional()])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.purpose.choices = [("", _("all")), *pages.PURPOSES.items()]
        self.channel.choices = [("", _("all")), *pages.CHANNELS.items()]


class CancelForm(Form):
    """Why a message that waits is taken back."""

    reason = StringField(_l("Why it is not to go out"), validators=[DataRequired(), Length(max=200)])


class PauseForm(Form):
    """Why a sender is to wait until somebody lets it go on."""

    reason = StringField(_l("Why it is to wait"), validators=[DataRequired(), Length(max=200)])


class RateForm(Form):
    """How fast a sender may send; empty for as fast as its provider takes it."""

    rate = DecimalField(
        _l("SMS parts or e-mails in a second, at most"),
        validators=[Optional(), NumberRange(min=Decimal("0.01"), max=1000)],
        use_locale=True,
    )
