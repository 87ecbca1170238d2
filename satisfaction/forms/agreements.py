"""What is agreed with a principal: an indicator, its target, how it is judged, of whom, and for which days."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from foundation.web.forms import Between, Form
from satisfaction.cadences import EACH, QUARTER, YEAR
from satisfaction.indicators import SHARE
from satisfaction.models import TargetVersion
from satisfaction.services.agreeing import Signature, Terms
from satisfaction.targets import TARGETS
from satisfaction.verdicts import OBSERVED, PROVEN
from surveys.models import Programme
from surveys.terms import POPULATION_NAMES

CADENCE_NAMES = {EACH: _l("Each period"), QUARTER: _l("Each calendar quarter"), YEAR: _l("Each calendar year")}
Choices = Sequence[tuple[str, str]]


class AgreementForm(Form):
    """Shares are typed in percent; averages, scores, rates and days as they are."""

    seen = HiddenField()
    title = StringField(_l("What is promised"), validators=[InputRequired(), Length(max=200)])
    indicator = SelectField(_l("Result"), validators=[InputRequired()])
    programme_id = SelectField(_l("Programme"), coerce=int)
    target = DecimalField(_l("Target"), places=None, validators=[InputRequired(), Between(-100, 3650)])
    tolerance = DecimalField(_l("Tolerance"), places=None, default=0, validators=[Optional(), Between(0, 1000)])
    decision = RadioField(
        _l("How it is decided"),
        choices=[
            (PROVEN, _l("Proven: the whole range must lie on the right side of the target")),
            (OBSERVED, _l("Observed: the result alone is held against the target, and said to be not proven")),
        ],
        default=PROVEN,
    )
    confidence_level = SelectField(
        _l("Confidence"), coerce=float, choices=[(0.9, "90 %"), (0.95, "95 %"), (0.99, "99 %")], default=0.95
    )
    minimum_answers = IntegerField(
        _l("Answers at least"), default=30, validators=[InputRequired(), Between(1, 100_000)]
    )
    minimum_response = DecimalField(
        _l("Response at least, in percent"), places=1, validators=[Optional(), Between(0.1, 100)]
    )
    cadence = SelectField(_l("Judged"), choices=list(CADENCE_NAMES.items()), default=EACH)
    site = SelectField(_l("Sites"))
    channel = SelectField(_l("Channels"))
    first_day = DateField(_l("From"), validators=[InputRequired()])
    last_day = DateField(_l("Until"), validators=[Optional()])

    def offer(self, indicators: Choices, programmes: Sequence[Programme], sites: Choices, channels: Choices) -> None:
        """Let these be chosen."""
        self.indicator.choices = list(indicators)
        self.programme_id.choices = [(0, _l("None: it comes from the register")), *((p.id, p.name) for p in programmes)]
        self.site.choices = [("", _l("All together")), ("*", _l("Each by itself")), *sites]
        self.channel.choices = [("", _l("All together")), ("*", _l("Each by itself")), *channels]
        self.programmes = {each.id: each for each in programmes}

    def terms(self) -> Terms:
        """What was typed."""
        target = TARGETS[self.indicator.data]
        scale = 100 if target.unit == SHARE else 1
        programme = self.programmes.get(self.programme_id.data) if target.of_survey else None
        response = self.minimum_response.data
        return Terms(
            title=self.title.data.strip(),
            indicator=target.code,
            target=float(self.target.data) / scale,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            programme_id=programme.id if programme else None,
            tolerance=float(self.tolerance.data or 0) / scale,
            decision=self.decision.data,
            confidence_level=self.confidence_level.data,
            minimum_answers=self.minimum_answers.data,
            minimum_response=float(response) / 100 if response is not None and target.of_survey else None,
            population_name=POPULATION_NAMES[programme.latest.draw_kind] if programme else None,
            cadence=self.cadence.data,
            site=self.site.data,
            channel=self.channel.data if target.of_survey else "",
        )

    def refuse(self, field: str, words: str) -> None:
        """Show a refusal beside its field, or beside the title where it is about all of it."""
        self[field if field in self else "title"].errors = [words]


def typed(version: TargetVersion) -> Mapping[str, Any]:
    """The fields filled in with what a version says."""
    scale = 100 if TARGETS[version.indicator].unit == SHARE else 1
    same = ("title", "indicator", "decision", "confidence_level", "minimum_answers", "cadence", "site", "channel")
    return {name: getattr(version, name) for name in (*same, "first_day", "last_day")} | {
        "seen": str(version.number),
        "programme_id": version.programme_id or 0,
        "target": round(version.target * scale, 6),
        "tolerance": round(version.tolerance * scale, 6),
        "minimum_response": None if version.minimum_response is None else round(100 * version.minimum_response, 1),
    }


class SignatureForm(Form):
    """Who signed for each side, and when; from then on it is the rule of the periods that begin."""

    seen = HiddenField()
    signed_for_principal = StringField(_l("Signed for the principal by"), validators=[InputRequired(), Length(max=200)])
    signed_for_provider = StringField(_l("Signed for the provider by"), validators=[InputRequired(), Length(max=200)])
    signed_on = DateField(_l("On"), validators=[InputRequired()])

    def signature(self) -> Signature:
        return Signature(self.signed_for_principal.data, self.signed_for_provider.data, self.signed_on.data)
