"""What a continuous draw has decided: its frame as a stranger needs it, and its counts while it runs."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from foundation.database import db
from foundation.many import any_of
from surveys.continuous import Plan, Rate
from surveys.continuous_frames import Line, OtherLine, OwnLine, frame_lines, written_moment
from surveys.continuous_verification import KeptContinuousDraw
from surveys.models import Draw, DrawHistory, FrameUnit, ProgrammeVersion
from surveys.queries.draws import adrift, invited_of, prints_of, recorded_otherwise, shares_of
from surveys.sampling import StratumSize

Placed = tuple[tuple[int, int], Line]  # the contact and the draw: the order of decision


@dataclass(frozen=True)
class SoFar:
    """One stratum of a running draw: contacts decided, those the lot was asked about, those taken.

    ``waiting``: those that a quarantine stood in the way of, whatever the lot said.
    """

    stratum: str
    rate: Rate
    contacts: int
    contactable: int
    waiting: int
    taken: int


def so_far(draw: Draw) -> list[SoFar]:
    """What a running draw has come to, by stratum."""
    plan = Plan.from_json(draw.allocation)
    rows = db.session.execute(
        select(
            FrameUnit.stratum,
            func.count(),
            func.count(FrameUnit.pi),
            func.count(FrameUnit.clock),
            func.sum(case((FrameUnit.drawn, 1), else_=0)),
        )
        .where(FrameUnit.draw_id == draw.id)
        .group_by(FrameUnit.stratum)
        .order_by(FrameUnit.stratum)
    )
    return [SoFar(stratum, plan.rate(stratum), *(int(n or 0) for n in counts)) for stratum, *counts in rows]


def strata_so_far(draw_id: int) -> list[str]:
    """The names of the strata that contacts of a running draw were found in."""
    return list(db.session.scalars(select(FrameUnit.stratum).where(FrameUnit.draw_id == draw_id).distinct()))


def left_out(draw_id: int) -> Counter[tuple[str, str]]:
    """How many contacts each reason has kept out of the lot so far, by (status, reason)."""
    groups = (FrameUnit.status, FrameUnit.reason)
    counted = select(*groups, func.count()).where(FrameUnit.draw_id == draw_id, FrameUnit.reason != "")
    return Counter({(status, reason): n for status, reason, n in db.session.execute(counted.group_by(*groups))})


def continuous_lines(draw: Draw) -> list[Line]:
    """The lines of the frame, in the order of decision; of a closed draw without looking whose its contacts were."""
    own, customers = _own(draw.id)
    if kept := db.session.get(DrawHistory, draw.id):
        lines = [line for _place, line in own]
        for place, *other in kept.lines:  # ascending: each is put where it stood
            lines.insert(place, OtherLine(*other))
        return lines
    reach = timedelta(days=draw.allocation["quarantine_days"])
    placed = [*own, *_others(draw.id, customers, reach)] if reach else own
    return [line for _place, line in sorted(placed, key=lambda one: one[0])]


def continuous_file(draw: Draw) -> Iterator[bytes]:
    """The lines of the frame file; their SHA-256 is the draw's frame hash."""
    return frame_lines(continuous_lines(draw))


@dataclass
class _Customer:
    cluster: int | None
    first: datetime
    last: tuple[int, int]


def _own(draw_id: int) -> tuple[list[Placed], dict[int, _Customer]]:
    unit = FrameUnit
    columns = (unit.contact_id, unit.customer_id, unit.public_id, unit.stratum, unit.status, unit.reason, unit.cluster)
    rows = db.session.execute(
        select(*columns, unit.decided_at, unit.pi, unit.drawn).where(unit.draw_id == draw_id).order_by(unit.contact_id)
    )
    placed: list[Placed] = []
    customers: dict[int, _Customer] = {}
    for contact_id, customer_id, public_id, stratum, status, reason, cluster, at, pi, drawn in rows:
        standing = f"{status}:{reason}" if reason else status
        place = (contact_id, draw_id)
        moment = written_moment(at) if at else ""
        placed.append((place, OwnLine(public_id, stratum, standing, cluster, moment, pi, int(drawn))))
        if customer_id is not None and pi is not None:
            known = customers.setdefault(customer_id, _Customer(cluster, at, place))
            known.last = place
    return placed, customers


def _others(draw_id: int, customers: dict[int, _Customer], reach: timedelta) -> Iterator[Placed]:
    """What other continuous draws decided of these customers, as far back as the quarantine reaches."""
    for customer_id, place, rate, days, at, pi, taken in other_decisions(draw_id, list(customers)):
        known = customers[customer_id]
        if known.cluster is not None and place < known.last and known.first - at < reach:
            line = OtherLine(place[1], f"{rate[0]}/{rate[1]}", days, known.cluster, written_moment(at), pi, int(taken))
            yield place, line


def other_decisions(
    draw_id: int, customer_ids: list[int]
) -> Iterator[tuple[int, tuple[int, int], tuple[int, int], int, datetime, float, bool]]:
    """(customer, place, rate, days of quarantine, moment, probability, taken) of decisions of other draws."""
    unit = FrameUnit
    statement = (
        select(
            *(unit.customer_id, unit.contact_id, unit.draw_id, unit.pi_drawn, unit.pi_eligible),
            *(ProgrammeVersion.quarantine_days, unit.decided_at, unit.pi, unit.drawn),
        )
        .join(Draw, Draw.id == unit.draw_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(any_of(unit.customer_id, "customers"), unit.decided_at.is_not(None), unit.pi.is_not(None))
        .where(unit.draw_id != draw_id)
    )
    for row in db.session.execute(statement, {"customers": customer_ids}):
        yield row[0], (row[1], row[2]), (row[3], row[4]), *row[5:]


def clusters(draw: Draw) -> dict[int, int]:
    """The customers with several lines in the frame of a draw, numbered in the order of their first contact."""
    rows = db.session.execute(
        select(FrameUnit.customer_id, func.min(FrameUnit.contact_id), func.count(), func.min(FrameUnit.decided_at))
        .where(FrameUnit.draw_id == draw.id, FrameUnit.pi.is_not(None))
        .group_by(FrameUnit.customer_id)
    ).all()
    several = {customer_id for customer_id, _first, lines, _at in rows if lines > 1}
    several |= {one[0] for one in other_decisions(draw.id, [row[0] for row in rows if row[0] not in several])}
    first = defaultdict(int, {customer_id: contact_id for customer_id, contact_id, _lines, _at in rows})
    return {customer: number for number, customer in enumerate(sorted(several, key=first.__getitem__), start=1)}


def kept_continuous_draw(draw: Draw) -> KeptContinuousDraw:
    """Everything kept of a continuous draw that is drawn, for deciding it again."""
    return KeptContinuousDraw(
        lines=continuous_lines(draw),
        plan=Plan.from_json(draw.allocation),
        seed=bytes.fromhex(draw.seed or ""),
        commitment=draw.seed_commitment,
        frame_hash=draw.frame_hash or "",
        strata={row.stratum: StratumSize(row.drawn, row.eligible) for row in draw.strata if row.eligible},
        fingerprints=prints_of(draw.id),
        invited=invited_of(draw),
        recorded=recorded_otherwise(draw),
        shares=shares_of(draw.id),
        adrift=adrift(draw.id),
    )
