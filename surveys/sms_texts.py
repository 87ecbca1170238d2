"""The messages of an interview by SMS, put together: the questionnaire's own words, else those in force, else ours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from notifications.texts import Template, Wordings, fill
from surveys.definitions import CompiledVersion
from surveys.message_texts import DEFAULTS
from surveys.questions.base import Question

Messages = Mapping[str, Mapping[str, str]]

FORMS: Messages = {
    "scale": {
        "fr": "Répondez par un chiffre de {lowest} à {highest}.",
        "en": "Reply with a number from {lowest} to {highest}.",
    },
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
CONTACTS: Messages = {
    "phone": {"fr": "votre appel", "en": "your call"},
    "phone_out": {"fr": "notre appel", "en": "our call"},
    "email": {"fr": "votre courriel", "en": "your e-mail"},
    "chat": {"fr": "votre discussion en ligne", "en": "your online chat"},
    "sms": {"fr": "votre SMS", "en": "your text message"},
    "web": {"fr": "votre demande en ligne", "en": "your online request"},
    "post": {"fr": "votre courrier", "en": "your letter"},
    "social": {"fr": "votre message", "en": "your message"},
    "other": {"fr": "votre échange avec nous", "en": "your contact with us"},
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


def invitation(
    version: CompiledVersion,
    brand: str,
    contact_phrase: str,
    link: str,
    language: str,
    collection: str = "sms",
    wordings: Wordings = DEFAULTS,
) -> Template:
    """The first message: with the first question for a programme by SMS, with the link alone for one on the web."""
    asked = version.asked_by("sms")
    first = _asked(asked[0], brand, language) if asked else ""
    words = template(version, "invitation" if collection == "sms" else "invitation_web", language, wordings)
    if contact_phrase.endswith("."):  # "votre appel du 17 nov." ends a sentence with its own full stop
        words = replace(words, body=words.body.replace("{contact}.", "{contact}"))
    return words.say(brand=brand, contact=contact_phrase, question=first, link=link)


def question(
    version: CompiledVersion,
    asked: Question,
    brand: str,
    language: str,
    again: bool = False,
    wordings: Wordings = DEFAULTS,
) -> Template:
    """A question as an SMS; ``again`` says first that the reply was not understood, and how to reply."""
    language = version.speaks(language)
    if again:
        return template(version, "again", language, wordings).say(form=accepted_form(asked, language))
    return wordings.of("surveys.question", "sms", language).say(question=_asked(asked, brand, language))


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


def _asked(asked: Question, brand: str, language: str) -> str:
    own = fill((asked.sms or asked.title)[language], brand=brand)
    return own if asked.sms != asked.title else f"{own} {accepted_form(asked, language)}"


def accepted_form(question: Question, language: str) -> str:
    """How to reply to a question, in one sentence."""
    options = question.type.options(question, language)
    said = _said(FORMS[question.type.reply_form], language)
    if question.type.reply_form == "scale":
        return fill(said, lowest=options[0].value, highest=options[-1].value)
    return fill(said, list=", ".join(f"{number} {option.label}" for number, option in enumerate(options, 1)))


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]
