"""The values that fill the wordings, taken from a case."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaints.keys import case_key, follow_address
from complaints.models import Case
from complaints.references import follow_code
from complaints.replay import CaseState
from complaints.services.places import place_of
from complaints.wording import messages
from complaints.wording.texts import Wording, day_in_figures, day_in_words
from contacts.models import Principal
from foundation.database import db
from foundation.timing.calendars import local_day
from notifications.queries.texts import in_force


def wording(name: str, language: str) -> Wording:
    """Return what a text of complaints says now, as a letter and as an SMS."""
    texts = in_force()
    letter, short = (texts.of(f"complaints.{name}", channel, language) for channel in ("email", "sms"))
    return Wording(letter.subject, letter.body, short.body, short.folded, letter.version_id, short.version_id)


def code_of(case: Case) -> str:
    """Return the code that opens the case at /follow."""
    return follow_code(case_key(), case.uid)


def local_words(case: Case, moment: datetime) -> str:
    """Return the day of ``moment`` where the case is handled, in the complainant's language."""
    zone = place_of(case.principal_id, case.site_id).zone
    return day_in_words(local_day(moment, ZoneInfo(zone)), case.language)


def values_of(case: Case, state: CaseState) -> dict[str, str]:
    """Return what every wording may name."""
    principal = db.session.get_one(Principal, case.principal_id)
    return {
        "reference": case.reference,
        "brand": principal.brand,
        "principal": principal.name,
        "link": follow_address(),
        "name": f" {case.name}" if case.name else "",
        "sent_on": local_words(case, case.sent_at),
        "received_on": local_words(case, case.received_at),
        **due_words(case, state, "acknowledgement", "acknowledgement_due"),
        **due_words(case, state, "answer", "answer_due"),
        "mediator_after": _mediator_after(case, state, principal),
        "write_to": _write_to(case, principal),
    }


def due_words(case: Case, state: CaseState, kind: str, name: str) -> dict[str, str]:
    """Return the due date of a clock in words and, for an SMS, in figures."""
    return day_words(case, state.clocks[kind].promise.due_on, name)


def day_words(case: Case, day: date, name: str) -> dict[str, str]:
    """Return a day in words and, for an SMS, in figures."""
    return {name: day_in_words(day, case.language), f"{name}_short": day_in_figures(day, case.language)}


def mediator_line(principal: Principal) -> str:
    """Return name, address and site of the principal's mediator on one line; empty where none is known."""
    return ", ".join(
        part for part in (principal.mediator_name, principal.mediator_address, principal.mediator_url) if part
    )


def complaint_line(principal: Principal) -> str:
    """Return where one may write to the principal about a complaint; empty where it has not said."""
    return ", ".join(part for part in (principal.complaint_address, principal.complaint_email) if part)


def _write_to(case: Case, principal: Principal) -> str:
    where = complaint_line(principal)
    return messages.WRITE_TO[case.language].format(where=where) if where else ""


def _mediator_after(case: Case, state: CaseState, principal: Principal) -> str:
    mediator = mediator_line(principal)
    if not mediator:
        return ""
    legal_due = day_in_words(state.clocks["legal"].promise.due_on, case.language)
    return messages.MEDIATOR_AFTER[case.language].format(mediator=mediator, legal_due=legal_due)
