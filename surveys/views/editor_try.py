"""The simulator: play the respondent on the real engine, by web and by SMS at once. Nothing is stored.

What has happened travels in the form, signed, so that two people may try one draft at a time and nothing is left.
"""

from typing import Any

from flask import abort, current_app, render_template, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.filters import local_date
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force, price
from notifications.views.text_words import money
from surveys import trials
from surveys.definitions import CompiledVersion
from surveys.engine import Ask, ChooseLanguage, Ending, Incoming
from surveys.pages import events as event_words
from surveys.public_views import posted
from surveys.publication.document import faults_of_form
from surveys.queries.drafts import Opened, definition_of_hash
from surveys.queries.questionnaires import version_numbered
from surveys.questionnaires import compile_version, content_hash
from surveys.trials import Trial
from surveys.views.blueprint import bp
from surveys.views.drafting import may_write, open_draft, wording
from surveys.views.phone import screen_of

TRY = "/questionnaires/<key>/try"
USUAL_LOW_SCORE = 2
MODES = ("sms", "web")
#: Buttons that end it as a customer can: on the page, or by what arrives from elsewhere.
ENDINGS = {"refuse": "refused", "wrong_person": "wrong_person"}


@bp.get(TRY)
@bp.get(f"{TRY}/<int:number>")
@permitted("surveys.read")
def try_draft(key: str, number: int | None = None) -> str:
    """Say how to begin: in which language, by which way, with which low score."""
    found = open_draft(key)
    definition = _definition(found, number)
    return _page(found, number, definition, None)


@bp.post(TRY)
@bp.post(f"{TRY}/<int:number>")
@permitted("surveys.read")
def play(key: str, number: int | None = None) -> Any:
    """Let one thing happen: an answer, a message, a button, or time."""
    found = open_draft(key)
    if request.form.get("act") == "begin":
        definition = _definition(found, number)
        if _closed_to_trials(definition):
            return _page(found, number, definition, None), 409
        version = compile_version(definition, _low_score())
        return _page(found, number, definition, trials.begun(_begun(definition), version, in_force()))
    trial = _carried()
    definition = (definition_of_hash(found.questionnaire, trial.digest) if trial else None) or found.definition
    if trial is None or content_hash(definition) != trial.digest:
        return _page(found, number, _definition(found, number), None, said=_("Please begin again.")), 409
    version = compile_version(definition, trial.low_score)
    outcome = _played(trial, version)
    status = 400 if outcome.refusals else 200
    return _page(found, number, definition, outcome.trial, outcome.refusals, len(outcome.added)), status


def _played(trial: Trial, version: CompiledVersion) -> trials.Played:
    act = request.form.get("act", "")
    if act == "expire":
        return trials.Played(trials.expired(trial), {})
    incoming = _incoming(act, trial, version)
    return trials.played(trial, version, incoming, in_force()) if incoming else trials.Played(trial, {})


def _incoming(act: str, trial: Trial, version: CompiledVersion) -> Incoming | None:
    """What the button pressed brings in; None for one that only shows something."""
    if act.startswith("sms") and (body := request.form.get("quick") or request.form.get("body", "")).strip():
        return trials.reply(trial, version, body.strip(), local_date(utc_now()))
    if act.startswith(posted.SPEAK):
        return ChooseLanguage(posted.wanted_language(), "web")
    if act in ENDINGS:
        return Ending(ENDINGS[act], "web")
    return posted.incoming() if act == "answer" else None


def _begun(definition: Any) -> Trial:
    language, collection = request.form.get("wording", ""), request.form.get("collection", "")
    language = language if language in definition["languages"] else definition["languages"][0]
    collection = collection if collection in MODES else "sms"
    return Trial(content_hash(definition), language, collection, _low_score())


def _low_score() -> int | None:
    typed = request.form.get("low_score", str(USUAL_LOW_SCORE))
    return int(typed) if typed in ("1", "2", "3") else None


def _definition(found: Opened, number: int | None) -> Any:
    """What is to be played: the draft, or the version of that number."""
    if number is None:
        return found.definition
    version = version_numbered(found.questionnaire, number)
    if version is None:
        abort(404)
    return version.definition


def _closed_to_trials(definition: Any) -> bool:
    """Whether it cannot be compiled yet: the engine runs on nothing less."""
    return next(faults_of_form(definition), None) is not None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="surveys.trial")


def _carried() -> Trial | None:
    """The trial that the form brought back; None for one that no page of ours wrote."""
    try:
        return trials.from_json(_signer().loads(request.form.get("play", "")))
    except (BadData, KeyError, TypeError, ValueError):
        return None


def _page(
    found: Opened,
    number: int | None,
    definition: Any,
    trial: Trial | None,
    refusals: Any = None,
    added: int = 0,
    said: str = "",
) -> str:
    shown: dict[str, Any] = {}
    if trial is not None:
        version = compile_version(definition, trial.low_score)
        language = trials.spoken(trial, version)
        at = request.form.get("at") or next(iter(refusals or {}), None)
        step = trials.step_of(trial, version, "web", at)
        shown = {
            "play": _signer().dumps(trials.as_json(trial)),
            "screen": screen_of(trial, version, step, language, refusals or {}) if isinstance(step, Ask) else None,
            "step": step,
            "spoken": language,
            "path": trials.path_of(trial, version),
            "wished": trials.wished(trial, version),
            "version": version,
        }
    return render_template(
        "surveys/editor_try.html",
        found=found,
        key=found.questionnaire.key,
        number=number,
        definition=definition,
        closed=_closed_to_trials(definition),
        trial=trial,
        added=added,
        said=said,
        reading=current_language(),
        events=event_words,
        price=price(),
        money=money,
        may_write=may_write(),
        **shown,
        **wording(),
    )
