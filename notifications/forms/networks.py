"""The weather, as an operator types it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from foundation.web.forms import Form
from notifications.networks import FAILURES, PRESETS, SHARES, Network

LONGEST = 3600


def _share(label: Any) -> IntegerField:
    return IntegerField(label, validators=[InputRequired(), NumberRange(0, 100)], default=0)


def _seconds(label: Any) -> IntegerField:
    return IntegerField(label, validators=[InputRequired(), NumberRange(0, LONGEST)])


class NetworkForm(Form):
    """All of it at once; shares are per cent of the messages."""

    quickest = _seconds(_l("Between two receipts, at least (seconds)"))
    slowest = _seconds(_l("At most (seconds)"))
    failure_30003 = _share(_l("The phone is off (30003)"))
    failure_30005 = _share(_l("The number exists no more (30005)"))
    failure_30006 = _share(_l("A landline (30006)"))
    failure_30007 = _share(_l("Filtered by the operator (30007)"))
    failure_30008 = _share(_l("No reason given (30008)"))
    out_of_order = _share(_l("Receipts in the wrong order"))
    repeated = _share(_l("Receipts that come three times"))
    missing = _share(_l("No receipt at all"))
    lost_answers = _share(_l("The provider takes the message and its answer is lost"))
    refuse_for = IntegerField(
        _l("Refuse everything for so many seconds (429)"), validators=[Optional(), NumberRange(0, LONGEST)]
    )
    own_stops = BooleanField(_l("The provider keeps a list of its own of those who write STOP (21610)"))
    seed = StringField(_l("Seed"), validators=[Length(max=40)])

    @property
    def failures(self) -> list[IntegerField]:
        return [self[f"failure_{code}"] for code in FAILURES]

    def validate_slowest(self, field: IntegerField) -> None:
        if self.quickest.data is not None and field.data < self.quickest.data:
            raise ValidationError(_("This is less than the shortest time."))

    def validate_failure_30008(self, field: IntegerField) -> None:
        if sum(one.data or 0 for one in self.failures) > 100:
            raise ValidationError(_("The failures come to more than 100 % together."))

    def network(self) -> Network:
        """Return what was typed."""
        shares = {name: self[name].data for name in SHARES}
        failures = {code: share for code in FAILURES if (share := self[f"failure_{code}"].data)}
        return Network(
            quickest=self.quickest.data,
            slowest=self.slowest.data,
            failures=failures,
            own_stops=self.own_stops.data,
            seed=(self.seed.data or "").strip(),
            **shares,
        )

    @staticmethod
    def values_of(network: Network) -> dict[str, Any]:
        """Return ``network`` as the form shows it."""
        return network.values() | {f"failure_{code}": network.failures.get(code, 0) for code in FAILURES}


class PresetForm(Form):
    """One of the ready-made weathers."""

    name = SelectField(choices=[(name, name) for name in PRESETS], validators=[InputRequired()])
