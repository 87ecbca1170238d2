"""What may be asked of the plan of the next period; everything is in the address, so a plan can be kept and sent."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, Field, RadioField
from wtforms.validators import InputRequired, Optional

from foundation.web.forms import Between, Form
from satisfaction.planning import DIFFERENCE, GOALS, MARGIN, VERDICT

GOAL_NAMES = {
    MARGIN: _l("Know the result within a margin"),
    DIFFERENCE: _l("Tell two results apart"),
    VERDICT: _l("Prove that a target is met"),
}


class PlanForm(Form):
    """A goal, and what is known or supposed; percentages and points."""

    class Meta(Form.Meta):
        csrf = False  # it is read, and changes nothing

    goal = RadioField(_l("What the answers are for"), choices=[(each, GOAL_NAMES[each]) for each in GOALS])
    expected = DecimalField(_l("Result expected, in percent"), places=1, validators=[InputRequired(), Between(1, 99)])
    margin = DecimalField(_l("Margin, in points"), places=1, validators=[Optional(), Between(0.5, 30)])
    other = DecimalField(_l("Other result, or target, in percent"), places=1, validators=[Optional(), Between(1, 99)])
    response = DecimalField(
        _l("Response expected, in percent"), places=1, validators=[InputRequired(), Between(0.1, 100)]
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also whether the goal has the number it needs; an optional field that is empty asks no validator."""
        is_good = bool(super().validate(extra_validators))
        field, message = self._missing()
        if message and not field.errors:
            field.errors = [message]
            return False
        return is_good

    def _missing(self) -> tuple[Field, str | None]:
        """The field that the goal reads, and what is wrong with it."""
        if self.goal.data == MARGIN:
            return self.margin, _("Give the margin, such as 5 points either way.") if self.margin.data is None else None
        if self.other.data is None:
            return self.other, _("Give the other result to be told apart, or the target to be proven.")
        is_same = self.goal.data == DIFFERENCE and self.other.data == self.expected.data
        return self.other, _("The two results are the same: nothing can tell them apart.") if is_same else None
