"""The words for the codes of this package."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contacts.forms.source_words import setting_problems, source_refusals
from contacts.frames import BadPeriod
from contacts.mapping import Problem
from contacts.models import Period
from contacts.reading import UnreadableFile
from contacts.services import PeriodRefused
from foundation.web.filters import long_date, number

CHANNEL_NAMES = {
    "phone": _l("telephone"),
    "email": _l("e-mail"),
    "chat": _l("chat"),
    "sms": _l("SMS"),
    "post": _l("post"),
    "web": _l("web form"),
    "social": _l("social networks"),
}
DIRECTION_NAMES = {"in": _l("incoming"), "out": _l("outgoing")}
OUTCOME_NAMES = {
    "answered": _l("answered"),
    "abandoned": _l("abandoned"),
    "unanswered": _l("not answered"),
    "unknown": _l("not known"),
}
SITE_KIND_NAMES = {"operational": _l("operational"), "technical": _l("technical")}
CERTIFIED_NAMES = {"whole": _l("in"), "part": _l("part of the time"), "none": _l("out")}
MARK_NAMES = {
    "unknown": _l("in no list"),
    "not-said": _l("not named by the log"),
    "listed-late": _l("listed after the period was closed"),
    "outside": _l("outside of the certified scope"),
    "partly-outside": _l("part of the days outside of the certified scope"),
    "not-open": _l("not open on these days"),
    "no-contact": _l("no contact"),
    "no-answer": _l("no answer"),
}
#: Why something of the scope may not be so.
SCOPE_REFUSALS = {
    "entry-point-known": _l("This address is in the list already, on this channel and in this direction."),
    "entry-point-key-taken": _l("This key is taken."),
    "entry-point-reversed": _l("The last day is before the first."),
    "entry-point-elsewhere": _l("Contacts of other sites named this address too: whoever sees those sites may add it."),
    "span-reversed": _l("The last day is before the first."),
    "spans-overlap": _l("Two of these spans hold on the same day for the same principal."),
    "empty-tree": _l("Write at least one reason."),
    "too-many-reasons": _l("A tree has at most 1,000 reasons."),
    "reason-line": _l("Write a code, the French and the English words, with | between them."),
    "reason-code": _l("A code has small letters, digits and hyphens only, up to 60."),
    "reason-twice": _l("This code stands on a line above."),
    "reason-indent": _l("Indent by two spaces, one level further than the line above at most."),
    "reason-label": _l("Write both the French and the English words, up to 200 characters."),
    "no-such-leaf": _l("The tree in force has no such reason."),
    "no-draft": _l("There is no draft to publish."),
    "changed-meanwhile": _l("Somebody else changed this in the meantime. Look at it again."),
}
FIELD_NAMES = {
    "row": _l("whole row"),
    "external_id": _l("identifier"),
    "started_at": _l("date and time"),
    "site": _l("site"),
    "channel": _l("channel"),
    "direction": _l("direction"),
    "outcome": _l("outcome"),
    "reason": _l("reason"),
    "agent": _l("agent"),
    "language": _l("language"),
    "phone": _l("phone number"),
    "email": _l("e-mail address"),
    "name": _l("name of the customer"),
    "ended_at": _l("end of the contact"),
    "entry_point": _l("entry point"),
    "address": _l("number, address or queue"),
    "site_id": _l("site"),
    "first_day": _l("first day"),
    "last_day": _l("last day"),
    "day": _l("day"),
    "contacts": _l("number of contacts"),
    "source": _l("source"),
}
STATE_NAMES = {
    "received": _l("waiting for its mapping"),
    "queued": _l("waiting to be imported"),
    "running": _l("being imported"),
    "done": _l("imported"),
    "failed": _l("stopped"),
}
FAULTS = {
    "empty": _l("This cell is empty."),
    "day-unreadable": _l("This is not a day, such as 2026-10-05 or 05/10/2026."),
    "number-unreadable": _l("This is not a whole number."),
    "entry-point-key-taken": _l("This key is taken."),
    "entry-point-reversed": _l("The last day is before the first."),
    "entry-point-elsewhere": _l("Contacts of other sites named this address too: whoever sees those sites may add it."),
    "too-long": _l("This text is longer than 200 characters."),
    "not-an-object": _l("This is not a contact: send an object with its fields."),
    "not-text": _l("This is not a text."),
    "unreadable-text": _l("This text has characters that cannot be kept."),
    "field-unknown": _l("A contact has no such field."),
    "source-missing": _l("Give the source a name of up to 60 characters."),
    "facts-form": _l("Facts are up to 50 texts of up to 1,000 characters, each under a name of up to 100."),
    "cell-count": _l("This row does not have as many cells as the header."),
    "duplicate-in-file": _l("A row above has the same identifier."),
    "time-missing": _l("The time of day is missing."),
    "date-unreadable": _l("This is not a date with a time."),
    "zone-missing": _l("This time has no zone, and the mapping gives none."),
    "time-skipped": _l("This time did not exist: clocks had gone forward to summer time."),
    "time-shown-twice": _l("This time occurred twice, at the end of summer time. The first was taken."),
    "in-the-future": _l("This date is in the future."),
    "number-shortened": _l(
        "A spreadsheet has shortened this identifier: its digits are lost. Export it as text; it was kept as it stands."
    ),
    "site-unknown": _l("This site is unknown."),
    "before-its-beginning": _l("This end is before the beginning. It was left out."),
    "entry-point-unknown": _l("This entry point is unknown. It was left out."),
    "value-unknown": _l("This word is unknown here. The mapping can translate it."),
    "language-unknown": _l("This language is unknown. The contact was kept with the usual one."),
    "phone-unreadable": _l("This is not a phone number. The contact was kept without it."),
    "phone-invalid": _l("This phone number does not exist. The contact was kept without it."),
    "phone-of-service": _l("This is the number of a service, not of a person. The contact was kept without it."),
    "email-invalid": _l("This is not an e-mail address. The contact was kept without it."),
}
FILE_REFUSALS = {
    "empty-file": _l("This file is empty."),
    "too-large": _l(
        "This file is larger than 150 MB. Send it in parts, or import it by command: a contact that is in twice is"
        " counted once."
    ),
    "changed-meanwhile": _l("The file changed while it was being imported. Leave it again under another name."),
    "mapping-missing": _l("The mapping of this folder is no longer there."),
    "file-gone": _l("The file was taken away while it was being imported."),
    "upload-cut-off": _l("The file did not arrive whole. Send it again."),
    "unreadable-encoding": _l(
        "This is not a text file that can be read. Save the log as CSV, in UTF-8 or Windows encoding."
    ),
    "separator-unknown": _l("No columns were found. They must be separated by semicolons, commas or tabs."),
    "workbook-unreadable": _l("This workbook cannot be read. Save the log as CSV or XLSX again."),
    "workbook-locked": _l("This workbook is locked by a password. Save it without one."),
    "workbook-old": _l("This is an old workbook (XLS), or one locked by a password. Save it as XLSX or CSV."),
    "sheet-too-large": _l("This workbook is too large to be read. Save its sheet as CSV."),
    "sheet-missing": _l("The workbook has no sheet of this name."),
    "rejects-of-another": _l(
        "These rows were refused from a file of another principal: nothing of them may be imported here. Send them for "
        "the principal that the file came for."
    ),
    "no-rows": _l("This file has a header but no row."),
    "interrupted": _l("The import was interrupted. Send the file again: what is in is not counted twice."),
    "mapping-unusable": _l("The mapping does not fit this file."),
}


def fault_words(fault: Iterable[str]) -> str:
    """The sentence for one [field, code]."""
    _field, code = fault
    return str(FAULTS[code])


def field_words(name: str) -> str:
    return str(FIELD_NAMES.get(name, name))


def file_words(refusal: UnreadableFile) -> str:
    """Why a file as a whole cannot be read."""
    if refusal.code == "duplicate-column":
        return _("Two columns have the same name: %(names)s.", names=", ".join(refusal.names))
    if refusal.code == "broken-quotes":
        return _("A quotation mark opened on line %(line)s is never closed.", line=refusal.line)
    return str({**FILE_REFUSALS, **source_refusals(refusal.line, refusal.names)}[refusal.code])


def batch_words(code: str) -> str:
    """Why an import was stopped as a whole."""
    return str({**source_refusals(None, ()), **FILE_REFUSALS}.get(code, code))


def problem_words(problem: Problem) -> str:
    """Why a mapping cannot be used."""
    name = field_words(problem.name)
    sentences: dict[str, Any] = {
        "source-missing": _l("Give the source a name of up to 60 characters."),
        "field-missing": _l("Say where to find “%(name)s”: in a column, or the same in every row.", name=name),
        "field-unknown": _l("A contact has no field called “%(name)s”.", name=name),
        "field-constant": _l("“%(name)s” cannot be the same in every row.", name=name),
        "agent-in-mapping": _l("Agents are read from a column: a mapping names none of them."),
        "column-missing": _l("The file has no column called “%(name)s”.", name=name),
        "dates-unknown": _l("Dates are day-first or month-first."),
        "country-unknown": _l("There is no country with the letters “%(name)s”. Write for example FR.", name=name),
        "zone-unknown": _l("There is no time zone called “%(name)s”.", name=name),
        "zone-missing": _l("The times of this file have no zone. Say which it is, for example Europe/Paris."),
        "mapping-form": _l("In the mapping, “%(name)s” is not as docs/contacts.md describes it.", name=name),
        "words-form": _l("Write one translation per line, such as: Y = answered."),
    }
    return str({**sentences, **setting_problems(problem.name)}[problem.code])


def period_words(refusal: PeriodRefused | BadPeriod) -> str:
    """Why a period cannot be closed."""
    if isinstance(refusal, BadPeriod):
        return _("A period is a month (2026-10) or two days (2026-10-01/2026-10-15).")
    first, last = long_date(refusal.first_day), long_date(refusal.last_day)
    if refusal.code == "period-reversed":
        return _("The last day is before the first.")
    if refusal.code == "period-gaps":
        return ngettext(
            "%(num)s gap to what the sources say is not explained.",
            "%(num)s gaps to what the sources say are not explained.",
            refusal.gaps,
        )
    if refusal.code == "period-not-over":
        return _("This period is not over: it lasts until the end of %(last)s.", last=last)
    return _("The period from %(first)s to %(last)s is closed already and has days in common.", first=first, last=last)


def closed_words(period: Period) -> str:
    """What was just closed, with its population."""
    return _(
        "The period from %(first)s to %(last)s is closed. Its population: %(population)s contacts.",
        first=long_date(period.first_day),
        last=long_date(period.last_day),
        population=number(period.population),
    )
