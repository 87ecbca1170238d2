"""STOP and START as people write them: the whole message, whatever its case, accents, spaces and punctuation."""

import re
import unicodedata

STOP, START = "stop", "start"
#: What says stop, by language. The English list is the provider's own, so that we record what it blocks; the others
#: are words it does not know. Words that also answer a question of a survey (« fin », « basta », « non ») are not here.
STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"}),
    "fr": frozenset(
        {"ARRET", "ARRETE", "ARRETER", "ARRETEZ", "DESABO", "DESABONNER", "DESABONNEMENT"}
        | {"DESINSCRIRE", "DESINSCRIPTION", "SEDESABONNER", "SEDESINSCRIRE"}
    ),
    "de": frozenset({"STOPP", "ABMELDEN", "ABMELDUNG", "ABBESTELLEN"}),
    "es": frozenset({"BAJA", "DARSEDEBAJA", "CANCELAR", "DESUSCRIBIR"}),
    "it": frozenset({"CANCELLAMI", "DISISCRIVI", "DISISCRIVIMI", "DISISCRIZIONE"}),
    "nl": frozenset({"AFMELDEN", "UITSCHRIJVEN", "STOPPEN"}),
    "pt": frozenset({"PARAR", "SAIR", "CANCELAR", "DESCADASTRAR"}),
}
#: What says start again. « OUI » and « YES » are answers to a question, never this.
START_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset({"START", "UNSTOP", "RESUBSCRIBE"}),
    "fr": frozenset({"REPRENDRE", "REABONNER"}),
    "de": frozenset({"FORTSETZEN"}),
    "es": frozenset({"REANUDAR"}),
    "it": frozenset({"RIPRENDI"}),
    "nl": frozenset({"HERVATTEN"}),
    "pt": frozenset({"RETOMAR"}),
}
_STOP = frozenset().union(*STOP_WORDS.values())
_START = frozenset().union(*START_WORDS.values())
# What may stand beside STOP and adds nothing to it: « STOP SMS », « STOP au 36034 », « STOP svp », « STOP merci ».
_STOP_WITH = re.compile(r"(?:STOP|ARRET)(?:SMS)?(?:AU)?(?:\d{5})?(?:SVP|MERCI|PLEASE|BITTE|PORFAVOR|PERFAVORE)?")


def keyword(body: str) -> str | None:
    """Return "stop" or "start" if ``body`` says that and nothing else, else None.

    « STOP, c'est ma 3e réclamation » says more, so it is not a bare STOP. START is one
    word: « un stop » is nobody's wish for more messages.
    """
    word = _letters(body)
    if word in _STOP or _STOP_WITH.fullmatch(word):
        return STOP
    return START if word in _START and len(body.split()) == 1 else None


def _letters(body: str) -> str:
    """Return ``body`` in capitals without accents, spaces or punctuation."""
    decomposed = unicodedata.normalize("NFKD", body)
    return "".join(character for character in decomposed if character.isalnum()).upper()
