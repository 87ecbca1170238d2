"""The questionnaire's own texts on a page, with what is known put into their places."""

from collections.abc import Callable

from flask import g

from foundation.web.i18n import current_language
from surveys.definitions import CompiledVersion
from surveys.interview_events import State
from surveys.piping import names_in, piped
from surveys.public_views.asked import Asked
from surveys.queries.interviews import Interview
from surveys.questions.base import Question
from surveys.services.desk import facts_of

#: Alike on all pages of one principal.
COMMON = {"brand"}
_personal: dict[tuple[str, str], bool] = {}


def worded_in() -> str:
    """The language of the questionnaire's own texts on this page; ``current_language`` is that of the words around."""
    return g.get("wording") or current_language()


def filler(interview: Asked, state: State) -> Callable[[str], str]:
    """What fills in a text for this person, in the language of the page; no contact where all is anonymous.

    At a poster nothing is known but the place.
    """
    language = worded_in()
    facts = {"brand": interview.principal.brand}
    if not isinstance(interview, Interview):
        facts["site"] = interview.site
    elif interview.terms.promise != "anonymous":
        facts |= facts_of(interview, language)
    return lambda text: piped(text, interview.version, state.answers, language, facts)


def is_personal(version: CompiledVersion, question: Question) -> bool:
    """Whether a text of the question names what differs between two people; found once for each published one."""
    key = version.content_hash, question.id
    if key not in _personal:
        _personal[key] = bool(_names(question) - COMMON)
    return _personal[key]


def _names(question: Question) -> set[str]:
    texts = [question.title, question.hint, question.low_end, question.high_end, question.consent]
    texts += [choice.label for choice in question.choices]
    return {name for each in texts for text in each.values() for name in names_in(text)}
