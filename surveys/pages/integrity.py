"""The words for measures and questions of integrity: questions to a person, never findings about one."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from foundation.web.filters import moment, number, percent, short_date
from surveys.integrity import Question

#: Measure → (title, of which contacts).
MEASURES = {
    "askable": (_l("Could be asked"), _l("of all contacts")),
    "invited": (_l("Drawn"), _l("of those that could be asked")),
    "sent": (_l("Invitation sent"), _l("of those drawn")),
    "delivered": (_l("Delivered"), _l("of those sent")),
    "phones": (_l("Number missing or altered"), _l("of contacts whose log speaks of a number")),
    "quick": (_l("Answered within a minute of sending"), _l("of complete answers")),
}
SUBJECTS = {"agent": _l("by agent"), "site": _l("by site")}


def question_words(question: Question, sites: Mapping[str, str]) -> str:
    """The question as it is put to a person."""
    measure, _dash, subjects = question.kind.rpartition("-")
    if measure in MEASURES:
        return _about_share(question, measure, subjects, sites)
    return _ASKED[question.kind](question, sites)


def _about_share(question: Question, measure: str, subjects: str, sites: Mapping[str, str]) -> str:
    who = _("agent %(name)s", name=question.subject)
    if subjects == "site":
        who = _("site %(name)s", name=sites.get(question.subject, question.subject))
    facts = {
        "who": who,
        "what": MEASURES[measure][0],
        "whole": number(question.whole),
        "part": number(question.part),
        "share": percent(question.part / question.whole),
        "expected": percent(question.expected),
    }
    if question.facts["side"] == "high":
        return _(
            "%(what)s, %(who)s: %(part)s of %(whole)s (%(share)s), more than the %(expected)s of comparable contacts. "
            "What explains it?",
            **facts,
        )
    return _(
        "%(what)s, %(who)s: %(part)s of %(whole)s (%(share)s), less than the %(expected)s of comparable contacts. "
        "What explains it?",
        **facts,
    )


def _silent_day(question: Question, sites: Mapping[str, str]) -> str:
    return ngettext(
        "%(site)s, %(day)s: %(count)s contact could be asked, and it was sent no invitation. What happened?",
        "%(site)s, %(day)s: %(count)s contacts could be asked, and none of that day was sent an invitation. "
        "What happened?",
        question.whole,
        site=sites.get(question.subject, question.subject),
        day=short_date(date.fromisoformat(question.facts["day"])),
        count=number(question.whole),
    )


def _same_number(question: Question, _sites: Mapping[str, str]) -> str:
    return _(
        "Agent %(name)s: %(part)s of the %(whole)s contacts of one number are with this agent (the first is "
        "%(contact)s), who takes %(expected)s of all there. Is it a customer with an agent of their own?",
        name=question.subject,
        part=number(question.part),
        whole=number(question.whole),
        contact=question.facts["contact"],
        expected=percent(question.expected),
    )


def _burst(question: Question, sites: Mapping[str, str]) -> str:
    who = _("agent %(name)s", name=question.subject)
    if question.kind == "burst-site":
        who = _("site %(name)s", name=sites.get(question.subject, question.subject))
    return _(
        "In one minute, %(moment)s: %(part)s of the %(whole)s answers complete then are about contacts of %(who)s, "
        "which has %(expected)s of that day's. What brought them together?",
        moment=moment(datetime.fromisoformat(question.facts["minute"])),
        part=number(question.part),
        whole=number(question.whole),
        who=who,
        expected=percent(question.expected),
    )


def _too_quick(question: Question, sites: Mapping[str, str]) -> str:
    return _(
        "%(site)s: %(part)s of %(whole)s answers were complete within ten seconds of sending. Who could read so fast?",
        site=sites.get(question.subject, question.subject),
        part=number(question.part),
        whole=number(question.whole),
    )


def _one_address(question: Question, sites: Mapping[str, str]) -> str:
    return _(
        "%(site)s: %(part)s customers who answered, of %(whole)s answers, have one e-mail address (the first contact "
        "is %(contact)s). Is it an address of a family or a firm?",
        site=sites.get(question.subject, question.subject),
        part=number(question.part),
        whole=number(question.whole),
        contact=question.facts["contact"],
    )


_ASKED: Mapping[str, Callable[[Question, Mapping[str, str]], Any]] = {
    "silent-day": _silent_day,
    "same-number": _same_number,
    "burst-site": _burst,
    "burst-agent": _burst,
    "too-quick": _too_quick,
    "one-address": _one_address,
}
