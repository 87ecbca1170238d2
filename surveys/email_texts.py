"""The words of an invitation by e-mail, and of a reminder of it."""

from notifications.texts import Template, Wordings
from surveys.message_texts import DEFAULTS


def email(
    name: str,
    brand: str,
    contact_phrase: str,
    link: str,
    stop: str,
    days: int,
    language: str,
    title: str = "",
    wordings: Wordings = DEFAULTS,
) -> Template:
    """Subject and body of ``invitation_web`` or ``reminder_web``: why we write, the link, how to say stop.

    ``days`` are those for which the link stays open.
    """
    words = wordings.of(f"surveys.{name}", "email", language)
    return words.say(brand=brand, contact=contact_phrase, link=link, stop=stop, days=str(days), title=title)
