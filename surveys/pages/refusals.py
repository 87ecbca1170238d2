"""The words for what was refused, with the numbers, and what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from foundation.web.filters import long_date, number
from surveys.pages.answers import ANSWER_REFUSALS
from surveys.refusals import SurveyRefused


def refusal_words(code: str, facts: Mapping[str, Any]) -> str:
    """What was refused, with the numbers, and what to do."""
    return _REFUSALS[code](facts) if code in _REFUSALS else code


def refused(refusal: SurveyRefused) -> str:
    return refusal_words(refusal.code, refusal.facts)


def _days(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"first": long_date(facts["first_day"]), "last": long_date(facts["last_day"])}


_REFUSALS: dict[str, Callable[[Mapping[str, Any]], str]] = ANSWER_REFUSALS | {
    "period-open": lambda facts: _(
        "The period from %(first)s to %(last)s is not closed. Close it first: until then contacts may still arrive.",
        **_days(facts),
    ),
    "not-continuous": lambda _facts: _("This programme draws from closed periods: no draw is opened for it."),
    "draws-continuously": lambda _facts: _(
        "This programme draws contacts as they arrive: open its draw before the period begins."
    ),
    "draw-withdrawn": lambda facts: _("The draw was withdrawn: %(reason)s", reason=facts["reason"]),
    "was-withdrawn": lambda _facts: _(
        "The draw of these days was withdrawn. It is not made again: open the next days."
    ),
    "anonymous": lambda _facts: _("These answers were given anonymously: nobody may look up whose they are."),
    "still-running": lambda _facts: _("This interview may still be answered. Withdraw its answers once it is over."),
    "nothing-to-withdraw": lambda _facts: _("None of these questions has an answer that counts any more."),
    "not-running": lambda _facts: _("This draw does not run any more."),
    "period-closed": lambda facts: _(
        "The period from %(first)s to %(last)s is closed: its draw is no longer withdrawn.", **_days(facts)
    ),
    "already-running": lambda _facts: _("The draw of these days is running already."),
    "period-not-free": lambda facts: _(
        "These days lie in another period, or in one that is closed: %(first)s to %(last)s.", **_days(facts)
    ),
    "rate-missing": lambda _facts: _("Say at which rate contacts are drawn: 1/20 takes one in twenty."),
    "bad-rate": lambda facts: _(
        "“%(rate)s” is no rate. Write two whole numbers, the first not above the second: 1/20.", rate=facts["rate"]
    ),
    "continuous-anonymous": lambda _facts: _(
        "Anonymous answers are cut from their contact, and with it from its weight: draw from closed periods instead."
    ),
    "continuous-needs-address": lambda _facts: _(
        "Where answers come by file nobody is written to: draw from closed periods instead."
    ),
    "continuous-per-person": lambda _facts: _(
        "A limit of invitations per person cannot be held while contacts arrive: use the days without a new invitation."
    ),
    "already-drawn": lambda _facts: _("This period was drawn already. A draw is made once."),
    "already-requested": lambda _facts: _("This draw was asked for already and is at work."),
    "version-not-published": lambda _facts: _("This version of the questionnaire is not published."),
    "version-retired": lambda facts: _(
        "Version %(number)s is retired: no programme takes it up any more. Choose another version.",
        number=facts["number"],
    ),
    "unknown-version": lambda facts: _("There is no version %(number)s.", number=facts["number"]),
    "not-published": lambda facts: _(
        "Version %(number)s is a draft. Only a published version is retired; a draft is discarded.",
        number=facts["number"],
    ),
    "already-retired": lambda facts: _("Version %(number)s is retired already.", number=facts["number"]),
    "size-with-fixed-sizes": lambda _facts: _("This programme has a number for each stratum, so it takes no size."),
    "larger-than-frame": lambda facts: _(
        "%(requested)s were asked for, but only %(available)s contacts may be drawn. Ask for fewer.",
        requested=number(facts["requested"]),
        available=number(facts["available"]),
    ),
    "larger-than-stratum": lambda facts: _(
        "%(requested)s were asked for from the stratum “%(stratum)s”, which holds only %(available)s. Ask for fewer.",
        stratum=facts["stratum"],
        requested=number(facts["requested"]),
        available=number(facts["available"]),
    ),
    "smaller-than-minimums": lambda facts: _(
        "%(requested)s are too few: with %(minimum)s from each stratum, %(needed)s are needed.",
        requested=number(facts["requested"]),
        minimum=number(facts["minimum"]),
        needed=number(facts["needed"]),
    ),
    "unknown-stratum": lambda facts: _("No contact belongs to the stratum “%(stratum)s”.", stratum=facts["stratum"]),
    "nothing-eligible": lambda _facts: _(
        "Nobody may be drawn from this period: none of its contacts passes the rules."
    ),
    "size-missing": lambda _facts: _("Say how many to draw."),
    "size-unreadable": lambda _facts: _("Write how many to draw as a whole number, 1 or more."),
    "taken-over": lambda _facts: _("Somebody else is carrying out this draw."),
    "days-out-of-order": lambda _facts: _("The last day comes before the first."),
    "seed-already-committed": lambda facts: _(
        "A seed is already committed for the days from %(first)s to %(last)s.", **_days(facts)
    ),
    "seed-not-committed": lambda facts: _(
        "No seed is committed for the days from %(first)s to %(last)s. Let one be committed first: a value counts only "
        "if the seed could not be chosen after it.",
        **_days(facts),
    ),
    "seed-unreadable": lambda _facts: _(
        "The seed was locked under another secret key of this installation. Give it that key back, then ask again."
    ),
    "value-already-given": lambda facts: _(
        "A value was already given for the days from %(first)s to %(last)s.", **_days(facts)
    ),
    "value-too-short": lambda facts: _(
        "Give a value of %(least)s to %(most)s characters.", least=facts["least"], most=facts["most"]
    ),
    "continuous-certified": lambda _facts: _(
        "Contacts drawn as they arrive are not held to the certified scope: take all sites, or draw from closed "
        "periods."
    ),
    "margin-missing": lambda _facts: _("Say which margin of error is wanted."),
    "key-taken": lambda facts: _("Another programme has the key %(key)s.", key=facts["key"]),
    "unknown-strata-field": lambda facts: _("There is no field %(field)s to build strata from.", field=facts["field"]),
    "merge-not-a-stratum": lambda facts: _(
        "Strata cannot join across %(field)s: they are not built from it.", field=facts["field"]
    ),
    "rake-unknown-field": lambda facts: _("There is no total by %(field)s in the frame.", field=facts["field"]),
    "weighting-repeated": lambda _facts: _("The same field or total is named twice."),
    "too-many-strata-fields": lambda facts: ngettext(
        "Strata are built from %(num)s field at most.", "Strata are built from %(num)s fields at most.", facts["most"]
    ),
    "anonymous-needs-web": lambda _facts: _(
        "Anonymous answers are given on the web only: whoever carries a message knows who sent it. Choose the web."
    ),
    "anonymous-names-agent": lambda _facts: _("An anonymous survey does not call the agent by name: untick that."),
    "anonymous-asks-complaint": lambda facts: _(
        "The question %(question)s offers a complaint or a call, which need a person. Take it out for an anonymous "
        "survey: its last page leads to both, without any answer.",
        question=facts["question"],
    ),
    "anonymous-names-contact": lambda facts: _(
        "A text says {%(name)s}, a fact of the contact, which an anonymous survey does not do. Take it out.",
        name=facts["name"],
    ),
    "poster-needs-web": lambda facts: _(
        "A poster leads to a page, and this programme collects answers by %(collection)s: choose a programme on the "
        "web. By SMS only whoever was drawn and written to can reply, and answers by file come from interviews held "
        "elsewhere.",
        collection=_("SMS") if facts["collection"] == "sms" else _("file"),
    ),
    "poster-asks-person": lambda facts: _(
        "The question %(question)s offers a complaint or a call, and nobody knows who answers at a poster. Choose a "
        "programme whose questionnaire offers neither: the last page leads to a complaint by itself.",
        question=facts["question"],
    ),
    "poster-names-contact": lambda facts: _(
        "A text says {%(name)s}, a fact of a contact, and at a poster there is none. Choose a programme whose "
        "questionnaire does without; {brand} and {site} are known.",
        name=facts["name"],
    ),
    "too-many-reminders": lambda facts: ngettext(
        "%(num)s reminder at most.", "%(num)s reminders at most.", facts["most"]
    ),
    "programme-changed": lambda facts: _(
        "Somebody else has changed this programme: version %(number)s. Compare, then save again.",
        number=facts["number"],
    ),
    "nothing-changed": lambda _facts: _("Nothing was changed."),
    "in-force-too-early": lambda _facts: _("Give a moment to come, after the beginning of the last version."),
    "collection-stays": lambda _facts: _(
        "Answers by file and answers by asking are two programmes. Make another programme."
    ),
    "no-key": lambda _facts: _("This questionnaire has no key. Give it one."),
    "no-draft": lambda _facts: _("There is no draft to publish."),
    "draft-changed": lambda _facts: _("The draft has changed since you looked at it. Read it again, then publish."),
    "problems": lambda _facts: _("This draft cannot be published yet: see what is to be put right."),
    "not-drawn": lambda _facts: _("This draw is not finished."),
    "nothing-to-send": lambda _facts: _("Answers of this programme come by file: there is nothing to send."),
    "not-a-questionnaire": lambda _facts: _(
        "This file is no questionnaire: it must be JSON of ours or of SurveyJS, a LimeSurvey structure (.lss) or an "
        "XLSForm."
    ),
    "file-too-large": lambda facts: _("This file is larger than %(most)s MB.", most=facts["most"] // 1_000_000),
    "too-many-questions": lambda facts: _("This file has more than %(most)s questions.", most=facts["most"]),
    "dangerous-xml": lambda _facts: _(
        "This file declares entities, which may do harm and which no export of LimeSurvey has. It was not read."
    ),
    "unpacks-too-large": lambda facts: _(
        "This spreadsheet would unpack to more than %(most)s MB. It was not read.", most=facts["most"] // 1_000_000
    ),
    "old-spreadsheet": lambda _facts: _("This is a spreadsheet of the old kind (.xls). Save it as .xlsx."),
    "not-an-xlsform": lambda _facts: _(
        "This spreadsheet is no XLSForm: it needs a sheet “survey” with a column “type”."
    ),
}
