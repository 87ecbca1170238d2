"""How a sender is held up, and how fast it may send."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from foundation.web.forms import Form


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
