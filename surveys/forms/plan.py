"""What may be asked of the planner; everything is in the address, so a plan can be kept and sent."""

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, IntegerField, RadioField, StringField
from wtforms.validators import Optional

from foundation.web.forms import Between, Form
from surveys.forms.rules import A_CAP, EFFECTS


class PlanForm(Form):
    """A margin and a response; and other rules to try."""

    class Meta(Form.Meta):
        csrf = False  # it is read, and changes nothing

    margin = DecimalField(_l("Margin of error wanted, in points"), places=1, validators=[Optional(), Between(0.5, 50)])
    response = DecimalField(_l("Response expected, in percent"), places=1, validators=[Optional(), Between(0.1, 100)])
    quarantine_days = IntegerField(_l("Days without a new invitation"), validators=[Optional(), Between(0, 3650)])
    per_person = StringField(_l("Invitations of one person at most"), validators=[Optional(), A_CAP])
    complaint = RadioField(_l("An open complaint"), choices=EFFECTS, validators=[Optional()])
    answered_days = IntegerField(
        _l("Days without an invitation after an answer"), validators=[Optional(), Between(0, 3650)]
    )
    answered = RadioField(_l("A recent answer"), choices=EFFECTS, validators=[Optional()])
