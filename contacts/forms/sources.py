"""The settings of a ready-made mapping as a form: one control a setting, words of a list one a line."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from contacts.forms.mappings import translations
from contacts.forms.source_words import CHOICES, SETTING_NAMES
from contacts.forms.wording import problem_words
from contacts.mapping import Problem
from contacts.models import Site
from contacts.sources.ready import ReadySource
from contacts.sources.settings import Setting, pairs
from foundation.web.forms import Form

NOT_SET = SelectChoice("", "–")


class SourceForm(Form):
    """What a ready-made mapping is told; ``source_form`` adds a control for each setting."""

    def settings(self, ready: ReadySource) -> dict[str, str]:
        """What was typed. Raises BadMapping where a line of words is none."""
        return dict(self._typed(ready))

    def _typed(self, ready: ReadySource) -> Iterator[tuple[str, str]]:
        for setting in ready.settings:
            text = (self.part(setting).data or "").strip()
            if setting.kind == "pairs":
                yield from ((setting.name + word, ours) for word, ours in translations(setting.name, text).items())
            elif text:
                yield setting.name, text

    def part(self, setting: Setting) -> Field:
        """The control of one setting."""
        return self._fields[control_name(setting.name)]

    def show(self, problems: list[Problem], ready: ReadySource) -> None:
        """Put each problem beside the control it is about."""
        for problem in problems:
            control = self._control_of(problem, ready)
            control.errors = [*control.errors, problem_words(problem)]

    def _control_of(self, problem: Problem, ready: ReadySource) -> Field:
        by_code = {"zone-unknown": "zone", "zone-missing": "zone", "country-unknown": "country"}
        by_code |= {"columns-unknown": "columns", "columns-lacking": "columns", "source-missing": "source"}
        name = control_name(by_code.get(problem.code, problem.name))
        return self._fields.get(name, self.part(ready.settings[0]))


def control_name(setting: str) -> str:
    """The name of a setting's control: lists of words end in a dot, which addresses of a page do not bear."""
    return f"{setting[:-1]}_words" if setting.endswith(".") else setting


def source_form(ready: ReadySource, sites: list[Site], known: Mapping[str, str], zone: str) -> SourceForm:
    """The form of ``ready``, filled with what was posted, else with ``known``, else with defaults.

    ``zone`` is proposed where the source asks for one and none is known.
    """
    form_class = type(
        "OneSourceForm", (SourceForm,), {control_name(s.name): _control(s, sites) for s in ready.settings}
    )
    proposed = {setting.name: setting.default for setting in ready.settings if setting.default}
    proposed |= {"source": ready.name, "site": sites[0].key if len(sites) == 1 else ""}
    proposed |= {"zone": zone} if any(s.name == "zone" and s.required for s in ready.settings) else {}
    held = {**proposed, **known}
    return form_class(data={control_name(s.name): _data(s, held) for s in ready.settings})


def _data(setting: Setting, held: Mapping[str, str]) -> str:
    if setting.kind == "pairs":
        return "\n".join(f"{word} = {ours}" for word, ours in pairs(held, setting.name).items())
    return held.get(setting.name, "")


def _control(setting: Setting, sites: list[Site]) -> Any:
    label = SETTING_NAMES[setting.name]
    if setting.name == "site":
        return SelectField(
            label, choices=[NOT_SET, *(SelectChoice(site.key, site.name) for site in sites)], validators=[Optional()]
        )
    if setting.kind == "pairs":
        return TextAreaField(label, render_kw={"rows": 3}, validators=[Optional()])
    if setting.kind == "choice":
        offered = [SelectChoice(choice, CHOICES[choice]) for choice in setting.choices]
        return SelectField(label, choices=offered if setting.default else [NOT_SET, *offered], validators=[Optional()])
    return StringField(label, validators=[Optional(), Length(max=1000, message=_l("This text is too long."))])
