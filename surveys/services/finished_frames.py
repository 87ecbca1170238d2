"""Letting continuous draws that are closed lead to no person any more, and verify as before.

Until its closing a draw must know whose each contact is: the quarantine counts the decisions about one customer. After
it the numbers inside the draw (``FrameUnit.cluster``) say which contacts share a customer, and what other draws decided
of them is kept with the draw. So ``customer_id`` may go, once no quarantine reaches back to the decision.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, tuple_, update

from foundation.database import db
from surveys.continuous import CONTINUOUS
from surveys.continuous_frames import OtherLine
from surveys.models import Draw, DrawHistory, FrameUnit, Programme, ProgrammeVersion
from surveys.queries.continuous import continuous_lines


def keep_history(draw: Draw) -> None:
    """Keep the lines that other draws have in the frame of a closed one, each with its place in the file; once."""
    if db.session.get(DrawHistory, draw.id) is None:
        lines = [[place, *line] for place, line in enumerate(continuous_lines(draw)) if isinstance(line, OtherLine)]
        db.session.execute(insert(DrawHistory), [{"draw_id": draw.id, "lines": lines}])


def let_customers_go(principal_id: int, before: datetime, now: datetime, at_most: int) -> int:
    """Empty whose contacts of closed continuous draws were that were decided before that moment; returns how many.

    Those that a quarantine still reaches back to stay until it does not: of a draw that runs, or of the next contact.
    """
    before = min(before, _reached(principal_id, now))
    unit = (FrameUnit.draw_id, FrameUnit.contact_id)
    wanted = select(*unit).where(
        FrameUnit.draw_id.in_(_over(principal_id, "drawn", "refused")), FrameUnit.customer_id.is_not(None)
    )
    some = db.session.execute(wanted.where(FrameUnit.decided_at < before).order_by(*unit).limit(at_most)).all()
    if not some:
        return 0
    for draw_id in _over(principal_id, "drawn"):  # any of them may look back at these, if closed before it was kept
        keep_history(db.session.get_one(Draw, draw_id))
    gone = update(FrameUnit).where(tuple_(*unit).in_([tuple(one) for one in some])).values(customer_id=None)
    db.session.execute(gone)
    return len(some)


def _over(principal_id: int, *states: str) -> Sequence[int]:
    """The continuous draws that are closed (drawn), or withdrawn (refused): these have no frame to keep."""
    over = select(Draw.id).where(Draw.principal_id == principal_id, Draw.kind == CONTINUOUS, Draw.state.in_(states))
    return db.session.scalars(over.order_by(Draw.id)).all()


def _reached(principal_id: int, now: datetime) -> datetime:
    """How far back a quarantine of this principal may look, today and at the closing of what runs."""
    versions = select(func.max(ProgrammeVersion.quarantine_days)).join(
        Programme, Programme.id == ProgrammeVersion.programme_id
    )
    days = db.session.scalar(versions.where(Programme.principal_id == principal_id)) or 0
    opened = select(func.min(Draw.requested_at, type_=Draw.requested_at.type))
    first = db.session.scalar(opened.where(Draw.principal_id == principal_id, Draw.state == "running"))
    return min(now, first or now) - timedelta(days=days)
