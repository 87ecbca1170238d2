"""The messages of an interview by SMS, put together: the questionnaire's own words, else those in force, else ours."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from notifications.texts import Template, Wordings, fill
from surveys.asking import Asked, order_by_sms
from surveys.definitions import CompiledVersion
from surveys.interview_events import State
from surveys.message_texts import DEFAULTS
from surveys.paths import path
from surveys.piping import piped
from surveys.questions.base import Option, Question, Value

Messages = Mapping[str, Mapping[str, str]]
NO_FACTS: Mapping[str, str] = {}
NO_ANSWERS: Mapping[str, Value] = {}
SECONDS_A_QUESTION = 12
#: In so many characters the reader knows who asks and why; a telephone shows them without opening the message. A brand
#: of up to 24 letters leaves room for the contact in both languages, the longest allowed one (40) only for itself.
FIRST_WORDS = 40

FORMS: Messages = {
    "scale": {
        "fr": "Répondez par un chiffre de {lowest} à {highest}.",
        "en": "Reply with a number from {lowest} to {highest}.",
    },
    "declining": {"fr": "Ou répondez : {list}.", "en": "Or reply: {list}."},
    "yes_no": {"fr": "Répondez OUI ou NON.", "en": "Reply YES or NO."},
    "choice": {"fr": "Répondez par un chiffre : {list}.", "en": "Reply with a number: {list}."},
    "several": {
        "fr": "Répondez par un ou plusieurs chiffres : {list}.",
        "en": "Reply with one or more numbers: {list}.",
    },
    "number": {"fr": "Répondez par un nombre.", "en": "Reply with a number."},
    "date": {"fr": "Répondez par une date, comme 25/12/2026.", "en": "Reply with a date such as 25/12/2026."},
    "comment": {"fr": "Répondez avec vos mots, ou 0 pour passer.", "en": "Reply in your own words, or 0 to go on."},
}
#: Short, so that brand and contact stand in the first forty characters of the invitation: see ``FIRST_WORDS``.
CONTACTS: Messages = {
    "phone": {"fr": "votre appel", "en": "your call"},
    "phone_out": {"fr": "notre appel", "en": "our call"},
    "email": {"fr": "votre courriel", "en": "your e-mail"},
    "chat": {"fr": "votre chat", "en": "your chat"},
    "sms": {"fr": "votre SMS", "en": "your text"},
    "web": {"fr": "votre demande", "en": "your request"},
    "post": {"fr": "votre courrier", "en": "your letter"},
    "social": {"fr": "votre message", "en": "your message"},
    "other": {"fr": "votre échange", "en": "your contact"},
}
ON_DAY = {"fr": "{contact} du {day} {month}", "en": "{contact} of {day} {month}"}
# "aout" is the spelling of 1990 and fits the GSM alphabet; "août" would double the price of the message.
MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "aout", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}


def contact_phrase(channel: str, direction: str, day: date, reason: str, language: str) -> str:
    """The contact in a few words, "votre appel du 17 nov. (facturation)"; ``day`` is that of the site's zone."""
    kind = "phone_out" if (channel, direction) == ("phone", "out") else channel
    said = _said(CONTACTS.get(kind, CONTACTS["other"]), language)
    months = MONTHS.get(language, MONTHS["en"])
    phrase = fill(_said(ON_DAY, language), contact=said, day=str(day.day), month=months[day.month - 1])
    # "Facturation" goes on in small letters; "SAV" stays as it is.
    named = reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason
    return f"{phrase} ({named})" if named else phrase


def facts(site: str, channel: str, direction: str, day: date, reason: str, agent: str, language: str) -> dict[str, str]:
    """What a text may say of the contact. ``agent`` is the first name, empty where the programme does not allow it."""
    months = MONTHS.get(language, MONTHS["en"])
    kind = "phone_out" if (channel, direction) == ("phone", "out") else channel
    return {
        "site": site,
        "channel": _said(CONTACTS.get(kind, CONTACTS["other"]), language),
        "date": f"{day.day} {months[day.month - 1]}",
        "reason": reason,
        "agent": agent,
    }


def invitation(
    version: CompiledVersion,
    brand: str,
    contact_phrase: str,
    link: str,
    language: str,
    collection: str = "sms",
    wordings: Wordings = DEFAULTS,
    facts: Mapping[str, str] = NO_FACTS,
    seed: str = "",
) -> Template:
    """The first message: with the first question for a programme by SMS, with the link alone for one on the web.

    ``facts`` are those of the contact that texts may name, ``seed`` is the public id of the invitation.
    """
    words = template(version, "invitation" if collection == "sms" else "invitation_web", language, wordings)
    if contact_phrase.endswith("."):  # "votre appel du 17 nov." ends a sentence with its own full stop
        words = replace(words, body=words.body.replace("{contact}.", "{contact}"))
    said = {"question": "", "progress": ""}
    asked = path(version, State(), "sms")
    if asked:
        first = Asked(asked[0], order_by_sms(asked[0], State(), seed))
        said["question"] = asked_text(version, first, brand, language, {}, facts)
        said["progress"] = progress(len(asked), language)
    return words.say(brand=brand, contact=contact_phrase, link=link, **said)


def reminder(
    version: CompiledVersion,
    brand: str,
    contact_phrase: str,
    link: str,
    language: str,
    question: str = "",
    wordings: Wordings = DEFAULTS,
) -> Template:
    """An invitation again, with the question its interview stands at; without one, with the link alone."""
    words = template(version, "reminder" if question else "reminder_web", language, wordings)
    if contact_phrase.endswith("."):
        words = replace(words, body=words.body.replace("{contact}.", "{contact}"))
    return words.say(brand=brand, contact=contact_phrase, question=question, link=link)


def question(
    version: CompiledVersion,
    asked: Question,
    brand: str,
    language: str,
    again: bool = False,
    wordings: Wordings = DEFAULTS,
    order: tuple[str, ...] = (),
    answers: Mapping[str, Value] = NO_ANSWERS,
    facts: Mapping[str, str] = NO_FACTS,
) -> Template:
    """A question as an SMS; ``again`` says first that the reply was not understood, and how to reply.

    ``order`` are the ids of its options as they are to be numbered, ``answers`` and ``facts`` what texts may name.
    """
    language = version.speaks(language)
    if again:
        form = piped(accepted_form(asked, language, order), version, answers, language, {**facts, "brand": brand})
        return template(version, "again", language, wordings).say(form=form)
    said = asked_text(version, Asked(asked, order), brand, language, answers, facts)
    return wordings.of("surveys.question", "sms", language).say(question=said)


def progress(questions: int, language: str) -> str:
    """What the first message says of the length: « 4 questions, 1 minute »."""
    minutes = max(1, round(questions * SECONDS_A_QUESTION / 60))
    counted = [(questions, ("question", "questions")), (minutes, ("minute", "minutes"))]
    return ", ".join(f"{number} {words[number > 1]}" for number, words in counted)


def other(
    version: CompiledVersion, name: str, brand: str, language: str, link: str = "", wordings: Wordings = DEFAULTS
) -> Template:
    """One of the messages that ask nothing: ``link``, ``thanks``, ``thanks_complaint``, ``closed`` …"""
    return template(version, name, version.speaks(language), wordings).say(brand=brand, link=link)


def template(version: CompiledVersion, name: str, language: str, wordings: Wordings) -> Template:
    """The words of a message before they are filled in: the questionnaire's own, else those in force.

    Its own words are folded like those they replace, and come from no stored version.
    """
    words = wordings.of(f"surveys.{name}", "sms", language)
    own = version.messages.get(name, {}).get(language)
    return replace(words, body=own, version_id=None) if own else words


def asked_text(
    version: CompiledVersion,
    asked: Asked,
    brand: str,
    language: str,
    answers: Mapping[str, Value],
    facts: Mapping[str, str],
) -> str:
    """A question in words: its own for SMS, else its title and the accepted form; both ends of a scale every time."""
    question = asked.question
    text = (question.sms or question.title)[language]
    if question.sms == question.title or not _names_both_ends(question, text, language):
        text = f"{text} {accepted_form(question, language, asked.order)}"
    return piped(text, version, answers, language, {**facts, "brand": brand})


def accepted_form(question: Question, language: str, order: tuple[str, ...] = ()) -> str:
    """How to reply to a question: the two ends of a scale with their names, or the choices as they are numbered."""
    options = question.type.options(question, language, order)
    form = _said(FORMS[question.type.reply_form], language)
    if question.type.reply_form == "scale":
        low, high = question.low_end.get(language, ""), question.high_end.get(language, "")
        said = fill(form, lowest=_end(options[0], low), highest=_end(options[-1], high))
    else:
        said = fill(form, list=", ".join(f"{number} {option.label}" for number, option in enumerate(options, 1)))
    declining = ", ".join(option.label for option in question.type.declining_options(question, language))
    return f"{said} {fill(_said(FORMS['declining'], language), list=declining)}" if declining else said


def _end(option: Option, name: str) -> str:
    """One end of a scale: 0 (certainly not)."""
    name = name or (option.label if option.label != option.value else "")
    return f"{option.value} ({name.lower() if name[1:2].islower() else name})" if name else option.value


def _names_both_ends(question: Question, text: str, language: str) -> bool:
    if question.type.reply_form != "scale":
        return True
    options = question.type.options(question, language)
    numbers = re.findall(r"\d+", text)
    return options[0].value in numbers and options[-1].value in numbers


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]
