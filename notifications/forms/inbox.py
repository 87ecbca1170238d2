"""What a person does about one message that came in."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from foundation.web.forms import Form


class HandledForm(Form):
    """What a person did about an incoming message."""

    note = TextAreaField(_l("What was done"), validators=[Optional(), Length(max=2000)])
