"""Reading what people type: numbers, yes and no, choices, and the words that come with them.

Strict where a guess could file a wrong answer: a number counts when it leads the reply, or is the only one and
follows a phrase like "ma note". What cannot be read is asked again once; that is cheaper than a wrong figure.
"""

import re
import unicodedata
from collections.abc import Iterable

from notifications.keywords import STOP, keyword

NUMBER_WORDS = {
    "zero": 0, "un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9,
    "dix": 10, "ten": 10,
}  # fmt: skip
YES = {"oui", "o", "ouais", "yes", "y", "yep", "yeah", "ok", "👍", "✅"}
NO = {"non", "n", "nan", "no", "nope", "pas encore", "toujours pas", "not yet", "👎", "❌"}
POLITE = {
    "merci", "merci beaucoup", "merci bien", "svp", "s'il vous plait", "bonjour", "bonsoir", "cordialement",
    "bonne journee",
    "thanks", "thank you", "please", "hello", "hi", "ok", "d'accord", "de rien", "etoiles", "stars", "points",
}  # fmt: skip
DECLINING = {
    "0", "-", "non", "no", "n", "rien", "non rien", "non merci", "no thanks", "nothing", "passer", "skip", "aucun",
    "none",
}  # fmt: skip
WEB = {"web", "lien", "le lien", "link", "en ligne", "online", "internet"}
LEADS = (
    "ma note est de", "ma note est", "ma note", "note de", "note", "je mets un", "je mets", "je dirais", "je donne un",
    "je donne", "reponse", "my score is", "score", "i would say", "i say", "answer", "rating",
)  # fmt: skip
# "3 fois que j'appelle" is no score of 3; "2 personne ne rappelle" is one of 2.
COUNTED = re.compile(
    r"(?:fois|jours?|heures?|minutes?|mn|min|semaines?|mois|ans?|appels?|personnes|personne(?! n(?:e\b|'))"
    r"|euros?|h|times?|days?|hours?|weeks?|months?|years?|calls?|people)\b|[€%$]"
)
FOLLOWS_A_NUMBER_WORD = re.compile(r"$|[^\w\s]|(?:mais|but|et|and|car|parce|because|sur|out of|merci|thanks)\b")
BOTH = re.compile(r"(?:et|ou|and|or)\s+(?:oui|non|yes|no)\b")
OUT_OF = re.compile(r"\s*(?:/|sur|out of)\s*(\d+)")
KEYCAP = re.compile("[\ufe0f\u20e3]")
SKIN = re.compile("[\U0001f3fb-\U0001f3ff\u200b-\u200d\u2060\ufeff\ufe0f]")
EDGES = " \t\r\n.,;:!?…\"'«»()*_-"


def fold(text: str) -> str:
    """``text`` in lower case without accents, variants of letters, digits, quotes and spaces made one."""
    text = SKIN.sub("", KEYCAP.sub("", text.replace("🔟", "10"))).replace("’", "'")
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(_digit(letter) for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())


def whole_number(raw: str) -> int | None:
    """The whole number ``raw`` consists of, or None. "4.0", as spreadsheets write it, is 4."""
    found = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", fold(raw))
    return int(found[1]) if found else None


def leading_number(body: str, out_of: int | None = None) -> tuple[int | None, str]:
    """The number a reply gives and the words beside it; None if it gives none or more than one reading.

    ``out_of`` is the top of the scale: in "8/10" the 10 must be that top, or the reply is not understood.
    """
    text = _without_greeting(fold(body))
    found = re.match(r"(\d+)", text) or re.match(r"([a-z]+)\b", text)
    number = _number(found[1]) if found else None
    if found is None or number is None:
        return None, ""
    rest = text[found.end() :]
    top = OUT_OF.match(rest)
    if top:
        if int(top[1]) != out_of:
            return None, ""
        rest = rest[top.end() :]
    if not _stands_alone(rest, written=not found[1].isdigit()):
        return None, ""
    return number, _words(body, rest)


def leading_yes_no(body: str) -> tuple[bool | None, str]:
    """True for yes, False for no, None for neither, and the words that came with it."""
    for phrases, answer in ((NO, False), (YES, True)):
        words = after_phrase(body, phrases)
        if words is not None:
            return (None, "") if BOTH.match(fold(words)) else (answer, words)
    return None, ""


def after_phrase(body: str, phrases: Iterable[str]) -> str | None:
    """The words after the longest of ``phrases`` that leads ``body``; None if none does."""
    text = _without_greeting(fold(body)).lstrip(EDGES)
    for phrase in sorted({fold(phrase).strip(EDGES) for phrase in phrases} - {""}, key=len, reverse=True):
        rest = text[len(phrase) :]
        if text.startswith(phrase) and _ends_there(phrase, rest):
            return _words(body, rest)
    return None


def is_stop(body: str) -> bool:
    """Whether the whole message asks us to stop."""
    return keyword(body) == STOP


def is_web_request(body: str) -> bool:
    """Whether the whole message asks for the link."""
    return _bare(body) in WEB


def is_polite(body: str) -> bool:
    """Whether the message is thanks or greeting and nothing else."""
    return _bare(body) in POLITE


def declines(body: str) -> bool:
    """Whether the reply to an open question says that there is nothing to add."""
    return _bare(body) in DECLINING or not _bare(body)


def _digit(letter: str) -> str:
    """Arabic, Persian, Bengali and full-width digits as 0 to 9."""
    value = unicodedata.digit(letter, None)
    return letter if value is None or not letter.isdecimal() else str(value)


def _number(token: str) -> int | None:
    if token.isdigit():
        return int(token) if len(token) <= 9 else None
    return NUMBER_WORDS.get(token)


def _ends_there(phrase: str, rest: str) -> bool:
    """Whether ``phrase`` is a word of its own; a lone letter must be followed by nothing or by a sign."""
    if not phrase[-1].isalnum():
        return True
    joined = rest[:1].isalnum() or rest[:1] in {"'", "-"}
    return not joined and (len(phrase) > 1 or not rest[:2].strip().isalnum())


def _without_greeting(text: str) -> str:
    text = text.lstrip(" .,;:!?…\"'«»(*")
    for lead in (*LEADS, *sorted(POLITE - {"ok"}, key=len, reverse=True)):
        if text.startswith(lead) and text[len(lead) : len(lead) + 1] in {" ", ",", ":", "!", ".", "="}:
            return _without_greeting(text[len(lead) :].lstrip(" ,:!.="))
    return text


def _stands_alone(rest: str, written: bool) -> bool:
    """Whether what follows a number leaves it one answer: no decimals, range, second number or unit."""
    after = rest.lstrip()
    if rest[:1].isalnum() or re.match(r"[.,]\d", rest) or COUNTED.match(after):
        return False
    if re.match(r"(?:ou|or|a|to|et|and|-|/|,)?\s*\d+(?!\s*(?:" + COUNTED.pattern + "))", after):
        return False
    return not written or FOLLOWS_A_NUMBER_WORD.match(after) is not None


def _words(body: str, rest: str) -> str:
    """The customer's own words behind the answer, accents kept; politeness alone is no message."""
    left = rest.strip(EDGES)
    if not left or left in POLITE:
        return ""
    end = body.strip(EDGES)
    tail = "".join(re.findall(r"\S+\s*", end)[-len(left.split()) :])
    # "8,mais" is one token: what stands before the words is cut off letter by letter.
    for start in range(len(tail.split(maxsplit=1)[0]) if tail else 0):
        if fold(tail[start:]).strip(EDGES) == left:
            return tail[start:].strip(EDGES)
    return left


def _bare(body: str) -> str:
    return fold(body).strip(EDGES)
