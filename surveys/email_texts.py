"""The words of an invitation by e-mail, and of a reminder of it."""

from notifications.texts import Template, Wordings
from surveys.message_texts import DEFAULTS


def invitation_email(
    brand: str,
    contact_phrase: str,
    link: str,
    stop: str,
    days: int,
    language: str,
    title: str = "",
    wordings: Wordings = DEFAULTS,
) -> Template:
    """Subject and body of the invitation: why we write, the link, until when, and how to say stop."""
    words = wordings.of("surveys.invitation_web", "email", language)
    return words.say(brand=brand, contact=contact_phrase, link=link, stop=stop, days=str(days), title=title)


def reminder_email(
    brand: str,
    contact_phrase: str,
    link: str,
    stop: str,
    days: int,
    language: str,
    title: str = "",
    wordings: Wordings = DEFAULTS,
) -> Template:
    """Subject and body of a reminder; ``days`` are those that are left."""
    words = wordings.of("surveys.reminder_web", "email", language)
    return words.say(brand=brand, contact=contact_phrase, link=link, stop=stop, days=str(days), title=title)
