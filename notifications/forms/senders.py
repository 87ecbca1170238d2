"""How a sender is held up, and how fast it may send."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from foundation.web.forms import Form


class PauseForm(Form):
    """Why a sender is to wait until somebody lets it go on."""

    reason = StringField(_l("Why it is to wait"), validators=[DataRequired(), Length(max=200)])


class _Rate(DecimalField):
    """A number that says once, and in the words of a rate, that it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = Decimal("NaN") if valuelist[0].strip() else None


class RateForm(Form):
    """How fast a sender may send; empty for as fast as its provider takes it."""

    rate = _Rate(
        _l("SMS parts or e-mails in a second, at most"),
        validators=[
            Optional(),
            NumberRange(
                Decimal("0.01"), 1000, _l("Write a number from 0.01 to 1,000, or leave it empty for no limit.")
            ),
        ],
        use_locale=True,
        # A browser shows « 2,5 » in a field of numbers as nothing, and nothing means no limit.
        widget=TextInput(),
    )
