"""The words of an interview by SMS. They are data: a questionnaire may replace each of the messages below.

Letters are those of the GSM alphabet (é è à ù yes; ê ç ô no), so that a message costs one or two parts.
"""

import re
from collections.abc import Mapping
from datetime import date

from notifications.segments import fold
from surveys.definitions import CompiledVersion
from surveys.questions.base import Question

Messages = Mapping[str, Mapping[str, str]]

MESSAGES: Messages = {
    "invitation": {
        "fr": "{brand}, {contact}. {question} Ou en ligne : {link} Refus : STOP",
        "en": "{brand}, {contact}. {question} Or online: {link} To refuse: STOP",
    },
    "invitation_web": {
        "fr": "{brand}, {contact}. Votre avis en une minute : {link} Refus : STOP",
        "en": "{brand}, {contact}. Your opinion in one minute: {link} To refuse: STOP",
    },
    "again": {
        "fr": "Nous n'avons pas su lire votre réponse. {form}",
        "en": "We could not read your reply. {form}",
    },
    "link": {
        "fr": "{brand} : vous pouvez continuer en ligne, à la question suivante : {link}",
        "en": "{brand}: you can go on online, at the next question: {link}",
    },
    "thanks": {
        "fr": "{brand} : merci, vos réponses sont enregistrées.",
        "en": "{brand}: thank you, your answers are recorded.",
    },
    "thanks_complaint": {
        "fr": "{brand} : merci. Nous enregistrons votre réclamation ; sa référence arrive dans un prochain message.",
        "en": "{brand}: thank you. We are recording your complaint; its reference comes in another message.",
    },
    "thanks_callback": {
        "fr": "{brand} : merci. Votre demande de rappel est transmise à un conseiller.",
        "en": "{brand}: thank you. Your request for a call is passed on to an adviser.",
    },
    "closed": {
        "fr": "{brand} : ce questionnaire est clos, votre message n'a pas pu y entrer. Pour une réclamation : {link}",
        "en": "{brand}: this survey is closed and could not take your message. For a complaint: {link}",
    },
}
FORMS: Messages = {
    "number": {
        "fr": "Répondez par un chiffre de {lowest} à {highest}.",
        "en": "Reply with a number from {lowest} to {highest}.",
    },
    "yes_no": {"fr": "Répondez OUI ou NON.", "en": "Reply YES or NO."},
    "choice": {"fr": "Répondez par un chiffre : {list}.", "en": "Reply with a number: {list}."},
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
PLACE = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, **values: str) -> str:
    """``text`` with each known ``{name}`` replaced; nothing in it is evaluated."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def contact_phrase(channel: str, direction: str, day: date, reason: str, language: str) -> str:
    """The contact in a few words, "votre appel du 17 nov. (facturation)"; ``day`` is that of the site's zone."""
    kind = "phone_out" if (channel, direction) == ("phone", "out") else channel
    said = _said(CONTACTS.get(kind, CONTACTS["other"]), language)
    months = MONTHS.get(language, MONTHS["en"])
    phrase = fill(_said(ON_DAY, language), contact=said, day=str(day.day), month=months[day.month - 1])
    # "Facturation" goes on in small letters; "SAV" stays as it is.
    named = reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason
    return f"{phrase} ({named})" if named else phrase


def invitation_text(
    version: CompiledVersion, brand: str, contact_phrase: str, link: str, language: str, collection: str = "sms"
) -> str:
    """The first message: with the first question for a programme by SMS, with the link alone for one on the web."""
    asked = version.asked_by("sms")
    first = question_text(version, asked[0], brand, language) if asked else ""
    name = "invitation" if collection == "sms" else "invitation_web"
    text = message(version, name, language)
    if contact_phrase.endswith("."):  # "votre appel du 17 nov." ends a sentence with its own full stop
        text = text.replace("{contact}.", "{contact}")
    values = {"brand": brand, "contact": contact_phrase, "question": first, "link": link}
    return fold(fill(text, **values))


def question_text(version: CompiledVersion, question: Question, brand: str, language: str, again: bool = False) -> str:
    """A question as an SMS; ``again`` says first that the reply was not understood, and how to reply."""
    language = version.speaks(language)
    if again:
        return fold(fill(message(version, "again", language), form=accepted_form(question, language)))
    own = fill((question.sms or question.title)[language], brand=brand)
    return fold(own if question.sms != question.title else f"{own} {accepted_form(question, language)}")


def other_text(version: CompiledVersion, name: str, brand: str, language: str, link: str = "") -> str:
    """One of the messages that ask nothing: ``link``, ``thanks``, ``thanks_complaint``, ``closed`` …"""
    return fold(fill(message(version, name, version.speaks(language)), brand=brand, link=link))


def accepted_form(question: Question, language: str) -> str:
    """How to reply to a question, in one sentence."""
    options = question.type.options(question, language)
    if not options:
        return _said(FORMS["comment"], language)
    if question.type.name == "yes_no":
        return _said(FORMS["yes_no"], language)
    if question.type.name == "choice":
        listed = ", ".join(f"{number} {option.label}" for number, option in enumerate(options, 1))
        return fill(_said(FORMS["choice"], language), list=listed)
    return fill(_said(FORMS["number"], language), lowest=options[0].value, highest=options[-1].value)


def message(version: CompiledVersion, name: str, language: str) -> str:
    """One of MESSAGES, in the questionnaire's own words where it has them."""
    own = version.messages.get(name, {})
    return own.get(language) or _said(MESSAGES[name], language)


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]
