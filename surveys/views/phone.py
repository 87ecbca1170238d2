"""The customer's own pages and messages, shown to whoever writes a questionnaire: the same templates, sample values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from foundation.web.i18n import LANGUAGES, current_language, speaking
from notifications.texts import Wordings
from surveys.asking import Ask, Asked
from surveys.definitions import CompiledVersion
from surveys.editing.previewing import Draft, Sms, piped_with, question_sms, saying
from surveys.paths import is_required, path
from surveys.public_views.fields import Field, answered, field_of, typed
from surveys.public_views.screens import SECONDS_A_QUESTION
from surveys.public_views.wording import advice, reason
from surveys.questions.base import Question
from surveys.trials import Trial


@dataclass(frozen=True)
class PhonePage:
    """A question in one language: its form as the customer's page shows it, and its message (None: web only)."""

    language: str
    page: Markup
    sms: Sms | None


def phone_pages(draft: Draft, asked: Question, wordings: Wordings) -> list[PhonePage]:
    """The question in each language of the draft."""
    return [
        PhonePage(
            language,
            form_of(sample_field(draft, asked, language), language),
            question_sms(draft, asked, language, wordings),
        )
        for language in draft.version.languages
    ]


def sample_field(draft: Draft, asked: Question, language: str) -> Field:
    """The empty field of a question with sample values in its texts; its id is one of that language."""
    field = field_of(asked, (), language, asked.required, saying(draft, asked, language))
    return replace(field, id=f"{asked.id}-{language}")


def form_of(field: Field, language: str, several: bool = False) -> Markup:
    """One question as the customer's page has it, without the page around it."""
    with speaking(language if language in LANGUAGES else current_language()):
        words: Mapping[str, Any] = {"advice": advice, "reason": reason}
        return Markup(render_template("surveys/_phone_form.html", field=field, several=several, **words))


def customer_page(draft: Draft, asked: Question, language: str) -> str:
    """The whole page that a customer sees for a question; what is posted from it goes nowhere."""
    version = draft.version
    field = replace(sample_field(draft, asked, language), id=asked.id)
    number = version.questions.index(asked) + 1
    return render_template(
        "survey/question.html",
        fields=[field],
        entered=None,
        title=version.title[language],
        number=number,
        last_number=number,
        total=len(version.questions),
        previous=None,
        minutes=max(1, round(len(version.questions) * SECONDS_A_QUESTION / 60)),
        advice=advice,
        reason=reason,
        preview=True,
        link="",
        csrf="",
        step="",
        key="",
        brand=_("Your brand"),
        mark="VM",
        contact=_("Your call of 17 November, billing"),
        by_phone=True,
        wording=language,
        languages={},
        promise="followed_up",
        controller=_("Your company"),
        by_sms=True,
    )


@dataclass(frozen=True)
class Screen:
    """What a trial shows on the web: the form as the customer has it, and where it stands."""

    form: Markup
    step: str
    number: int
    last: int
    total: int
    previous: str


def screen_of(trial: Trial, version: CompiledVersion, step: Ask, language: str, refusals: Mapping[str, str]) -> Screen:
    """The screen of a trial with what was answered, or just typed and refused, in its fields."""
    state, several = trial.state, len(step.asked) > 1
    fields = [_trial_field(each, trial, version, language, refusals) for each in step.asked]
    on_path = path(version, state, "web")
    return Screen(
        form=Markup("").join(form_of(field, language, several) for field in fields),
        step=step.step,
        number=step.number,
        last=step.number + len(step.asked) - 1,
        total=step.total,
        previous=on_path[step.number - 2].id if step.number > 1 else "",
    )


def _trial_field(
    asked: Asked, trial: Trial, version: CompiledVersion, language: str, refusals: Mapping[str, str]
) -> Field:
    state, question = trial.state, asked.question

    def said(text: str) -> str:
        return piped_with(version, text, language, state.answers)

    field = field_of(question, asked.order, language, is_required(question, state.answers), said)
    if question.id in refusals:
        return typed(field, request.form.getlist(f"q.{question.id}"), refusals[question.id])
    if question.id in state.answers:
        return answered(field, state.answers[question.id], state.words.get(question.id, ""))
    return field
