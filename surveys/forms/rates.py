"""Fields for contacts that are drawn as they arrive."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from foundation.web.forms import Form
from surveys.continuous import CONTINUOUS, EVERY_STRATUM
from surveys.pages import DRAW_KINDS


class RatesForm(Form):
    """When contacts are drawn, and at which rates where they are drawn as they arrive."""

    draw_kind = RadioField(
        _l("When contacts are drawn"), choices=list(DRAW_KINDS.items()), default="batch", validators=[Optional()]
    )
    rate = StringField(_l("Rate of a continuous draw"), validators=[Optional(), Length(max=21)])
    rates = TextAreaField(_l("Other rates by stratum"), validators=[Optional(), Length(max=20_000)])

    @property
    def is_continuous(self) -> bool:
        return bool(self.draw_kind.data == CONTINUOUS)

    def typed_rates(self) -> dict[str, str]:
        """The rates typed: by stratum, and of all others under an empty name."""
        typed = [line.rpartition(":") for line in (self.rates.data or "").splitlines() if line.strip()]
        others = {stratum.strip(): rate.replace(" ", "") for stratum, _colon, rate in typed}
        return {EVERY_STRATUM: (self.rate.data or "").replace(" ", "")} | others if self.rate.data else others
