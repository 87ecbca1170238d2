"""Carrying out a draw that was asked for, in pieces.

Nobody waits while a hundred thousand rows are written: a draw is asked for in one transaction and carried out in many.
Until the last piece it is ``requested`` and means nothing; the last piece makes it ``drawn``, reveals the seed and
writes the ledger entry, all at once. Whoever carries it out signs the row with a name of its own, in every piece: a
second one (a job that was given up and is tried again) takes over, and the first finds its name gone.
"""

import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, update

from foundation.database import db, reading
from foundation.ledger.services import record
from surveys.eligibility import SAME_CUSTOMER
from surveys.frame_rows import Member
from surveys.frames import Fixed, fixed
from surveys.models import Draw, DrawPrints, DrawStratum, FrameUnit, Invitation, InvitationEvent, SeedCommitment
from surveys.queries.draws import draw_facts, plan_of
from surveys.queries.population import Population, population
from surveys.queries.seeds import opened
from surveys.refusals import SurveyRefused
from surveys.sampling import Sample, mixed, sample
from surveys.services.frame_writing import moment_as_kept, uncollected, write_rows
from surveys.services.inviting import write_invitations

#: About a tenth of a second of writing: longer, and others would wait for SQLite's one writer.
ROWS_IN_A_PIECE = 20_000
UNIT_COLUMNS = (
    "draw_id", "contact_id", "public_id", "stratum", "status", "reason", "clock", "cluster", "drawn", "pi_drawn",
    "pi_eligible", "multiplicity",
)  # fmt: skip
_UNITS = cast(Table, FrameUnit.__table__)


@dataclass(frozen=True)
class _Lot:
    """Everything that is to be written of one draw."""

    population: Population
    result: Sample
    #: Hashed beside the writing, in the time that is spent waiting for the database.
    fixing: Future[Fixed]
    seed: bytes

    @property
    def members(self) -> list[Member]:
        return self.population.members


def carry_out(draw_id: int, now: datetime) -> Iterator[None]:
    """Carry out a requested draw. Yields after each piece of writing, and the caller commits there.

    What may not be drawn leaves the draw ``refused``, with the code and the facts in ``refusal``. A draw that is
    drawn or refused already is left as it is. Raises SurveyRefused ``taken-over`` when somebody else does it now.
    """
    owner = secrets.token_hex(16)
    taken = update(Draw).where(Draw.id == draw_id, Draw.state == "requested").values(owner=owner, progress=0)
    if not db.session.execute(taken).rowcount:
        return
    yield
    yield from _clear(draw_id, owner)
    # Also between the pieces: else the first thing after the lot is a look through all of it.
    with uncollected(), ThreadPoolExecutor(1) as beside:
        try:
            with reading():
                lot = _lot(db.session.get_one(Draw, draw_id), beside)
        except SurveyRefused as refusal:
            _sign(draw_id, owner, state="refused", refusal={"code": refusal.code, "facts": refusal.facts})
            yield
            return
        yield from _write(draw_id, owner, lot, now)
        _finish(draw_id, owner, lot, now)
        yield


def _sign(draw_id: int, owner: str, **values: Any) -> None:
    """Change the draw as its owner; this also keeps everyone else out until the piece is committed."""
    signed = db.session.execute(update(Draw).where(Draw.id == draw_id, Draw.owner == owner).values(**values))
    if not signed.rowcount:
        raise SurveyRefused("taken-over", draw_id=draw_id)


def _clear(draw_id: int, owner: str) -> Iterator[None]:
    """Remove what an interrupted attempt has left."""
    while True:
        _sign(draw_id, owner, progress=0)
        last = select(FrameUnit.contact_id).where(FrameUnit.draw_id == draw_id).order_by(FrameUnit.contact_id)
        upto = db.session.scalar(select(func.max(last.limit(ROWS_IN_A_PIECE).subquery().c.contact_id)))
        if upto is None:
            return
        invited = select(Invitation.id).where(Invitation.draw_id == draw_id, Invitation.contact_id <= upto)
        db.session.execute(delete(InvitationEvent).where(InvitationEvent.invitation_id.in_(invited)))
        db.session.execute(delete(Invitation).where(Invitation.draw_id == draw_id, Invitation.contact_id <= upto))
        db.session.execute(delete(FrameUnit).where(FrameUnit.draw_id == draw_id, FrameUnit.contact_id <= upto))
        yield


def _lot(draw: Draw, beside: ThreadPoolExecutor) -> _Lot:
    found = population(draw.terms, draw.principal_id, draw.period_id, draw.requested_at)
    seed = opened(db.session.get_one(SeedCommitment, draw.seed_commitment_id))
    units = [(one.public_id, one.stratum, one.cluster) for one in found.members if one.status == "eligible"]
    result = sample(mixed(seed, draw.auditor_value), units, plan_of(draw))
    return _Lot(found, result, beside.submit(_fixed, found.members), seed)


def _fixed(members: list[Member]) -> Fixed:
    return fixed(
        (one.public_id, one.stratum, one.standing if one.reason else one.status, one.cluster) for one in members
    )


def _write(draw_id: int, owner: str, lot: _Lot, now: datetime) -> Iterator[None]:
    members = sorted(lot.members, key=attrgetter("contact_id"))  # in the order of the table they point to
    for start in range(0, len(members), ROWS_IN_A_PIECE):
        some = members[start : start + ROWS_IN_A_PIECE]
        _sign(draw_id, owner, progress=start + len(some), population=len(lot.members))
        write_rows(_UNITS, UNIT_COLUMNS, list(_unit_rows(draw_id, some, lot.result)))
        asked = [member for member in some if member.public_id in lot.result.drawn]
        write_invitations(db.session.get_one(Draw, draw_id), asked, now)
        yield


def _unit_rows(draw_id: int, members: list[Member], result: Sample) -> Iterator[tuple[Any, ...]]:
    """The rows of ``UNIT_COLUMNS``."""
    drawn, set_aside, strata, stands_for = result.drawn, result.set_aside, result.strata, result.multiplicities
    for public_id, contact_id, _site, _language, _customer, stratum, status, reason, clock, cluster in members:
        about = (draw_id, contact_id, public_id, stratum)
        if cluster is not None and public_id in set_aside:
            yield (*about, "suppressed", SAME_CUSTOMER, None, cluster, False, None, None, None)
        elif status != "eligible":
            at = None if clock is None else moment_as_kept(clock)
            yield (*about, status, reason, at, cluster, False, None, None, None)
        else:
            times = 1 if cluster is None else stands_for[public_id]
            yield (*about, "eligible", "", None, cluster, public_id in drawn, *strata[stratum], times)


def _finish(draw_id: int, owner: str, lot: _Lot, now: datetime) -> None:
    rows, fixed_frame = stratum_rows(lot.population, lot.result), lot.fixing.result()
    values = {
        "frame_hash": fixed_frame.frame_hash,
        "seed": lot.seed.hex(),
        "population": len(lot.members),
        "eligible": sum(row["eligible"] for row in rows),
        "drawn": len(lot.result.drawn),
        "exclusions": _exclusions(lot),
        "drawn_at": now,
    }
    _sign(draw_id, owner, state="drawn", **values)
    db.session.execute(insert(DrawStratum), [{"draw_id": draw_id, **row} for row in rows])
    db.session.execute(insert(DrawPrints), [{"draw_id": draw_id, "prints": fixed_frame.fingerprints}])
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    facts = draw_facts(draw)
    record("draw.made", f"draw:{draw_id}", facts, now, actor_id=draw.requested_by, principal_id=draw.principal_id)


def stratum_rows(found: Population, result: Sample) -> list[dict[str, Any]]:
    """One row for each stratum of the population, also for those where nobody could be drawn."""
    population = dict.fromkeys(found.strata, 0)
    for member in found.members:
        population[member.stratum] += 1
    return [
        {
            "stratum": stratum,
            "field_values": found.strata[stratum],
            "population": population[stratum],
            "eligible": result.strata[stratum].eligible if stratum in result.strata else 0,
            "drawn": result.strata[stratum].drawn if stratum in result.strata else 0,
        }
        for stratum in sorted(found.strata)
    ]


def _exclusions(lot: _Lot) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {"ineligible": {}, "suppressed": {}}
    for member in lot.members:
        if member.reason:
            of_status = counted[member.status]
            of_status[member.reason] = of_status.get(member.reason, 0) + 1
    if lot.result.set_aside:
        counted["suppressed"][SAME_CUSTOMER] = len(lot.result.set_aside)
    return counted
