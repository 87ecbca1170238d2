"""The form that takes in what was collected elsewhere, and why a file or a line is not taken."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from foundation.web.forms import Form
from satisfaction.elsewhere import ANSWERS, FIGURES, LONGEST_SOURCE, BadElsewhere

KINDS = {
    ANSWERS: _l("Answers, one in each line"),
    FIGURES: _l("Figures that somebody computed, one in each line"),
}
SCALE_WORDS = {
    "satisfaction": _l("Satisfaction, from 1 to 5"),
    "recommendation": _l("Recommendation, from 0 to 10"),
    "effort": _l("Ease, from 1 to 7"),
    "solved": _l("Solved at the first contact, 1 or 0"),
}
LINE_FAULTS = {
    "missing": _l("is empty"),
    "too-long": _l("is too long"),
    "off-scale": _l("is outside the scale"),
    "unknown-indicator": _l("is no figure we know"),
    "unknown-site": _l("is no site of ours"),
    "bad-period": _l("comes before the first day"),
    "bad-interval": _l("both limits or neither, with the figure between them"),
    "not-a-day": _l("is no day"),
    "not-a-number": _l("is no whole number we can use"),
    "not-a-share": _l("is no share: write it without %"),
    "share-above-one": _l("write a share as 0.82 or 82 %"),
}


def file_fault(fault: BadElsewhere) -> str:
    """Say why a file cannot be used."""
    said = {
        "no-source": _("Write who collected it."),
        "no-indicator": _("Say what the answers are."),
        "bad-map": _("The mapping is not what the documentation describes."),
        "unknown-field": _("The mapping names “%(name)s”, which is no column we read.", name=fault.name),
        "column-missing": _("There is no column “%(name)s”.", name=fault.name),
        "unreadable-file": _("This file is no table that can be read. Send it as CSV, XLSX or ODS."),
    }
    return said[fault.code]


class ElsewhereForm(Form):
    """A file from elsewhere, who collected it, and what its lines are."""

    source = StringField(
        _l("Who collected it"), validators=[DataRequired(_l("Write who collected it.")), Length(max=LONGEST_SOURCE)]
    )
    kind = RadioField(_l("What the file holds"), choices=list(KINDS.items()), default=FIGURES)
    indicator = SelectField(_l("What the answers are"), validators=[Optional()])
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])
    mapping = FileField(_l("Mapping (JSON)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator.choices = list(SCALE_WORDS.items())
