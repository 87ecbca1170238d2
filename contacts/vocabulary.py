"""The closed lists of a contact, and the words logs use for them."""

import unicodedata
from functools import lru_cache

CHANNELS = ("phone", "email", "chat", "sms", "post", "web", "social")
DIRECTIONS = ("in", "out")
OUTCOMES = ("answered", "abandoned", "unanswered", "unknown")
#: What stood where the customer's number should be. "unknown": read before this was kept.
PHONE_STATES = ("given", "absent", "hidden", "unreadable", "invalid", "of_service", "unknown")

CHANNEL_WORDS = {
    "phone": "phone call calls voice telephone tel appel appels voix",
    "email": "email e-mail mail mails courriel courriels",
    "chat": "chat webchat tchat messaging messagerie",
    "sms": "sms texto text",
    "post": "post letter letters courrier lettre",
    "web": "web form formulaire internet site",
    "social": "social facebook twitter x instagram whatsapp reseaux",
}
DIRECTION_WORDS = {
    "in": "in inbound incoming entrant entrante",
    "out": "out outbound outgoing sortant sortante",
}
OUTCOME_WORDS = {
    "answered": "answered connected completed handled repondu traite decroche",
    "abandoned": "abandoned abandon abandonne",
    "unanswered": "unanswered missed manque sans-reponse no-answer",
    "unknown": "unknown inconnu",
}


def _plain(text: str) -> str:
    """``text`` in small letters without accents, words joined by hyphens."""
    letters = unicodedata.normalize("NFKD", text.strip().lower())
    return "-".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def _by_word(words: dict[str, str]) -> dict[str, str]:
    return {word: value for value, line in words.items() for word in line.split()}


_WORDS = {
    "channel": _by_word(CHANNEL_WORDS),
    "direction": _by_word(DIRECTION_WORDS),
    "outcome": _by_word(OUTCOME_WORDS),
}


# A log says the same few words in each row.
@lru_cache(maxsize=1024)
def known_value(field: str, text: str) -> str | None:
    """The value of a closed list that ``text`` stands for, or None; case and accents do not matter."""
    return _WORDS[field].get(_plain(text))
