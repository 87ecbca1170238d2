"""What may be typed on the pages of texts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput, TextInput

from foundation.web.forms import Form

CURRENCIES = ("EUR", "GBP", "CHF", "USD")


class TextForm(Form):
    """What a message is to say, and why it changes; ``version`` counts the changes its writer had seen."""

    subject = StringField(_l("Subject"), validators=[Length(max=300)])
    body = TextAreaField(_l("What it says"), validators=[Length(max=8000)])
    folded = BooleanField(_l("Write it in letters of the SMS alphabet only"))
    note = StringField(_l("Why it changes"), validators=[Optional(), Length(max=500)])
    version = IntegerField(widget=HiddenInput(), default=0, validators=[InputRequired()])


class RestoreForm(Form):
    """Which version to put in force again; 0 is the product's own words."""

    number = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])


class PriceForm(Form):
    """What one part of an SMS costs; ``seen`` is what its writer saw."""

    amount = DecimalField(
        _l("Price of one part"),
        use_locale=True,
        number_format="0.00####",
        widget=TextInput(),
        validators=[InputRequired(), NumberRange(min=0, max=100)],
    )
    currency = SelectField(_l("Currency"), choices=[SelectChoice(code, code) for code in CURRENCIES])
    seen = StringField(widget=HiddenInput(), validators=[Optional(), Length(max=20)])
