"""How somebody wants to be told by itself, and when."""

from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import ValidationError

from foundation.timing.calendars import ZONE_REGIONS
from foundation.web.forms import Form
from notifications.alerting import FIXED, KINDS, Reader
from notifications.pages import ALERT_KINDS, HOWS


class AlertsForm(Form):
    """How somebody wants to be told of each kind of alert, and when they read."""

    due_soon = RadioField(ALERT_KINDS["due_soon"], choices=list(HOWS.items()))
    breached = RadioField(ALERT_KINDS["breached"], choices=list(HOWS.items()))
    low_score = RadioField(ALERT_KINDS["low_score"], choices=list(HOWS.items()))
    no_file = RadioField(ALERT_KINDS["no_file"], choices=list(HOWS.items()))
    stuck = RadioField(ALERT_KINDS["stuck"], choices=list(HOWS.items()))
    counts_off = RadioField(ALERT_KINDS["counts_off"], choices=list(HOWS.items()))
    daily_hour = SelectField(_l("Hour of the daily digest"), coerce=int)
    opens = SelectField(_l("From (hour)"), coerce=int)
    closes = SelectField(_l("Until (hour)"), coerce=int)
    weekends = BooleanField(_l("At weekends as well"))
    zone = SelectField(_l("Time zone"))
    language = SelectField(_l("Language of the mails"), choices=[("fr", "Français"), ("en", "English")])

    def offer(self, kinds: list[str], zone: str) -> None:
        """Leave the kinds that are open to the role of whoever is signed in; ``zone`` is theirs so far."""
        hours: list[Any] = [(hour, f"{hour:02}:00") for hour in range(25)]
        self.daily_hour.choices, self.opens.choices, self.closes.choices = hours[:24], hours[:24], hours[1:]
        zones = dict.fromkeys(("Europe/Paris", *sorted(ZONE_REGIONS), zone))
        self.zone.choices = [(name, name) for name in zones]
        chosen = [kind for kind in kinds if kind not in FIXED]
        self.kinds = [self[kind] for kind in chosen]
        for kind in set(KINDS) - FIXED - set(chosen):
            del self[kind]

    def validate_closes(self, field: SelectField) -> None:
        if self.opens.data is not None and field.data <= self.opens.data:
            raise ValidationError(_("This is not after the hour you begin."))

    def validate_daily_hour(self, field: SelectField) -> None:
        opens, closes = self.opens.data, self.closes.data
        if None not in (opens, closes) and not opens <= field.data < closes:
            raise ValidationError(_("The daily digest would come outside the hours you read."))

    def hows(self) -> dict[str, str]:
        return {field.name: field.data for field in self.kinds}

    def reader(self) -> Reader:
        """Return when they read, as typed."""
        return Reader(**{name: self[name].data for name in asdict(Reader())})

    @staticmethod
    def values_of(reader: Reader) -> dict[str, Any]:
        """Return ``reader`` as the form shows it."""
        return asdict(reader)
