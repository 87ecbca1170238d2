"""Rolling answers up into cells, behind the page: nothing here waits for whoever answers, and nobody waits for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from foundation.database import db, insert_if_absent, snapshot
from satisfaction.models import AnswerCell, CountedDraw, FrameCell, RollUp, Uncounted
from satisfaction.queries import cells, frames
from satisfaction.queries.cells import Counts
from satisfaction.rolling import AT_REST, CellKey, Claims, Interview, difference
from surveys.models import AnswerEvent

#: Events of one piece: about a fifth of a second of work.
PIECE = 1000
#: What one statement inserts; SQLite takes 32,766 values.
ROWS_AT_ONCE = 2000
TRIES = 3
#: So long a recount keeps the roll-up waiting at most, also when its process is gone.
REST = timedelta(minutes=30)


class RecountDisturbed(RuntimeError):
    """Anonymous answers were let go at each try; the cells are as they were."""

    code = "recount-disturbed"


@dataclass(frozen=True)
class Difference:
    """A cell that is not what a recount says."""

    key: CellKey
    rolled: int
    counted: int


def roll_up(now: datetime, piece: int = PIECE) -> Iterator[int]:
    """Count what came since; yields the events of each piece, for the caller to commit.

    The first time everything is counted from the beginning.
    """
    state = cells.roll_up_state()
    db.session.rollback()
    if state is None:
        recount(now)
    while done := _piece(now, piece):
        yield done
    yield from (0 for _draw in count_draws())


def _piece(now: datetime, at_most: int) -> int:
    state = cells.roll_up_state(keep=True)
    assert state is not None
    if state.held_until and state.held_until > now:
        return 0
    before = cells.claims_of(state)
    rows, settled = cells.unclaimed_ids(before, at_most), cells.settled_ids(at_most)
    if not rows and not settled:
        return 0
    after = before.with_seen(sorted(event_id for event_id, _invitation in rows), remember=_can_be_late())
    touched = {invitation_id for _event, invitation_id in rows} | set(settled)
    interviews = list(cells.interviews_where(AnswerEvent.invitation_id.in_(touched)))
    _add(difference(interviews, before, after))
    _leave_out(interviews, after)
    _say(state, after, now)
    return len(rows) + len(settled)


def _can_be_late() -> bool:
    """Whether a row may appear below one that was read: SQLite has one writer, who gives ids in order."""
    return db.session.get_bind().dialect.name != "sqlite"


def _say(state: RollUp, claims: Claims, now: datetime) -> None:
    state.top, state.gaps = claims.top, [list(gap) for gap in claims.gaps]
    state.version, state.rolled_at = state.version + 1, now
    db.session.flush()


def _add(change: Mapping[CellKey, int]) -> None:
    """Add to cells, and take those away at which nobody stands any more."""
    rows = [key._asdict() | {"answers": answers} for key, answers in sorted(change.items())]
    if not rows:
        return
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    inserted = dialect.insert(AnswerCell)
    more = inserted.on_conflict_do_update(
        index_elements=list(CellKey._fields), set_={"answers": AnswerCell.answers + inserted.excluded.answers}
    )
    db.session.execute(more, rows)
    draws = {key.draw_id for key in change}
    db.session.execute(delete(AnswerCell).where(AnswerCell.draw_id.in_(draws), AnswerCell.answers == 0))


def _leave_out(interviews: Iterable[Interview], claims: Claims) -> None:
    """Remember of which interviews nothing is counted."""
    everyone = list(interviews)
    ids = [each.invitation_id for each in everyone]
    db.session.execute(delete(Uncounted).where(Uncounted.invitation_id.in_(ids)))
    out = [each for each in everyone if each.is_left_out(claims)]
    _insert(Uncounted, [_left_out(each.invitation_id, each.draw_id, each.disposition) for each in out])


def _left_out(invitation_id: int, draw_id: int, disposition: str) -> dict[str, Any]:
    return {"invitation_id": invitation_id, "draw_id": draw_id, "is_open": disposition not in AT_REST}


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        db.session.execute(insert(model), rows[first : first + ROWS_AT_ONCE])


def recount(now: datetime) -> None:
    """Count everything anew from the answers, and commit.

    It is read as of one moment and without a lock, while the roll-up rests; then written in one go, unless answers
    were let go in between.
    """
    insert_if_absent(RollUp, [{"id": 1, "top": 0, "gaps": [], "version": 0, "rolled_at": now}], ["id"])
    _hold_until(now + REST)
    for _attempt in range(TRIES):
        with snapshot():
            state = cells.roll_up_state()
            version = state.version if state else None
            counted, claims, left_out = cells.recounted(), cells.claims_now(), cells.left_out_now()
            draw_ids = list(cells.questions_of(None))
        state = cells.roll_up_state(keep=True)
        if state is not None and state.version == version:
            _replace(counted, left_out, draw_ids)
            state.held_until = None
            _say(state, claims, now)
            db.session.commit()
            return
        db.session.rollback()
    _hold_until(None)
    raise RecountDisturbed


def _hold_until(moment: datetime | None) -> None:
    state = cells.roll_up_state(keep=True)
    assert state is not None
    state.held_until = moment
    db.session.commit()


def _replace(counted: Counts, left_out: list[dict[str, Any]], draw_ids: list[int]) -> None:
    for model in (AnswerCell, Uncounted):
        db.session.execute(delete(model))
    _insert(AnswerCell, [key._asdict() | {"answers": answers} for key, answers in sorted(counted.items())])
    _insert(Uncounted, [_left_out(**row) for row in left_out])
    for draw_id in draw_ids:
        _kept_draw(draw_id).has_anonymous = True
    db.session.flush()


def count_draws(at_most: int = 100) -> Iterator[int]:
    """Take up draws that were made since: their frame, and what they let go before; yields each, to be committed."""
    for draw_id in cells.draws_to_count(at_most):
        with snapshot():
            rows = [row._asdict() for row in frames.frame_rows([draw_id])]
        state = cells.roll_up_state(keep=True)
        draw = _kept_draw(draw_id)
        if not draw.has_frame:
            _insert(FrameCell, rows)
            draw.has_frame = True
        if not draw.has_anonymous:
            _add(cells.anonymous_counts([draw_id]))
            draw.has_anonymous = True
        if state is not None:
            state.version += 1
        db.session.flush()
        yield draw_id


def count_let_go(draw_id: int, stratum: str | None, said: Iterable[Any], sign: int) -> None:
    """Count anonymous answers in the transaction that lets them go (``sign`` 1) or takes them back (-1).

    What one draw lets go before it was taken up is counted when it is.
    """
    state = cells.roll_up_state(keep=True)
    if state is None:
        return
    state.version += 1
    draw = _kept_draw(draw_id)
    if draw.has_anonymous:
        questions = cells.questions_of([draw_id])[draw_id]
        found: Counts = Counts()
        for one in said:
            found.update(cells.said_counts(draw_id, stratum, one, questions))
        _add({key: sign * answers for key, answers in found.items()})
    db.session.flush()


def _kept_draw(draw_id: int) -> CountedDraw:
    """The row of a draw, kept for this transaction; made where there was none."""
    row = {"draw_id": draw_id, "has_frame": False, "has_anonymous": False}
    insert_if_absent(CountedDraw, [row], ["draw_id"])
    found = select(CountedDraw).filter_by(draw_id=draw_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def retire_gaps() -> int:
    """Forget the gaps of ids that came to nothing; returns how many.

    Called each night: what lies under the top of the night before can only still appear if a transaction of that time
    is still under way. Until then, as at the first call, nothing is forgotten.
    """
    state = cells.roll_up_state(keep=True)
    if state is None or not _can_be_late():
        return 0
    oldest, following = cells.running_transactions()
    before, gaps = state.horizon, state.gaps
    if before is not None and before["xid"] <= oldest:
        state.gaps = [gap for gap in gaps if gap[1] > before["top"]]
        state.version += len(gaps) != len(state.gaps)
    # A database restored into a younger cluster has a horizon of transactions that are yet to come.
    if before is None or before["xid"] <= oldest or before["xid"] > following:
        state.horizon = {"top": state.top, "xid": following}
    db.session.flush()
    return len(gaps) - len(state.gaps)


def check() -> list[Difference]:
    """Where cells and tail differ from a recount, as of one moment; nothing is written."""
    with snapshot():
        draw_ids = list(cells.questions_of(None))
        rolled, counted = cells.current_counts(draw_ids), cells.recounted()
    keys = sorted(rolled.keys() | counted.keys())
    return [Difference(key, rolled[key], counted[key]) for key in keys if rolled[key] != counted[key]]
