"""What a person does about one message that goes out."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from foundation.web.forms import Form


class DecideForm(Form):
    """What a person found out about a message in doubt."""

    sent = RadioField(
        _l("What did you find at the provider?"),
        choices=[("yes", _l("It was sent.")), ("no", _l("It was not sent: send it."))],
        validators=[InputRequired()],
    )


class CancelForm(Form):
    """Why a message that waits is taken back."""

    reason = StringField(_l("Why it is not to go out"), validators=[DataRequired(), Length(max=200)])
