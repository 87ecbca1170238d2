"""Fields for whom a programme asks: what is eligible, and what is suppressed, put off or held to a number."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from foundation.web.forms import Form
from surveys.eligibility import Cap, Rules
from surveys.pages import CHANNELS, DIRECTIONS, OUTCOMES

A_CAP = Regexp(r"^\s*0*[1-9]\d{0,5}\s*/\s*0*[1-9]\d{0,3}\s*$", message=_l("Write a number and its days: 3 / 90."))
EFFECTS = [
    ("delay", _l("delays: the contact may be drawn, and its invitation waits")),
    ("block", _l("blocks: the contact is not drawn, and its score stays unknown")),
]


def _words(choices: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(choices.items())


class RuleFields(Form):
    """Whom to ask."""

    outcomes = SelectMultipleField(
        _l("Outcomes"), choices=_words(OUTCOMES), default=["answered"], validators=[InputRequired()]
    )
    directions = SelectMultipleField(
        _l("Directions"), choices=_words(DIRECTIONS), default=["in", "out"], validators=[InputRequired()]
    )
    max_age_days = IntegerField(_l("Oldest contact, in days"), validators=[Optional(), NumberRange(min=1, max=3650)])
    channels = SelectMultipleField(_l("Channels"), choices=_words(CHANNELS), validators=[Optional()])
    languages = StringField(_l("Languages"), validators=[Optional(), Length(max=60)])
    reasons = TextAreaField(_l("Reasons, or groups of them"), validators=[Optional(), Length(max=4000)])
    entry_points = TextAreaField(_l("Entry points"), validators=[Optional(), Length(max=4000)])
    mark = StringField(_l("Column that marks colleagues and tests"), validators=[Optional(), Length(max=60)])
    consent = StringField(_l("Column that says “asked and agreed”"), validators=[Optional(), Length(max=60)])
    certified = RadioField(
        _l("Sites"),
        choices=[("all", _l("All sites")), ("certified", _l("Only sites in the certified scope"))],
        default="all",
    )
    quarantine_days = IntegerField(
        _l("Days without a new invitation"), default=90, validators=[InputRequired(), NumberRange(min=0, max=3650)]
    )
    per_person = StringField(_l("Invitations of one person at most"), validators=[Optional(), A_CAP])
    per_agent = StringField(_l("Invitations about one agent at most"), validators=[Optional(), A_CAP])
    per_entry_point = StringField(_l("Invitations about one entry point at most"), validators=[Optional(), A_CAP])
    complaint = RadioField(_l("An open complaint"), choices=EFFECTS, default="delay")
    answered_days = IntegerField(
        _l("Days without an invitation after an answer"), default=0, validators=[Optional(), NumberRange(0, 3650)]
    )
    answered = RadioField(_l("A recent answer"), choices=EFFECTS, default="delay")

    def rules(self) -> Rules:
        """Whom to ask, as it was typed."""
        return Rules(
            tuple(self.outcomes.data or ()),
            tuple(self.directions.data or ()),
            self.max_age_days.data,
            channels=tuple(self.channels.data or ()),
            entry_points=_lines(self.entry_points.data),
            reasons=_lines(self.reasons.data),
            languages=tuple((self.languages.data or "").replace(",", " ").lower().split()),
            mark=(self.mark.data or "").strip(),
            consent=(self.consent.data or "").strip(),
            certified_only=self.certified.data == "certified",
            complaint=self.complaint.data or "delay",
            answered_days=self.answered_days.data or 0,
            answered=self.answered.data or "delay",
            per_person=cap_typed(self.per_person.data),
            per_agent=cap_typed(self.per_agent.data),
            per_entry_point=cap_typed(self.per_entry_point.data),
        )


def rules_typed(rules: Rules) -> dict[str, Any]:
    """What the fields show for ``rules``."""
    caps = {name: getattr(rules, name) for name in ("per_person", "per_agent", "per_entry_point")}
    plain = ("max_age_days", "mark", "consent", "complaint", "answered_days", "answered")
    return {name: getattr(rules, name) for name in plain} | {
        "outcomes": list(rules.outcomes),
        "directions": list(rules.directions),
        "certified": "certified" if rules.certified_only else "all",
        "channels": list(rules.channels),
        "languages": ", ".join(rules.languages),
        "reasons": "\n".join(rules.reasons),
        "entry_points": "\n".join(rules.entry_points),
        **{name: f"{cap.most} / {cap.days}" if cap else "" for name, cap in caps.items()},
    }


def cap_typed(typed: str | None) -> Cap | None:
    """ "3 / 90" as a cap; None for nothing typed."""
    most, slash, days = (typed or "").partition("/")
    return Cap(int(most), int(days)) if slash else None


def _lines(typed: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())
