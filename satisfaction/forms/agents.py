"""The form that records the information of staff."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from foundation.web.forms import Form

NOTICE_REFUSALS = {"in-future": _l("This day is still to come: record it once staff were told.")}


class NoticeForm(Form):
    """Where staff were informed, when and how."""

    site = SelectField(_l("Site"), coerce=int)
    informed_on = DateField(_l("Staff were informed on"), validators=[InputRequired(_l("Give a day."))])
    how = StringField(
        _l("How, and who was consulted"),
        validators=[DataRequired(_l("Say how staff were informed and who was consulted.")), Length(max=300)],
    )
