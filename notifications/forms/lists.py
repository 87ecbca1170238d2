"""Which messages to list, and one recipient to look for."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from foundation.web.forms import Form
from notifications import pages


def _in_our_time(_form: Form, field: DateField) -> None:
    if field.data is not None and not 2000 <= field.data.year < 2200:
        raise ValidationError(_("This day is too far away."))


class DaysForm(Form):
    """The days on which messages were asked for, and whose; in the address, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    first_day = DateField(_l("Asked for from"), validators=[InputRequired(), _in_our_time])
    last_day = DateField(_l("to (included)"), validators=[InputRequired(), _in_our_time])
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

    first_day = DateField(_l("Asked for from"), validators=[Optional(), _in_our_time])
    last_day = DateField(_l("to (included)"), validators=[Optional(), _in_our_time])
    purpose = SelectField(_l("Purpose"), validators=[Optional()])
    channel = SelectField(_l("Channel"), validators=[Optional()])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.purpose.choices = [("", _("all")), *pages.PURPOSES.items()]
        self.channel.choices = [("", _("all")), *pages.CHANNELS.items()]


class SearchForm(Form):
    """A recipient, written as anybody writes a number or an address."""

    recipient = StringField(_l("Number or e-mail address"), validators=[InputRequired(), Length(max=320)])
