"""The words for where an incoming message went, why, and what was wrong with it."""

from flask_babel import lazy_gettext as _l

ROUTES = {
    "person": _l("a person reads it"),
    "stop": _l("STOP, obeyed"),
    "start": _l("START, obeyed"),
    "interview": _l("an answer to a survey"),
    "complaint": _l("a complaint"),
    "bounce": _l("news that a message did not arrive"),
    "automatic": _l("written by a machine, not answered"),
    "own": _l("our own message, come back"),
}
WHY = {
    "keyword": _l("it says that word and nothing else"),
    "answers-our-mail": _l("it answers a message of ours about this complaint, and its sender is the complainant"),
    "bears-reference": _l("its subject bears the reference of the complaint, and its sender is the complainant"),
    "words-of-complaint": _l("it was written to a principal's address and speaks of a complaint"),
    "stranger-to-case": _l("it names a complaint, but its sender is not known there: check before you pass it on"),
    "other-principal": _l("it answers about a complaint of one principal but was written to another"),
    "case-ended": _l("it is about a complaint that has ended"),
    "no-principal": _l("it was written to no principal's address"),
    "no-complaint": _l("it speaks of no complaint"),
    "too-many-answers": _l("its sender has had as many automatic answers today as anybody gets"),
    "no-person": _l("its headers say that no person wrote it"),
    "our-own": _l("it bears the mark of a message we sent"),
    "bounce-permanent": _l("the mail server gave the delivery up"),
    "bounce-temporary": _l("the mail server is still trying"),
    "bounce-of-nothing-ours": _l("it speaks of a message we did not send"),
    "too-large": _l("it is larger than 25 MB: it stays in the mailbox, and only its headers were taken"),
    "unreadable": _l("it could not be read: open the raw message"),
    "no-sender": _l("it does not say who wrote it"),
    "sounds-automatic": _l("its subject is that of an absence notice, but nothing else says so"),
    "empty": _l("it has no words"),
}
DEFECTS = {
    "too-large": _l("larger than 25 MB"),
    "unreadable": _l("could not be read"),
    "no-sender": _l("no sender"),
    "nested-too-deeply": _l("parts inside parts without end, not all of which were looked at"),
    "encoding-lies": _l("its letters are not in the encoding it names"),
    "text-cut": _l("longer than is shown"),
    "sounds-automatic": _l("sounds like an absence notice"),
}
# In the place of words that are not for who only checks.
HIDDEN = _l("The words are not shown here: this e-mail names the person who wrote it.")


def where(route: str | None) -> str:
    """Return where a message went, in words."""
    return str(ROUTES.get(route or "", route or ""))


def why(code: str | None) -> str:
    """Return why it went there, in words; "" where nothing is to be said."""
    return str(WHY.get(code or "", code or ""))


def defects(codes: list[str]) -> list[str]:
    """Return what was wrong with a message, in words."""
    return [str(DEFECTS.get(code, code)) for code in codes]
