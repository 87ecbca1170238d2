"""What may be typed about questionnaires, programmes and draws."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, StopValidation
from wtforms.widgets import HiddenInput

from foundation.web.forms import Form
from notifications.hours import ANY, HOUSE
from notifications.pages import window_words
from notifications.queries.windows import Named
from surveys.continuous import EVERY_STRATUM
from surveys.designs import SHARING
from surveys.eligibility import FACT, STRATA_FIELDS, Rules
from surveys.forms.designs import DesignFields, design_typed
from surveys.forms.rates import RatesForm
from surveys.forms.rules import RuleFields, rules_typed
from surveys.forms.weighting import WeightingFields, weighting_typed
from surveys.models import ProgrammeVersion
from surveys.pages import COLLECTIONS, FIELDS, METHODS, PROMISES
from surveys.services.programmes import NewProgramme
from surveys.terms import MOST_REMINDERS, USUAL_GAP_HOURS, Terms

ONE_A_LINE = _l("One stratum a line, then a colon and a number: Lille · phone: 40")


def _any_hour() -> SelectChoice:
    return SelectChoice(ANY, _("At any hour"))


def _choices(words: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(code, label) for code, label in words.items()]


class NeededFor:
    """Optional, except for some ways of sharing a sample. A ``validate_…`` would not do: none runs on what is empty."""

    field_flags = {"optional": True}

    def __init__(self, *methods: str, message: Any) -> None:
        self.methods, self.message = methods, message

    def __call__(self, form: "TermsForm", field: Field) -> None:
        if any(str(typed).strip() for typed in field.raw_data or ()):
            return
        field.errors = []
        is_needed = form.method.data in self.methods and not form.is_continuous
        raise StopValidation(self.message if is_needed else None)


class ImportForm(Form):
    """A questionnaire: one of the models, or a file."""

    model = SelectField(_l("Model"))
    file = FileField(_l("File"))

    def validate_file(self, field: Field) -> None:
        if not field.data and not self.model.data:
            raise ValidationError(_("Choose a model or a file."))


class PublishForm(Form):
    """The hash is that of the draft that was looked at."""

    seen = HiddenField(validators=[InputRequired()])


class SeedForm(Form):
    first_day = DateField(_l("First day of the period"), validators=[InputRequired()])
    last_day = DateField(_l("Last day of the period"), validators=[InputRequired()])


class LookedAtForm(Form):
    """What was found about a question of integrity, and the numbers that were seen."""

    question = HiddenField(validators=[InputRequired()])
    part = IntegerField(validators=[NumberRange(min=0)], widget=HiddenInput())
    whole = IntegerField(validators=[NumberRange(min=0)], widget=HiddenInput())
    found = StringField(_l("What was found"), validators=[InputRequired(), Length(min=3, max=500)])


class WithdrawForm(Form):
    """Why a draw that runs is withdrawn."""

    reason = StringField(_l("Why it is withdrawn"), validators=[InputRequired(), Length(min=6, max=500)])


class MixForm(Form):
    """What an auditor gives after a period has closed, to be mixed with its seed."""

    first_day = DateField(_l("First day of the period"), validators=[InputRequired()])
    last_day = DateField(_l("Last day of the period"), validators=[InputRequired()])
    value = StringField(_l("Your value"), validators=[InputRequired(), Length(min=6, max=200)])


class DrawForm(Form):
    """Which period, and how many if not the programme's own number."""

    first_day = DateField(_l("First day of the period"), validators=[InputRequired()])
    last_day = DateField(_l("Last day of the period"), validators=[InputRequired()])
    size = IntegerField(_l("How many to draw"), validators=[Optional(), NumberRange(min=1, max=10_000_000)])

    @classmethod
    def on(cls, first_day: date, last_day: date, size: int | None) -> "DrawForm":
        return cls(formdata=None, first_day=first_day, last_day=last_day, size=size)


#: Which field mends what is refused only once everything is known.
REFUSED_BESIDE = {
    "key-taken": "key",
    "size-missing": "sample_size",
    "merge-not-a-stratum": "merge",
    "rake-unknown-field": "rake",
    "weighting-repeated": "rake",
    "margin-missing": "margin",
    "continuous-certified": "certified",
    "unknown-strata-field": "facts",
    "too-many-strata-fields": "facts",
    "too-many-reminders": "reminders",
    "anonymous-needs-web": "collection",
    "collection-stays": "collection",
    "anonymous-names-agent": "names_agent",
    "bad-rate": "rate",
    "rate-missing": "rate",
    "continuous-anonymous": "draw_kind",
    "continuous-needs-address": "draw_kind",
    "continuous-per-person": "draw_kind",
    "in-force-too-early": "from_day",
    "nothing-changed": "note",
    "programme-changed": "note",
}


class TermsForm(RatesForm, RuleFields, DesignFields, WeightingFields):
    """Whom to ask with which questionnaire, how, and under which promise."""

    #: The principal whose windows may be chosen besides those of the house.
    whose: int = HOUSE

    version_id = SelectField(_l("Questionnaire"), coerce=int, validators=[InputRequired()])
    collection = RadioField(
        _l("How answers are collected"), choices=_choices(COLLECTIONS), default="sms", validators=[InputRequired()]
    )
    promise = RadioField(
        _l("What customers are promised"),
        choices=_choices(PROMISES),
        default="followed_up",
        validators=[InputRequired()],
    )
    low_score = SelectField(
        _l("Low score"),
        choices=[
            SelectChoice("", _l("No score is treated as low")),
            *(SelectChoice(str(score), _l("%(score)s or less", score=score)) for score in (1, 2, 3)),
        ],
        default="2",
    )
    strata = SelectMultipleField(_l("Strata"), choices=_choices(FIELDS), default=["site", "channel"])
    facts = StringField(_l("Strata from other columns of the log"), validators=[Optional(), Length(max=200)])
    method = RadioField(
        _l("How the sample is shared"),
        choices=_choices(METHODS),
        default="proportional",
        validators=[InputRequired()],
    )
    sample_size = IntegerField(
        _l("How many to draw"),
        validators=[
            NeededFor(*SHARING, message=_l("Say how many to draw.")),
            NumberRange(min=1, max=10_000_000),
        ],
    )
    minimum = IntegerField(
        _l("At least from each stratum"), default=2, validators=[InputRequired(), NumberRange(min=0, max=10_000)]
    )
    fixed_sizes = TextAreaField(
        _l("Number for each stratum"), validators=[NeededFor("fixed", message=ONE_A_LINE), Length(max=20_000)]
    )
    validity_days = IntegerField(
        _l("Days the link stays open"), default=7, validators=[InputRequired(), NumberRange(min=1, max=365)]
    )
    send_delay_hours = IntegerField(
        _l("Hours after the contact before a message goes out"),
        default=0,
        validators=[InputRequired(), NumberRange(min=0, max=720)],
    )
    reminders = IntegerField(
        _l("Reminders at most"), default=0, validators=[InputRequired(), NumberRange(min=0, max=MOST_REMINDERS)]
    )
    reminder_gap_hours = IntegerField(
        _l("Hours between two messages at least"),
        default=USUAL_GAP_HOURS,
        validators=[InputRequired(), NumberRange(min=12, max=2000)],
    )
    names_agent = RadioField(
        _l("May a text call the agent by the first name?"),
        choices=[("no", _l("No")), ("yes", _l("Yes, as the log gives it"))],
        default="no",
    )
    window = RadioField(
        _l("When messages go out"),
        default="usual",
        validators=[InputRequired()],
    )

    def validate_fixed_sizes(self, field: Field) -> None:
        if self.method.data == "fixed" and not self.is_continuous and not self.sizes():
            raise ValidationError(ONE_A_LINE)

    def sizes(self) -> dict[str, int]:
        """The numbers typed for each stratum; empty if any line cannot be read."""
        typed = [line.rpartition(":") for line in (self.fixed_sizes.data or "").splitlines() if line.strip()]
        if not all(stratum.strip() and count.strip().isdecimal() for stratum, _colon, count in typed):
            return {}
        return {stratum.strip(): int(count) for stratum, _colon, count in typed}

    def offer_windows(self, known: Sequence[Named]) -> None:
        """Let one of the ``known`` windows be chosen, or none; a principal's own only for that principal."""
        self.windows = known
        by_key = {one.key: one for one in sorted(known, key=lambda one: -one.principal_id)}
        named = [SelectChoice(key, window_words(key, one.name, one.window)) for key, one in by_key.items()]
        self.window.choices = [*sorted(named, key=lambda choice: choice.value != "usual"), _any_hour()]

    def sending_window(self) -> dict[str, Any] | None:
        """The document of the window chosen: the principal's own before that of the house; None for any hour."""
        whose = (self.whose, HOUSE)
        fitting = [one for one in self.windows if one.key == self.window.data and one.principal_id in whose]
        return max(fitting, key=lambda one: one.principal_id).document if fitting else None

    def validate_window(self, field: Field) -> None:
        if field.data != ANY and not field.errors and self.sending_window() is None:
            raise ValidationError(_("This window belongs to another principal."))

    def refuse(self, code: str, words: str) -> None:
        """Show why the whole was refused beside the field that mends it."""
        self[REFUSED_BESIDE.get(code, "version_id")].errors = [words]

    @property
    def _shares_a_size(self) -> bool:
        return self.method.data in SHARING and not self.is_continuous

    def terms(self) -> Terms:
        """What was typed, as what a programme says."""
        ordered = [field for field in STRATA_FIELDS if field in (self.strata.data or [])]
        facts = [FACT + name.strip() for name in (self.facts.data or "").split(",") if name.strip()]
        strata = [*ordered, *facts]
        return Terms(
            version_id=self.version_id.data,
            collection=self.collection.data,
            promise=self.promise.data,
            validity_days=self.validity_days.data,
            low_score=int(self.low_score.data) if self.low_score.data else None,
            rules=self.rules(),
            strata=strata,
            weighting=self.weighting(strata),
            draw_kind=self.draw_kind.data or "batch",
            design={"rates": self.typed_rates()} if self.is_continuous else self.batch_design(),
            method="everyone" if self.is_continuous else self.method.data,
            sample_size=self.sample_size.data if self._shares_a_size else None,
            minimum=self.minimum.data,
            fixed_sizes=self.sizes() if self.method.data == "fixed" and not self.is_continuous else {},
            quarantine_days=self.quarantine_days.data,
            sending_window=self.sending_window(),
            send_delay_hours=self.send_delay_hours.data,
            reminders=self.reminders.data,
            reminder_gap_hours=self.reminder_gap_hours.data,
            names_agent=self.names_agent.data == "yes",
        )


class ProgrammeForm(TermsForm):
    """A programme to make, with what its first version says."""

    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=200)])
    key = StringField(
        _l("Key"),
        validators=[
            InputRequired(),
            Length(max=80),
            Regexp(r"^[a-z0-9][a-z0-9_-]*$", message=_l("Small letters, digits, - and _ only.")),
        ],
    )
    principal_id = SelectField(_l("Principal"), coerce=int, validators=[InputRequired()])

    def programme(self) -> NewProgramme:
        """What was typed, as a programme to make."""
        return NewProgramme(self.key.data, self.name.data, self.principal_id.data, self.terms())


class TermsChangeForm(TermsForm):
    """The next version of a programme; ``seen`` is the number of the version that was looked at."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    from_day = DateField(_l("In force from"), validators=[Optional()])
    note = StringField(_l("What was changed, and why"), validators=[Optional(), Length(max=400)])

    @classmethod
    def of(cls, terms: ProgrammeVersion) -> "TermsChangeForm":
        """The form filled in with what a version says."""
        rules, window = Rules.from_json(terms.rules), terms.sending_window
        rates = dict(terms.design.get("rates", {}))
        said = terms.values | {
            "rate": rates.pop(EVERY_STRATUM, ""),
            "rates": "\n".join(f"{stratum}: {rate}" for stratum, rate in rates.items()),
            "seen": terms.number,
            "low_score": "" if terms.low_score is None else str(terms.low_score),
            "strata": [name for name in terms.strata if not name.startswith(FACT)],
            "facts": ", ".join(name.removeprefix(FACT) for name in terms.strata if name.startswith(FACT)),
            "fixed_sizes": "\n".join(f"{stratum}: {size}" for stratum, size in terms.fixed_sizes.items()),
            "window": window.get("key", ANY) if window else ANY,
            "names_agent": "yes" if terms.names_agent else "no",
        }
        return cls(
            formdata=None,
            data=said
            | rules_typed(rules)
            | design_typed(terms.design)
            | weighting_typed(terms.weighting, terms.strata),
        )
