"""Fields for what a programme declares about weighting."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField

from foundation.web.forms import Form
from surveys.weighting import Weighting

ALL, LAST, NONE = "all", "last", "none"
TOTALS = {"site": ("site",), "channel": ("channel",), "site_channel": ("site", "channel")}


class WeightingFields(Form):
    """Said before anybody answers, and kept with the version."""

    merge = RadioField(
        _l("Where fewer than ten of a stratum answer"),
        choices=[
            (ALL, _l("It joins others: those that differ in the last field first, then in the one before")),
            (LAST, _l("It joins others that differ in the last field only, such as channels of one site")),
            (NONE, _l("It stays by itself: without an answer there, nothing is said of the whole")),
        ],
        default=ALL,
    )
    rake = SelectMultipleField(
        _l("Totals that the weights meet"),
        choices=[
            ("site", _l("Contacts of each site")),
            ("channel", _l("Contacts of each channel")),
            ("site_channel", _l("Contacts of each site and channel")),
        ],
    )

    def weighting(self, strata: Sequence[str]) -> dict[str, Any]:
        """What was chosen, as a programme with these strata keeps it."""
        order = tuple(reversed(strata))
        merge = {ALL: order, LAST: order[:1]}.get(self.merge.data or NONE, ())
        return Weighting(merge, tuple(TOTALS[name] for name in TOTALS if name in (self.rake.data or []))).to_json()


def weighting_typed(stored: dict[str, Any], strata: Sequence[str]) -> dict[str, Any]:
    """What the fields show for what a version declares."""
    said = Weighting.from_json(stored)
    merge = NONE if not said.merge else LAST if len(said.merge) < len(strata) else ALL
    return {"merge": merge, "rake": [name for name, fields in TOTALS.items() if fields in said.rake]}
