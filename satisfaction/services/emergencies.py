"""Comments with words of emergency are put before a person; nothing else ever follows from them by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select

import notifications.services as messages
from foundation.database import db, insert_if_absent, reading
from foundation.ledger import services as ledger
from foundation.web.i18n import in_each_language
from satisfaction.emergencies import KINDS, settled, written
from satisfaction.forms.comments import emergency_line
from satisfaction.models import Emergency, EmergencyRead, EmergencyWord
from satisfaction.queries import emergencies as queries
from satisfaction.queries.anonymous_comments import key_of, place_of
from surveys.models import Draw


class Found(NamedTuple):
    """A comment with words of emergency."""

    comment: str
    principal_id: int
    site_id: int | None
    kinds: tuple[str, ...]


class WordRefused(ValueError):
    """A phrase that cannot be listed: ``empty`` or ``short``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def look(now: datetime) -> int:
    """Read what customers wrote since the last look; returns how many emergencies are new. Does not commit.

    Takes the write lock only where there is something to write.
    """
    with reading():
        state = queries.read_so_far()
        known = (state.floor, state.top, state.since) if state else (queries.last_before(now), 0, now)
        newest, watch = queries.newest_event(), queries.watch()
        found = [
            Found(f"event:{row.id}", row.principal_id, row.site_id, kinds)
            for row in queries.texts_after(known[0])
            if (kinds := watch.kinds_in(row.text))
        ]
    _remember(settled(*known, newest, now) if state else (known[0], newest, now), state is None)
    return _tell(found, now)


def _remember(read: tuple[int, int, datetime], is_first: bool) -> None:
    floor, top, since = read
    if is_first:
        insert_if_absent(EmergencyRead, [{"id": 1, "floor": floor, "top": top, "since": since}], ["id"])
        return
    state = db.session.get_one(EmergencyRead, 1)
    if (state.floor, state.top) != (floor, top):
        state.floor, state.top, state.since = floor, top, since


def look_at_let_go(draw_id: int, stratum: str | None, said: Iterable[Any], now: datetime) -> int:
    """The same of anonymous words, in the transaction that lets them go: nobody reads them before."""
    draw, watch = db.session.get_one(Draw, draw_id), queries.watch()
    found = []
    for answers in said:
        for question_id, _value, words in answers:
            if words and (kinds := watch.kinds_in(words)):
                site_id = queries.site_id_of(place_of(draw_id, stratum).site)
                found.append(Found(key_of(draw_id, question_id, words), draw.principal_id, site_id, kinds))
    return _tell(found, now)


def _tell(found: Sequence[Found], now: datetime) -> int:
    """Keep those that are new, and alert whoever may read them."""
    known = _known([one.comment for one in found])
    new = {one.comment: one for one in found if one.comment not in known}
    rows = [one._asdict() | {"kinds": list(one.kinds), "found_at": now} for one in new.values()]
    insert_if_absent(Emergency, rows, ["comment"])
    messages.raise_alerts([_alert(one) for one in new.values()], now)
    return len(new)


def _known(comments: Sequence[str]) -> set[str]:
    return set(db.session.scalars(select(Emergency.comment).where(Emergency.comment.in_(comments))))


def _alert(found: Found) -> messages.NewAlert:
    return messages.NewAlert(
        kind="emergency",
        key=queries.alert_key(found.comment),
        subject_key=found.comment,
        text=in_each_language(partial(emergency_line, found.kinds)),
        path=f"/satisfaction/comments/{found.comment}",
        principal_id=found.principal_id,
        site_id=found.site_id,
        facts={"kinds": list(found.kinds)},
    )


def take_in_hand(emergency: Emergency, actor_id: int, now: datetime) -> bool:
    """Say who looks after it; False where somebody already does. Nobody is told of it any more."""
    locked = select(Emergency).filter_by(id=emergency.id).with_for_update()
    row = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if row.taken_at is not None:
        return False
    row.taken_by, row.taken_at = actor_id, now
    facts = {"principal_id": row.principal_id, "kinds": row.kinds, "found_at": row.found_at.isoformat()}
    ledger.record("comment.emergency-taken", f"comment:{row.comment}", facts, now, actor_id)
    db.session.flush()
    messages.end_alerts("emergency", queries.waiting_keys(), now)
    return True


def list_word(typed: str, kind: str, actor_id: int, now: datetime) -> str:
    """Put a phrase on the list; returns it as it is kept. Raises WordRefused; it holds from the next comment on."""
    phrase = written(typed)
    if kind not in KINDS or not phrase:
        raise WordRefused("empty")
    if len(phrase.removesuffix("*")) < 3:
        raise WordRefused("short")
    _change(phrase, kind, True, actor_id, now)
    return phrase


def strike_word(phrase: str, actor_id: int, now: datetime) -> None:
    """Take a phrase off the list; one that is not there is passed over."""
    kind = next((kind for kind, known in queries.listed().items() if phrase in known), None)
    if kind is not None:
        _change(phrase, kind, False, actor_id, now)


def _change(phrase: str, kind: str, is_on: bool, actor_id: int, now: datetime) -> None:
    row = db.session.get(EmergencyWord, phrase) or EmergencyWord(phrase=phrase)
    row.kind, row.is_on, row.changed_by, row.changed_at = kind, is_on, actor_id, now
    db.session.add(row)
    facts = {"phrase": phrase, "kind": kind, "is_on": is_on}
    ledger.record(
        "emergency-word.listed" if is_on else "emergency-word.struck", "emergency-words", facts, now, actor_id
    )
    db.session.flush()
