"""Carrying out a draw that was asked for, in small pieces.

Nobody waits while a hundred thousand rows are written: a draw is asked for in one transaction and carried out in many.
Until the last piece it is ``requested`` and means nothing; the last piece makes it ``drawn``, reveals the seed and
writes the ledger entry, all at once. Whoever carries it out signs the row with a name of its own, in every piece: a
second one (a job that was given up and is tried again) takes over, and the first finds its name gone.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from foundation.database import db, reading
from foundation.ledger.services import record
from surveys.eligibility import SAME_CUSTOMER
from surveys.frames import FrameEntry, frame_hash
from surveys.models import Draw, DrawStratum, FrameUnit, Invitation, InvitationEvent, SeedCommitment
from surveys.models.invitations import new_public_id
from surveys.queries.draws import plan_of
from surveys.queries.population import Member, population
from surveys.refusals import SurveyRefused
from surveys.sampling import Sample, Unit, sample

ROWS_IN_A_PIECE = 2000


@dataclass(frozen=True)
class _Lot:
    """Everything that is to be written of one draw."""

    members: list[Member]
    strata: dict[str, list[str]]
    result: Sample
    frame_hash: str


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
    try:
        with reading():
            lot = _lot(db.session.get_one(Draw, draw_id))
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
        some = select(FrameUnit.contact_id).where(FrameUnit.draw_id == draw_id).limit(ROWS_IN_A_PIECE)
        contacts = db.session.scalars(some).all()
        if not contacts:
            return
        invited = select(Invitation.id).where(Invitation.draw_id == draw_id, Invitation.contact_id.in_(contacts))
        db.session.execute(delete(InvitationEvent).where(InvitationEvent.invitation_id.in_(invited)))
        db.session.execute(delete(Invitation).where(Invitation.draw_id == draw_id, Invitation.contact_id.in_(contacts)))
        db.session.execute(delete(FrameUnit).where(FrameUnit.draw_id == draw_id, FrameUnit.contact_id.in_(contacts)))
        yield


def _lot(draw: Draw) -> _Lot:
    members, strata = population(draw.terms, draw.principal_id, draw.period_id, draw.requested_at)
    seed = db.session.get_one(SeedCommitment, draw.seed_commitment_id).seed
    units = [
        Unit(member.public_id, member.stratum, member.cluster)
        for member in members
        if member.standing.status == "eligible"
    ]
    return _Lot(members, strata, sample(bytes.fromhex(seed), units, plan_of(draw)), frame_hash(map(_entry, members)))


def _entry(member: Member) -> FrameEntry:
    status, reason = member.standing
    return FrameEntry(member.public_id, member.stratum, f"{status}:{reason}" if reason else status, member.cluster)


def _write(draw_id: int, owner: str, lot: _Lot, now: datetime) -> Iterator[None]:
    for start in range(0, len(lot.members), ROWS_IN_A_PIECE):
        some = lot.members[start : start + ROWS_IN_A_PIECE]
        _sign(draw_id, owner, progress=start + len(some), population=len(lot.members))
        db.session.execute(insert(FrameUnit), [_unit_row(draw_id, member, lot.result) for member in some])
        _invite(draw_id, [member for member in some if member.public_id in lot.result.drawn], now)
        yield


def _unit_row(draw_id: int, member: Member, result: Sample) -> dict[str, Any]:
    status, reason = member.standing
    if member.public_id in result.set_aside:
        status, reason = "suppressed", SAME_CUSTOMER
    size = result.strata[member.stratum] if status == "eligible" else None
    return {
        "draw_id": draw_id,
        "contact_id": member.contact_id,
        "public_id": member.public_id,
        "stratum": member.stratum,
        "status": status,
        "reason": reason,
        "clock": member.clock,
        "cluster": member.cluster,
        "drawn": member.public_id in result.drawn,
        "pi_drawn": size.drawn if size else None,
        "pi_eligible": size.eligible if size else None,
    }


def _invite(draw_id: int, members: list[Member], now: datetime) -> None:
    """Write the invitations of those drawn; they wait until somebody sends them."""
    if not members:
        return
    draw = db.session.get_one(Draw, draw_id)
    shared = {
        "draw_id": draw_id,
        "programme_id": draw.programme_id,
        "version_id": draw.version_id,
        "principal_id": draw.principal_id,
        "collection": draw.terms.collection,
        "disposition": "drawn",
        "token_issue": 1,
        "created_at": now,
    }
    rows = [
        shared
        | {
            "public_id": new_public_id(),
            "contact_id": member.contact_id,
            "customer_id": member.customer_id,
            "site_id": member.site_id,
            "stratum": member.stratum,
            "language": member.language,
        }
        for member in members
    ]
    ids = db.session.scalars(insert(Invitation).returning(Invitation.id), rows)
    events = [{"invitation_id": one, "disposition": "drawn", "reason": "", "at": now} for one in ids]
    db.session.execute(insert(InvitationEvent), events)


def _finish(draw_id: int, owner: str, lot: _Lot, now: datetime) -> None:
    seed = db.session.scalars(select(SeedCommitment.seed).join(Draw).where(Draw.id == draw_id)).one()
    rows = stratum_rows(lot.members, lot.strata, lot.result)
    values = {
        "frame_hash": lot.frame_hash,
        "seed": seed,
        "population": len(lot.members),
        "eligible": sum(row["eligible"] for row in rows),
        "drawn": len(lot.result.drawn),
        "exclusions": _exclusions(lot),
        "drawn_at": now,
    }
    _sign(draw_id, owner, state="drawn", **values)
    db.session.execute(insert(DrawStratum), [{"draw_id": draw_id, **row} for row in rows])
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    facts = _facts(draw, rows)
    record("draw.made", f"draw:{draw_id}", facts, now, actor_id=draw.requested_by, principal_id=draw.principal_id)


def stratum_rows(members: list[Member], strata: dict[str, list[str]], result: Sample) -> list[dict[str, Any]]:
    """One row for each stratum of the population, also for those where nobody could be drawn."""
    population = dict.fromkeys(strata, 0)
    for member in members:
        population[member.stratum] += 1
    return [
        {
            "stratum": stratum,
            "field_values": strata[stratum],
            "population": population[stratum],
            "eligible": result.strata[stratum].eligible if stratum in result.strata else 0,
            "drawn": result.strata[stratum].drawn if stratum in result.strata else 0,
        }
        for stratum in sorted(strata)
    ]


def _exclusions(lot: _Lot) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {"ineligible": {}, "suppressed": {}}
    for member in lot.members:
        status, reason = member.standing
        if status != "eligible":
            counted[status][reason] = counted[status].get(reason, 0) + 1
    if lot.result.set_aside:
        counted["suppressed"][SAME_CUSTOMER] = len(lot.result.set_aside)
    return counted


def _facts(draw: Draw, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "programme": draw.programme.key,
        "terms": draw.terms.number,
        "terms_hash": draw.terms.digest,
        "version": draw.version_id,
        "commitment": draw.seed_commitment,
        "seed": draw.seed,
        "late": draw.late,
        "frame_hash": draw.frame_hash,
        "allocation": draw.allocation,
        "one_per_customer": draw.one_per_customer,
        "population": draw.population,
        "eligible": draw.eligible,
        "drawn": draw.drawn,
        "exclusions": draw.exclusions,
        "strata": [[row["stratum"], row["drawn"], row["eligible"]] for row in rows],
    }
