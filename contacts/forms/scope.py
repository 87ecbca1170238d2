"""Entry points, the certified scope of a site, the tree of reasons, and what sources say."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from contacts.forms.wording import CHANNEL_NAMES, DIRECTION_NAMES
from contacts.models import Principal, Site
from foundation.web.forms import Form


def _named(names: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, name) for value, name in names.items()]


def id_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class EntryPointForm(Form):
    """An entry point that is changed: its address is what it is, so it stays."""

    version = IntegerField(widget=HiddenInput(), default=1)
    name = StringField(_l("Name"), validators=[Optional(), Length(max=200)])
    site_id = SelectField(_l("Site"), coerce=id_or_none, validators=[Optional()])
    first_day = DateField(_l("Open from"), validators=[Optional()])
    last_day = DateField(_l("Open until, inclusive"), validators=[Optional()])

    def offer(self, sites: list[Site], needed: bool) -> None:
        """The sites to choose from; ``needed`` where the reader sees only some of them."""
        if needed:
            self.site_id.validators = [InputRequired()]
        several = [] if needed else [SelectChoice("", _l("several sites"))]
        self.site_id.choices = [*several, *(SelectChoice(site.id, site.name) for site in sites)]

    def values(self) -> dict[str, Any]:
        return {
            "name": (self.name.data or "").strip(),
            "site_id": self.site_id.data,
            "first_day": self.first_day.data,
            "last_day": self.last_day.data,
        }


class NewEntryPointForm(EntryPointForm):
    """An entry point that is added."""

    channel = SelectField(_l("Channel"), choices=_named(CHANNEL_NAMES))
    direction = SelectField(_l("Direction"), choices=_named(DIRECTION_NAMES))
    address = StringField(_l("Number, address or queue"), validators=[InputRequired(), Length(max=200)])

    def values(self) -> dict[str, Any]:
        mine = {name: self[name].data for name in ("channel", "direction")}
        return {**super().values(), **mine, "address": self.address.data.strip()}


class ListForm(Form):
    """A list that comes as a file."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])


class SpanForm(PlainForm):
    """Days on which a site is in the certified scope; empty days take the line away."""

    first_day = DateField(_l("From"), validators=[Optional()])
    last_day = DateField(_l("To, inclusive"), validators=[Optional()])
    principal_id = SelectField(_l("Principal"), coerce=id_or_none, validators=[Optional()])


class CertifiedForm(Form):
    """Every span of one site."""

    version = IntegerField(widget=HiddenInput(), default=1)
    spans = FieldList(FormField(SpanForm))

    def offer(self, principals: list[Principal]) -> None:
        choices = [SelectChoice("", _l("all")), *(SelectChoice(one.id, one.name) for one in principals)]
        for line in self.spans:
            line.form.principal_id.choices = choices


class TreeForm(Form):
    """The tree of reasons as an outline."""

    version = IntegerField(widget=HiddenInput(), default=0)
    outline = TextAreaField(_l("Tree of reasons"), validators=[InputRequired(), Length(max=200_000)])


class CountForm(Form):
    """What one source says of one day."""

    source = StringField(_l("Source"), validators=[InputRequired(), Length(max=60)])
    site_id = SelectField(_l("Site"), coerce=int)
    channel = SelectField(_l("Channel"), choices=_named(CHANNEL_NAMES))
    day = DateField(_l("Day"), validators=[InputRequired()])
    contacts = IntegerField(_l("Contacts it had"), validators=[InputRequired(), NumberRange(min=0, max=100_000_000)])

    def offer(self, sites: list[Site]) -> None:
        self.site_id.choices = [SelectChoice(site.id, site.name) for site in sites]


class CountListForm(ListForm):
    """What a source says, as a file."""

    source = StringField(_l("Source, where the file names none"), validators=[Optional(), Length(max=60)])


class ConfirmForm(Form):
    """A yes to something that is better not done by chance."""

    despite_gaps = BooleanField(_l("Close it all the same"))
