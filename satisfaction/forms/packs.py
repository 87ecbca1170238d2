"""Who gets the pack of a principal, and how often."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from foundation.accounts.models import User
from foundation.web.forms import Form
from satisfaction.regular_mails import MONTHLY, WEEKLY

RHYTHM_NAMES = {
    MONTHLY: _l("The first Monday of each month"),
    WEEKLY: _l("Each Monday"),
}


class PackForm(Form):
    """One more reader of a pack."""

    reader = SelectField(_l("Sent to"), coerce=int, validators=[InputRequired()])
    rhythm = SelectField(_l("When"), choices=list(RHYTHM_NAMES.items()), validators=[InputRequired()])

    def offer(self, readers: list[User]) -> None:
        """Let one of these be chosen."""
        self.reader.choices = [(user.id, f"{user.name} · {user.email}") for user in readers]
