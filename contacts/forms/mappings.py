"""The mapping as it is made on the page: for each field a column, or the same word in every row."""

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from contacts.forms.wording import CHANNEL_NAMES, DIRECTION_NAMES, FIELD_NAMES, OUTCOME_NAMES, problem_words
from contacts.mapping import FIELDS, REQUIRED, TRANSLATED, BadMapping, Mapping, Problem, Source, from_json
from contacts.models import Site
from foundation.web.forms import Form

#: Fields that may be put together from two columns, such as a date and a time.
JOINED = ("external_id", "started_at")
#: Fields that may be the same in every row.
CONSTANT = ("site", "channel", "direction", "outcome", "reason", "language")
LISTS = {"channel": CHANNEL_NAMES, "direction": DIRECTION_NAMES, "outcome": OUTCOME_NAMES}
NO_CHOICE = SelectChoice("", "–")


class MappingForm(Form):
    """What a mapping says beside its fields; ``mapping_form`` adds the fields of a file."""

    source = StringField(_l("Name of this source"), validators=[InputRequired(), Length(max=60)])
    zone = StringField(_l("Time zone of the times"), validators=[Optional(), Length(max=60)])
    dates = RadioField(
        _l("Dates such as 03/04/2026"),
        choices=[SelectChoice("day-first", _l("3 April")), SelectChoice("month-first", _l("4 March"))],
        default="day-first",
    )
    country = StringField(
        _l("Country of phone numbers written without one"),
        validators=[Optional(), Regexp(r"^\s*[A-Za-z]{2}\s*$")],
        default="FR",
    )
    agents_named = BooleanField(_l("Texts to customers may call the agents of this log by their first names"))
    facts = SelectMultipleField(_l("Further columns to keep with each contact"), validators=[Optional()])

    def part(self, field: str, name: str) -> Field | None:
        """The control for ``name`` ("column", "second", "constant", "values") of ``field``, if it has one."""
        return self._fields.get(f"{field}_{name}")

    def typed(self, field: str, name: str) -> str:
        control = self.part(field, name)
        return (control.data or "").strip() if control else ""

    def document(self) -> dict[str, Any]:
        """The JSON form of what was typed. Raises BadMapping where a line of translations is none."""
        return {
            "source": (self.source.data or "").strip(),
            "fields": dict(self._field_documents()),
            "zone": (self.zone.data or "").strip(),
            "dates": self.dates.data,
            "country": self.country.data or "FR",
            "facts": self.facts.data or [],
            "agents_named": bool(self.agents_named.data),
        }

    def _field_documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for field in FIELDS:
            columns = [column for column in (self.typed(field, "column"), self.typed(field, "second")) if column]
            if columns:
                yield field, {"columns": columns, "values": translations(field, self.typed(field, "values"))}
            elif self.typed(field, "constant"):
                yield field, {"constant": self.typed(field, "constant")}

    def show(self, problems: list[Problem]) -> None:
        """Put each problem beside the control it is about."""
        for problem in problems:
            control = self._control_of(problem)
            control.errors = [*control.errors, problem_words(problem)]

    def _control_of(self, problem: Problem) -> Field:
        for start, control in (("zone", self.zone), ("country", self.country)):
            if problem.code.startswith(start):
                return control
        part = "values" if problem.code == "words-form" else "column"
        return self.part(problem.name, part) or self.source


def translations(field: str, text: str) -> dict[str, str]:
    """The words of the log and what they mean, from lines such as "Y = answered"."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if any(not (word.strip() and sign and ours.strip()) for word, sign, ours in pairs):
        raise BadMapping([Problem("words-form", field)])
    return {word.strip(): ours.strip() for word, _sign, ours in pairs}


def mapping_form(columns: list[str], sites: list[Site], known: Mapping | None = None) -> MappingForm:
    """The form for a file with these columns, filled with what was posted, else with ``known``."""
    controls: dict[str, Any] = {}
    for field in FIELDS:
        controls |= _controls(field, columns, sites)
    form_class = type("FileMappingForm", (MappingForm,), controls)
    form = form_class(data=_as_data(known) if known else None)
    form.facts.choices = [SelectChoice(column, column) for column in columns]
    return form


def _controls(field: str, columns: list[str], sites: list[Site]) -> dict[str, Any]:
    name = FIELD_NAMES[field]
    offered = [NO_CHOICE, *(SelectChoice(column, column) for column in columns)]
    controls = {f"{field}_column": _select(_l("Column for “%(field)s”", field=name), offered)}
    if field in JOINED:
        controls[f"{field}_second"] = _select(_l("Second column for “%(field)s”", field=name), offered)
    if field in CONSTANT:
        controls[f"{field}_constant"] = _constant(field, _l("Same “%(field)s” in every row", field=name), sites)
    if field in TRANSLATED:
        controls[f"{field}_values"] = TextAreaField(
            _l("Words for “%(field)s” and their meaning", field=name), render_kw={"rows": 2}
        )
    return controls


def _select(label: Any, choices: list[SelectChoice]) -> SelectField:
    return SelectField(label, choices=choices, validators=[Optional()])


def _constant(field: str, label: Any, sites: list[Site]) -> Field:
    if field == "site":
        return _select(label, [NO_CHOICE, *(SelectChoice(site.key, site.name) for site in sites)])
    if field in LISTS:
        return _select(label, [NO_CHOICE, *(SelectChoice(value, name) for value, name in LISTS[field].items())])
    return StringField(label, validators=[Optional(), Length(max=200)])


def _as_data(mapping: Mapping) -> dict[str, Any]:
    data: dict[str, Any] = {
        "source": mapping.source,
        "zone": mapping.zone,
        "dates": mapping.dates,
        "country": mapping.country,
        "facts": list(mapping.facts),
        "agents_named": mapping.agents_named,
    }
    for field, source in mapping.fields.items():
        data |= {f"{field}_{name}": value for name, value in _parts(source).items()}
    return data


def _parts(source: Source) -> dict[str, str]:
    column, second = (*source.columns, "", "")[:2]
    values = "\n".join(f"{word} = {ours}" for word, ours in source.values.items())
    return {"column": column, "second": second, "constant": source.constant, "values": values}


def typed_mapping(form: MappingForm) -> Mapping:
    """The mapping that was typed. Raises BadMapping."""
    return from_json(form.document())


def is_required(field: str) -> bool:
    return field in REQUIRED
