"""The words of an invitation by e-mail. They are data, like those by SMS."""

from collections.abc import Mapping

from surveys.sms_texts import fill

INVITATION: Mapping[str, str] = {
    "fr": (
        "Bonjour,\n\n"
        "{brand} aimerait connaître votre avis sur {contact}. Une minute suffit :\n{link}\n\n"
        "Répondre est facultatif. Le lien reste ouvert {days} jours.\n\n"
        "Pour ne plus recevoir d’enquête de {brand} :\n{stop}\n"
    ),
    "en": (
        "Hello,\n\n"
        "{brand} would like to know your opinion about {contact}. It takes a minute:\n{link}\n\n"
        "You are free not to answer. The link stays open for {days} days.\n\n"
        "To receive no more surveys from {brand}:\n{stop}\n"
    ),
}


def invitation_email(brand: str, contact_phrase: str, link: str, stop: str, days: int, language: str) -> str:
    """The body of the invitation: why we write, the link, until when, and how to say stop."""
    text = INVITATION.get(language) or INVITATION["en"]
    return fill(text, brand=brand, contact=contact_phrase, link=link, stop=stop, days=str(days))
