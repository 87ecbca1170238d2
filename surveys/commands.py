"""Words that steer an interview by SMS instead of answering: the whole message, in any case, without accents."""

from collections.abc import Collection, Mapping

from surveys.replies import bare, is_web_request

__all__ = ["goes_on", "is_web_request", "language_asked_for"]

#: How people name a language: in it, in its neighbours, and by its code unless that is an answer ("no", "si").
LANGUAGES: Mapping[str, frozenset[str]] = {
    "fr": frozenset({"fr", "francais", "en francais", "french", "in french", "francais svp", "french please"}),
    "en": frozenset({"en", "english", "in english", "anglais", "en anglais", "english please", "anglais svp"}),
    "de": frozenset({"de", "deutsch", "auf deutsch", "allemand", "german"}),
    "es": frozenset({"es", "espanol", "en espanol", "castellano", "espagnol", "spanish"}),
    "it": frozenset({"it", "italiano", "in italiano", "italien", "italian"}),
    "nl": frozenset({"nl", "nederlands", "neerlandais", "dutch"}),
    "pt": frozenset({"pt", "portugues", "em portugues", "portugais", "portuguese"}),
    "ar": frozenset({"ar", "العربية", "عربي", "arabe", "arabic"}),
    "tr": frozenset({"tr", "turkce", "turc", "turkish"}),
    "pl": frozenset({"pl", "polski", "polonais", "polish"}),
    "ro": frozenset({"ro", "romana", "roumain", "romanian"}),
}
#: After a message was left to a person. « Reprendre » is START, which lifts a stop.
GO_ON = frozenset({"suite", "la suite", "continuer", "je continue", "continue", "go on", "resume", "next"})


def language_asked_for(body: str, spoken: Collection[str]) -> str | None:
    """The language of ``spoken`` that the whole message names, or None."""
    said = bare(body)
    return next((language for language in spoken if said in LANGUAGES.get(language, ())), None)


def goes_on(body: str) -> bool:
    """Whether the whole message asks for the questions again."""
    return bare(body) in GO_ON
