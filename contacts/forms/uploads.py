"""Sending a file, looking through the log, closing a period."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from contacts.forms.scope import id_or_none
from contacts.queries.parties import Choices
from foundation.web.forms import Form


def choices_of(pairs: Choices) -> list[SelectChoice]:
    return [SelectChoice(key, label) for key, label in pairs]


def to_be_chosen(pairs: Choices) -> list[SelectChoice]:
    """The same, after an empty one where there is something to choose."""
    choices = choices_of(pairs)
    return choices if len(choices) < 2 else [SelectChoice("", "–"), *choices]


class UploadForm(Form):
    """A contact log and the principal it is of: chosen by a person where there are several, since a log under the wrong
    one stays there.
    """

    principal = SelectField(
        _l("Principal"), coerce=id_or_none, validators=[InputRequired(_l("Choose whose contacts these are."))]
    )
    kind = SelectField(_l("What wrote the file"), default="")
    file = FileField(_l("Contact log"), validators=[FileRequired(_l("Choose a file."))])
    sheet = StringField(_l("Sheet of a workbook"), validators=[Optional(), Length(max=200)])


class PeriodForm(Form):
    """Days to be closed, both inclusive."""

    principal = SelectField(_l("Principal"), coerce=int, validators=[InputRequired()])
    first_day = DateField(_l("First day"), validators=[InputRequired()])
    last_day = DateField(_l("Last day"), validators=[InputRequired()])
    despite_gaps = BooleanField(_l("Close it although gaps are not explained"))
