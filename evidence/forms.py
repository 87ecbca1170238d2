"""What may be asked of a binder."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from contacts.models import Principal
from foundation.web.forms import Form
from surveys.models import Programme


class BinderForm(Form):
    """A principal, days and a programme or all of them; read from the address, and posted to ask for the binder."""

    principal = SelectField(_l("Principal"), validators=[InputRequired(_l("Choose a principal."))])
    first_day = DateField(_l("From"), validators=[InputRequired(_l("Give the first day."))])
    last_day = DateField(_l("To"), validators=[InputRequired(_l("Give the last day."))])
    survey = SelectField(_l("Programme"), validators=[Optional()])

    def offer(self, principals: list[Principal], programmes: list[Programme]) -> None:
        """Fill in what there is to choose from."""
        self.principal.choices = [(principal.key, principal.name) for principal in principals]
        self.survey.choices = [("", _l("All programmes")), *((each.key, each.name) for each in programmes)]
