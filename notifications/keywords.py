"""STOP and START as people write them: the whole message, whatever its accents and punctuation."""

import re
import unicodedata

STOP, START = "stop", "start"
# The provider's own English list, so that we record what it blocks, and the French words it does not know.
_STOP = {
    "STOP", "STOPALL", "STOPSMS", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL", "ARRET", "ARRETE",
    "ARRETER", "ARRETEZ", "DESABO", "DESABONNER", "DESABONNEMENT", "DESINSCRIRE", "DESINSCRIPTION",
}  # fmt: skip
_START = {"START", "UNSTOP", "REPRENDRE", "REABONNER"}
_TRAILING_NUMBER = re.compile(r"(STOP)(SMS)?\d{5}")


def keyword(body: str) -> str | None:
    """Return "stop" or "start" if ``body`` says that and nothing else, else None.

    « STOP, c'est ma 3e réclamation » says more, so it is not a bare STOP.
    """
    word = _letters(body)
    if word in _STOP or _TRAILING_NUMBER.fullmatch(word):
        return STOP
    return START if word in _START else None


def _letters(body: str) -> str:
    """Return ``body`` in capitals without accents, spaces or punctuation."""
    decomposed = unicodedata.normalize("NFKD", body)
    return "".join(character for character in decomposed if character.isalnum()).upper()
