"""Reading what people type: numbers, yes and no, choices, and the words that come with them.

Strict where a guess could file a wrong answer: a number counts when it leads the reply, or is the only one and
follows a phrase like "ma note". What cannot be read is asked again once; that is cheaper than a wrong figure.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from notifications.keywords import STOP, keyword
from surveys.number_words import leading_number_word

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
OPENERS = (*LEADS, *sorted(POLITE - {"ok"}, key=len, reverse=True))
OPENING = re.compile(r"(?:[\s;:!?…\"'«»(*]|[.,](?!\d))+")
# "3 fois que j'appelle" is no score of 3; "2 personne ne rappelle" is one of 2.
COUNTED = re.compile(
    r"(?:fois|jours?|heures?|minutes?|mn|min|semaines?|mois|ans?|appels?|personnes|personne(?! n(?:e\b|'))"
    r"|euros?|h|times?|days?|hours?|weeks?|months?|years?|calls?|people)\b|[€%$]"
)
FOLLOWS_A_NUMBER_WORD = re.compile(r"$|[^\w\s]|(?:mais|but|et|and|car|parce|because|sur|out of|merci|thanks)\b")
BETWEEN = re.compile(r"\s*(?:(?:ou|or|a|to|et|and)\b|[-/,;+&])?\s*")
CONTRARY = re.compile(r"[\s,/]*(?:(?:et|ou|and|or)\s+)?(?:oui|non|yes|no)\b")
OUT_OF = re.compile(r"\s*(?:/|sur|out of)\s*(\d{1,9})(?!\d)")
# The box around a digit, the colour of a hand, and what has no width.
DROPPED = re.compile("[\ufe0f\u20e3\U0001f3fb-\U0001f3ff\u200b-\u200d\u2060\ufeff]")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EDGES = " \t\r\n.,;:!?…\"'«»()*_-"


class Unreadable(ValueError):
    """A reply that is no answer to the question; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fold(text: str) -> str:
    """``text`` in lower case without accents, variants of letters, digits, quotes and spaces made one."""
    return _folded(text)[0]


def storable(text: str) -> str:
    """``text`` without the control characters and half letters that a database refuses."""
    return UNSTORABLE.sub("", text)


def whole_number(raw: str) -> int | None:
    """The whole number ``raw`` consists of, or None. "4.0", as spreadsheets write it, is 4."""
    found = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", fold(raw))
    return int(found[1]) if found else None


def leading_number(body: str, out_of: int | None = None) -> tuple[int | None, str]:
    """The whole number a reply gives and the words beside it; None if it gives none or more than one reading.

    ``out_of`` is the top of the scale: in "8/10" the 10 must be that top, or the reply is not understood.
    """
    text = without_greeting(fold(body))
    found = number_at(text)
    if found is None:
        return None, ""
    number, end = found
    rest = text[end:]
    top = OUT_OF.match(rest)
    if top:
        if int(top[1]) != out_of:
            return None, ""
        rest = rest[top.end() :]
    if not stands_alone(rest, written=text[:1].isalpha()):
        return None, ""
    return number, words_beside(body, rest)


def leading_yes_no(body: str) -> tuple[bool | None, str]:
    """True for yes, False for no, None for neither or for both, and the words that came with it."""
    found = leading_phrase(body, {"no": NO, "yes": YES})
    if found is None or CONTRARY.match(fold(found[1])):
        return None, ""
    return found[0] == "yes", found[1]


def leading_phrase(body: str, phrases: Mapping[str, Iterable[str]]) -> tuple[str, str] | None:
    """The key of the longest of the ``phrases`` that leads ``body``, and the words after it.

    None if none does, or if phrases of two keys are equally long. Signs between words make no difference.
    """
    text = without_greeting(fold(body))
    best: dict[str, int] = {}
    for key, said in phrases.items():
        for phrase in said:
            end = phrase_end(text, phrase)
            if end is not None:
                best[key] = max(end, best.get(key, 0))
    longest = [key for key, end in best.items() if end == max(best.values())]
    if len(longest) != 1:
        return None
    return longest[0], words_beside(body, text[best[longest[0]] :])


def begun_with(phrases: Mapping[str, Iterable[str]], number: int) -> list[str]:
    """The keys of phrases that begin with that number in digits: a label "2 or more" makes the reply "2" doubtful."""
    leads = re.compile(rf"\W*{number}(?!\d)")
    return [key for key, said in phrases.items() if any(leads.match(fold(phrase)) for phrase in said)]


def phrase_end(text: str, phrase: str) -> int | None:
    """Where ``phrase`` ends, if it leads folded ``text`` as words of its own."""
    said = fold(phrase).strip(EDGES)
    tokens = re.findall(r"\w+|[^\w\s.,;:!?…\"'«»()*_-]+", said)
    found = re.match(r"[\s.,;:!?…\"'«»()*_-]*".join(map(re.escape, tokens)), text) if tokens else None
    return found.end() if found and _ends_there(said, text[found.end() :]) else None


def bare(body: str) -> str:
    """The whole reply folded, without the signs around it."""
    return fold(body).strip(EDGES)


def is_stop(body: str) -> bool:
    """Whether the whole message asks us to stop."""
    return keyword(body) == STOP


def is_web_request(body: str) -> bool:
    """Whether the whole message asks for the link."""
    return bare(body) in WEB


def is_polite(body: str) -> bool:
    """Whether the message is thanks or greeting and nothing else."""
    return bare(body) in POLITE


def declines(body: str) -> bool:
    """Whether the reply to an open question says that there is nothing to add."""
    return bare(body) in DECLINING or not bare(body)


def _digit(letter: str) -> str:
    """Arabic, Persian, Bengali and full-width digits as 0 to 9."""
    value = unicodedata.digit(letter, None)
    return letter if value is None or not letter.isdecimal() else str(value)


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place of the letter of ``text`` that it came from."""
    letters: list[str] = []
    origins: list[int] = []
    for place, sign in enumerate(text):
        for letter in _plain(sign):
            if not (letter == " " and (not letters or letters[-1] == " ")):
                letters.append(letter)
                origins.append(place)
    folded = "".join(letters)
    return folded.rstrip(" "), origins


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """One letter as it is compared: "" for what only changes the one before it."""
    if DROPPED.match(sign):
        return ""
    known = {"🔟": "10", "’": "'"}.get(sign)
    if known:
        return known
    plain = unicodedata.normalize("NFKD", sign.casefold())
    return "".join(" " if c.isspace() else _digit(c) for c in plain if not unicodedata.combining(c))


def number_at(text: str) -> tuple[int, int] | None:
    """The whole number, in digits or in words, that leads folded ``text``, and where it ends."""
    found = re.match(r"\d{1,9}(?!\d)", text)
    return (int(found[0]), found.end()) if found else leading_number_word(text)


def _ends_there(phrase: str, rest: str) -> bool:
    """Whether ``phrase`` is a word of its own; a lone letter must be followed by nothing or by a sign."""
    if not phrase[-1].isalnum():
        return True
    joined = rest[:1].isalnum() or rest[:1] in {"'", "-", "/"}
    return not joined and (len(phrase) > 1 or not rest[:2].strip().isalnum())


def without_greeting(text: str) -> str:
    """Folded ``text`` from where it says something: after "bonjour", "ma note est" and the like."""
    text = _opened(text)
    while lead := next((lead for lead in OPENERS if _opens(text, lead)), None):
        text = _opened(text[len(lead) :].lstrip(" =-"))
    return text


def _opened(text: str) -> str:
    found = OPENING.match(text)
    return text[found.end() :] if found else text


def _opens(text: str, lead: str) -> bool:
    return text.startswith(lead) and text[len(lead) : len(lead) + 1] in {" ", ",", ":", "!", ".", "="}


def stands_alone(rest: str, written: bool) -> bool:
    """Whether what follows a number leaves it one answer: no decimals, range, second number or unit.

    ``written``: in words, so that what follows may make it another number, or an article ("un scandale").
    """
    after = rest.lstrip()
    if rest[:1].isalnum() or re.match(r"[.,]\d", rest) or COUNTED.match(after):
        return False
    if has_second_number(rest):
        return False
    return not written or FOLLOWS_A_NUMBER_WORD.match(after) is not None


def has_second_number(rest: str) -> bool:
    """Whether a number follows at once, or after "or", "to", "and" or a sign; "3 jours" and "un" are none."""
    between = BETWEEN.match(rest)
    after = rest[between.end() :] if between else rest
    found = number_at(after)
    if found is None:
        return bool(re.match(r"\d", after))
    number, end = found
    joined = after[end : end + 1].isalnum()
    return not joined and not COUNTED.match(after[end:].lstrip()) and not (number == 1 and after[0].isalpha())


def words_beside(body: str, rest: str) -> str:
    """The customer's own words for ``rest``, the end of the folded ``body``; politeness alone is no message."""
    left = rest.strip(EDGES)
    if not left or left in POLITE:
        return ""
    folded, origins = _folded(body)
    place = len(folded) - len(rest.lstrip(EDGES))
    return storable(body[origins[place] :]).strip(EDGES)
