"""Appeals: in time, late, and in whose hands."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaints import clocks, lifecycle
from complaints.models import Case, CaseMessage
from complaints.services.actors import actor_of
from complaints.services.acts import keep_words
from complaints.services.filing import PROFILE, Filing, file_complaint
from complaints.services.places import place_of
from complaints.services.sending import send
from complaints.services.texts import day_words, due_words, values_of, wording
from complaints.services.turns import Turn, take_turn
from complaints.signals import case_ended, case_opened
from foundation.database import db
from foundation.timing.calendars import local_day


def file_appeal(
    case_id: int,
    now: datetime,
    words: str = "",
    channel: str = "web",
    actor_id: int | None = None,
    key: str | None = None,
) -> Case:
    """Contest the decision, with or without reasons; ``actor_id`` is who wrote it down for the complainant.

    After its window an appeal is kept, receipted and waits for a manager. Raises ActRefused.
    """
    turn = take_turn(case_id, actor_of(actor_id), now, key=key)
    if turn.done:
        return turn.case
    if turn.state.situation(now).window_is_open:
        _file_in_time(turn, words, channel)
    else:
        _file_late(turn, words, channel)
    return turn.case


def _file_in_time(turn: Turn, words: str, channel: str) -> None:
    turn.happen("file_appeal", {"clocks": [_promise(turn, "appeal_answer", turn.now).facts()]}, {"words": words})
    keep_words(turn, "appeal", words, channel)
    _tell(turn, "receipt", "appeal_receipt", **due_words(turn.case, turn.state, "appeal_answer", "answer_due"))


def _file_late(turn: Turn, words: str, channel: str) -> None:
    was_closed = turn.case.state == lifecycle.CLOSED
    turn.happen("file_late_appeal", {"clocks": [_promise(turn, "late_appeal", turn.now).facts()]}, {"words": words})
    keep_words(turn, "appeal", words, channel)
    window = turn.state.clocks["appeal_window"].promise.due_on
    told = day_words(turn.case, window, "window_until") | due_words(turn.case, turn.state, "late_appeal", "settled_by")
    _tell(turn, "receipt", "late_appeal_receipt", **told)
    if was_closed:
        case_opened.send(turn.case, now=turn.now)


def accept_late_appeal(
    case_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Examine a late appeal all the same; its delay runs from the day it came. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return turn.case
    turn.require("accept_late_appeal")
    answer = _promise(turn, "appeal_answer", late_appeal_at(case_id))
    turn.happen("accept_late_appeal", {"clocks": [answer.facts()]})
    due = due_words(turn.case, turn.state, "appeal_answer", "answer_due")
    _tell(turn, "notice", "late_appeal_accepted", **due)
    return turn.case


def refer_late_appeal(
    case_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None
) -> Case:
    """Open a case of its own for a late appeal, linked to the first, and return it. Raises ActRefused, StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if turn.done:
        return db.session.scalars(select(Case).filter_by(follows_id=case_id)).one()
    turn.require("refer_late_appeal")
    linked = file_complaint(_linked_filing(turn.case), now)
    turn.happen("refer_late_appeal", {"new_reference": linked.reference})
    _tell(turn, "notice", "late_appeal_referred", new_reference=linked.reference)
    case_ended.send(turn.case, now=now)
    return linked


def assign_appeal(case_id: int, actor_id: int, now: datetime, seen: int | None = None, key: str | None = None) -> Case:
    """Take the appeal in hand. Raises ActRefused for anyone who had the complaint in hand, and StaleCase."""
    turn = take_turn(case_id, actor_of(actor_id), now, seen, key)
    if not turn.done:
        turn.happen("assign_appeal", {"handler_id": actor_id})
    return turn.case


def late_appeal_at(case_id: int) -> datetime:
    """Return when the late appeal of a case came."""
    return _last_appeal(case_id).at


def _last_appeal(case_id: int) -> CaseMessage:
    appeals = select(CaseMessage).filter_by(case_id=case_id, kind="appeal").order_by(CaseMessage.id.desc())
    return db.session.scalars(appeals.limit(1)).one()


def _promise(turn: Turn, kind: str, appealed_at: datetime) -> clocks.Promise:
    place = place_of(turn.case.principal_id, turn.case.site_id)
    return clocks.promise(PROFILE, kind, local_day(appealed_at, ZoneInfo(place.zone)), place)


def _tell(turn: Turn, kind: str, name: str, **values: str) -> None:
    text = wording(name, turn.case.language).fill(**{**values_of(turn.case, turn.state), **values})
    send(turn.case, kind, "acknowledgement" if kind == "receipt" else "reply", text, turn.now)


def _linked_filing(case: Case) -> Filing:
    appeal = _last_appeal(case.id)
    return Filing(
        filing_key=f"late-appeal:{case.id}",
        principal_id=case.principal_id,
        site_id=case.site_id,
        words=appeal.body,
        channel=appeal.channel,
        sent_at=appeal.at,
        received_at=appeal.at,
        language=case.language,
        name=case.name,
        phone=case.phone,
        phone_takes_sms=case.phone_takes_sms,
        email=case.email,
        category=case.category,
        customer_id=case.customer_id,
        contact_id=case.contact_id,
        follows_id=case.id,
    )
