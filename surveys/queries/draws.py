"""What was drawn, what became of it, and the frame as a stranger needs it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import case, func, select

from contacts.models import Contact, Period, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry
from surveys.allocation import Plan
from surveys.anonymity import ANONYMOUS
from surveys.designs import plan_from
from surveys.eligibility import SAME_CUSTOMER
from surveys.frames import ELIGIBLE, FrameEntry, frame_lines
from surveys.ladder import InvitationCount, Ladder, UnitCount, hushed, ladder
from surveys.ladders import of_strata
from surveys.models import Draw, DrawPrints, DrawStratum, FrameUnit, Invitation
from surveys.queries.anonymous import strata_seen, tallies, told
from surveys.sampling import StratumSize
from surveys.verification import KeptDraw, Share


def draw_in_scope(draw_id: int, scope: Scope) -> Draw | None:
    """The draw, if whoever asks may see its principal."""
    wanted = scoped(select(Draw).filter_by(id=draw_id), scope, principal=Draw.principal_id)
    return db.session.scalars(wanted).one_or_none()


def period_of(draw: Draw) -> Period:
    return db.session.get_one(Period, draw.period_id)


def draw_ladder(draw: Draw) -> Ladder:
    """Where every contact of the draw's population stands now."""
    how = told([draw.id]).get(draw.id)
    if how is None:
        return _counted(draw, EVERYTHING)
    units = (count._replace(stratum=how.label(count.stratum)) for count in _unit_counts(draw.id))
    known = (count._replace(stratum=how.label(count.stratum)) for count in _invitation_counts(draw.id))
    return hushed(ladder(units, (*known, *_tallied(draw.id)), draw.terms.uses_addresses))


def ladder_in_scope(draw: Draw, scope: Scope) -> Ladder | None:
    """The same of the sites that whoever asks may see.

    Of an anonymous draw it is the strata that lie in one of them: fewer people than a stratum are never told. None
    where there is no such stratum.
    """
    if scope.site_ids is None:
        return draw_ladder(draw)
    if draw.terms.promise != ANONYMOUS:
        return _counted(draw, scope)
    return of_strata(draw_ladder(draw), {stratum for _draw, stratum in strata_seen([draw.id], scope) or ()})


def _counted(draw: Draw, scope: Scope) -> Ladder:
    return ladder(_unit_counts(draw.id, scope), _invitation_counts(draw.id, scope), draw.terms.uses_addresses)


def _tallied(draw_id: int) -> Iterator[InvitationCount]:
    """Where those stood of whom it is known no more."""
    for tally in tallies([draw_id]):
        reached = (tally.sent, tally.delivered, tally.started, tally.completed)
        yield InvitationCount(tally.stratum, tally.disposition, tally.invitations, *reached)


def _unit_counts(draw_id: int, scope: Scope = EVERYTHING) -> Iterator[UnitCount]:
    drawn = func.sum(case((FrameUnit.drawn, 1), else_=0))
    groups = (FrameUnit.stratum, FrameUnit.status, FrameUnit.reason)
    rows = select(*groups, func.count(), drawn).where(FrameUnit.draw_id == draw_id)
    if scope.site_ids is not None:
        rows = scoped(rows.join(Contact, Contact.id == FrameUnit.contact_id), scope, site=Contact.site_id)
    return (UnitCount(*row) for row in db.session.execute(rows.group_by(*groups).order_by(*groups)))


def _invitation_counts(draw_id: int, scope: Scope = EVERYTHING) -> Iterator[InvitationCount]:
    rows = (
        select(
            Invitation.stratum,
            Invitation.disposition,
            func.count(),
            func.count(Invitation.sent_at),
            func.count(Invitation.delivered_at),
            func.count(Invitation.started_at),
            func.count(Invitation.completed_at),
        )
        .where(Invitation.draw_id == draw_id, Invitation.disposition != "erased")
        .group_by(Invitation.stratum, Invitation.disposition)
    )
    rows = scoped(rows, scope, site=Invitation.site_id)
    return (InvitationCount(*row) for row in db.session.execute(rows))


def waiting_to_be_sent(draw_id: int) -> int:
    """How many drawn customers nobody has written to yet."""
    return (
        db.session.scalar(select(func.count()).select_from(Invitation).filter_by(draw_id=draw_id, disposition="drawn"))
        or 0
    )


def strata_values(draw_id: int) -> dict[str, list[str]]:
    """The values behind each stratum's name, in the order of the strata fields."""
    rows = db.session.execute(select(DrawStratum.stratum, DrawStratum.field_values).filter_by(draw_id=draw_id))
    return {row.stratum: row.field_values for row in rows}


def sites_seen(scope: Scope) -> dict[str, str]:
    """Key → name of the sites that whoever asks may see, where that is not all of them; else empty."""
    if scope.site_ids is None:
        return {}
    rows = select(Site.key, Site.name).order_by(Site.name)
    return {row.key: row.name for row in db.session.execute(scoped(rows, scope, site=Site.id))}


def site_names() -> dict[str, str]:
    """The name of each site by its key."""
    return {row.key: row.name for row in db.session.execute(select(Site.key, Site.name))}


def frame_entries(draw_id: int) -> Iterator[FrameEntry]:
    """The frame before the lot fell: see ``surveys.frames``."""
    columns = (FrameUnit.public_id, FrameUnit.stratum, FrameUnit.status, FrameUnit.reason, FrameUnit.cluster)
    for public_id, stratum, status, reason, cluster in db.session.execute(
        select(*columns).where(FrameUnit.draw_id == draw_id)
    ):
        standing = f"{status}:{reason}" if reason else status
        if reason == SAME_CUSTOMER:
            standing = ELIGIBLE
        yield FrameEntry(public_id, stratum, standing, cluster)


def frame_file(draw_id: int) -> Iterator[bytes]:
    """The lines of the frame file; their SHA-256 is the draw's frame hash."""
    return frame_lines(frame_entries(draw_id))


def plan_of(draw: Draw) -> Plan:
    """What was asked of a draw."""
    return plan_from(draw.allocation)


def draw_facts(draw: Draw) -> dict[str, Any]:
    """What the ledger keeps of a draw that is drawn."""
    return {
        "programme": draw.programme.key,
        "terms": draw.terms.number,
        "terms_hash": draw.terms.digest,
        "version": draw.version_id,
        "kind": draw.kind,
        "population_name": draw.population_name,
        "commitment": draw.seed_commitment,
        "seed": draw.seed,
        "late": draw.late,
        "auditor_value": draw.auditor_value,
        "frame_hash": draw.frame_hash,
        "prints_hash": hashlib.sha256(prints_of(draw.id)).hexdigest(),
        "allocation": draw.allocation,
        "one_per_customer": draw.one_per_customer,
        "weighs_contacts": draw.weighs_contacts,
        "population": draw.population,
        "eligible": draw.eligible,
        "drawn": draw.drawn,
        "exclusions": draw.exclusions,
        "strata": [[row.stratum, row.drawn, row.eligible] for row in draw.strata],
    }


def prints_of(draw_id: int) -> bytes:
    """The fingerprints of a draw's frame; empty for draws made before they were kept."""
    return db.session.scalar(select(DrawPrints.prints).filter_by(draw_id=draw_id)) or b""


def kept_draw(draw: Draw) -> KeptDraw:
    """Everything kept of a draw that is drawn, for drawing it again."""
    columns = (FrameUnit.public_id, FrameUnit.drawn, FrameUnit.reason, FrameUnit.multiplicity)
    units = db.session.execute(select(*columns).where(FrameUnit.draw_id == draw.id)).all()
    return KeptDraw(
        entries=list(frame_entries(draw.id)),
        plan=plan_of(draw),
        seed=bytes.fromhex(draw.seed or ""),
        commitment=draw.seed_commitment,
        frame_hash=draw.frame_hash or "",
        strata={row.stratum: StratumSize(row.drawn, row.eligible) for row in draw.strata if row.eligible},
        drawn=frozenset(unit.public_id for unit in units if unit.drawn),
        set_aside=frozenset(unit.public_id for unit in units if unit.reason == SAME_CUSTOMER),
        auditor_value=draw.auditor_value,
        fingerprints=prints_of(draw.id),
        multiplicities={unit.public_id: unit.multiplicity for unit in units if unit.multiplicity},
        invited=invited_of(draw),
        recorded=recorded_otherwise(draw),
        shares=shares_of(draw.id),
        adrift=adrift(draw.id),
    )


def shares_of(draw_id: int) -> dict[str, Share]:
    """The probability that each contact of a draw keeps, as two integers; (None, None) where it has none."""
    columns = (FrameUnit.public_id, FrameUnit.pi_drawn, FrameUnit.pi_eligible)
    rows = db.session.execute(select(*columns).where(FrameUnit.draw_id == draw_id))
    return {public_id: (drawn, eligible) for public_id, drawn, eligible in rows}


def adrift(draw_id: int) -> Sequence[str]:
    """Public ids of the units of a draw that point to no contact, or to another one: no foreign key says so."""
    points_to = (Contact.id == FrameUnit.contact_id) & (Contact.public_id == FrameUnit.public_id)
    found = select(FrameUnit.public_id).outerjoin(Contact, points_to)
    lost = found.where(FrameUnit.draw_id == draw_id, Contact.id.is_(None)).order_by(FrameUnit.public_id)
    return db.session.scalars(lost).all()


def invited_of(draw: Draw) -> dict[str, str] | None:
    """Who has an invitation; None of an anonymous draw, where that is cut when the answers are let go."""
    if draw.terms.promise == ANONYMOUS:
        return None
    rows = select(Contact.public_id, Invitation.stratum).join(Contact, Contact.id == Invitation.contact_id)
    return {row.public_id: row.stratum for row in db.session.execute(rows.where(Invitation.draw_id == draw.id))}


def recorded_otherwise(draw: Draw) -> dict[str, tuple[object, object]]:
    """What the entry of the ledger says of the draw otherwise than the tables do; older entries say less."""
    entry = db.session.scalars(ledger.entries("draw.made").where(Entry.subject == f"draw:{draw.id}").limit(1)).first()
    if entry is None:
        return {"draw.made": ("", "")}
    said, now = json.loads(entry.facts), json.loads(json.dumps(draw_facts(draw)))
    return {name: (said[name], now[name]) for name in now if name in said and said[name] != now[name]}
