"""Calls of an Asterisk CDR, made of the rows that carry their key, as contacts."""

from collections.abc import Iterable, Iterator

from contacts.sources.asterisk import ANSWERED, NOT_ANSWERED, CdrCall, Leg, device, direction_of
from contacts.sources.grouping import grouped
from contacts.sources.plain import Broken, Counted, Plain, place
from contacts.sources.settings import Settings


def contacts_of(
    legs: Iterable[tuple[str, Leg] | Broken], settings: Settings, counted: Counted
) -> Iterator[Plain | Broken]:
    """One contact a call; calls between two extensions are counted as ``internal`` and left out."""
    for call in grouped(legs, CdrCall):
        if isinstance(call, Broken):
            yield call
            continue
        direction = direction_of(call.first, settings)
        if direction == "internal":
            counted.add("internal")
        else:
            yield _contact(call, direction, settings)


def _contact(call: CdrCall, direction: str, settings: Settings) -> Plain:
    first, talks = call.first, call.talks
    contact = Plain(
        min(leg.line for leg in call.legs),
        id=first.call,
        started_at=first.start,
        ended_at=call.end,
        channel="phone",
        direction=direction,
        outcome=_outcome(call),
        phone=first.destination if direction == "out" else first.source,
        agent=first.source if direction == "out" else device(talks[0].member) if talks else "",
        name=first.name if direction == "in" else "",
    )
    number = first.shown if direction == "out" else first.did or first.destination
    words = {"number": number, "queue": _queue(call), "context": first.context, "account": first.account}
    place(contact, words, settings)
    return contact


def _queue(call: CdrCall) -> str:
    """The first queue the call was in, by its name in the dial plan."""
    return next((leg.data.split(",")[0].strip() for leg in call.legs if leg.application.lower() == "queue"), "")


def _outcome(call: CdrCall) -> str:
    """A CDR cannot tell who hung up first, so whoever was not answered is ``unanswered``, never ``abandoned``."""
    if call.talks:
        return "answered"
    known = {ANSWERED, *NOT_ANSWERED}
    return "unanswered" if all(leg.disposition.upper() in known for leg in call.legs) else "unknown"
