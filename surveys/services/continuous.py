"""Continuous draws: opened before their period, closed after it. ``services.deciding`` decides in between."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from contacts.models import Period
from contacts.queries import period_frame
from contacts.services import PeriodRefused, open_period
from foundation.database import db, insert_if_absent, reading
from foundation.ledger.services import record
from surveys.continuous import CONTINUOUS
from surveys.continuous_frames import fixed_lines
from surveys.eligibility import Rules, ineligible_because, kind_of, stratum_values
from surveys.frames import stratum_key
from surveys.models import Draw, DrawPrints, DrawStratum, FrameUnit, Programme, ProgrammeVersion, SeedCommitment
from surveys.queries.continuous import clusters, continuous_lines
from surveys.queries.draws import draw_facts
from surveys.queries.seeds import opened
from surveys.refusals import SurveyRefused
from surveys.services.draws import seed_for
from surveys.services.finished_frames import keep_history
from surveys.terms import POPULATION_NAMES

BEFORE_OPENING = "before-opening"
ROWS_IN_A_PIECE = 5000


def open_draw(
    programme: Programme, first_day: date, last_day: date, now: datetime, actor_id: int | None = None
) -> Draw:
    """Begin the continuous draw of these days, both inclusive; from now on each contact of them is decided as it comes.

    The version of the programme that is in force at ``now`` holds for the whole draw. Without a committed seed one is
    committed now, which is late when the first day has begun. Contacts that were recorded before are not decided: they
    are counted as left out. Raises SurveyRefused ``not-continuous``, ``version-not-published``,
    ``period-not-free`` (its days, or why), ``already-running``, ``already-drawn`` or ``was-withdrawn``
    (draw_id).
    """
    terms = programme.terms_at(now)
    if terms.draw_kind != CONTINUOUS:
        raise SurveyRefused("not-continuous")
    if terms.version.published_at is None:
        raise SurveyRefused("version-not-published")
    _refuse_known(programme, first_day, last_day)
    try:
        period = open_period(programme.principal_id, first_day, last_day)
    except PeriodRefused as refusal:
        days = {"first_day": refusal.first_day, "last_day": refusal.last_day}
        code = "days-out-of-order" if refusal.code == "period-reversed" else "period-not-free"
        raise SurveyRefused(code, **days) from refusal
    seed = seed_for(programme, period, now, actor_id)
    values = {
        "programme_id": programme.id,
        "period_id": period.id,
        "principal_id": programme.principal_id,
        "programme_version_id": terms.id,
        "seed_commitment_id": seed.id,
        "seed_commitment": seed.commitment,
        "late": seed.late,
        "state": "running",
        "kind": CONTINUOUS,
        "population_name": POPULATION_NAMES[CONTINUOUS],
        "requested": None,
        "requested_at": now,
        "requested_by": actor_id,
        "allocation": _asked(terms),
        "one_per_customer": False,
        "progress": 0,
        "exclusions": {},
    }
    if not insert_if_absent(Draw, [values], ["programme_id", "period_id"]):
        _refuse_known(programme, first_day, last_day)
    draw = db.session.scalars(select(Draw).filter_by(programme_id=programme.id, period_id=period.id)).one()
    facts = {"programme": programme.key, "terms": terms.number, "terms_hash": terms.digest, "late": draw.late}
    facts |= {"first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "commitment": seed.commitment}
    facts |= {"allocation": draw.allocation}
    record("draw.opened", f"draw:{draw.id}", facts, now, actor_id=actor_id, principal_id=draw.principal_id)
    return draw


def _refuse_known(programme: Programme, first_day: date, last_day: date) -> None:
    known = db.session.execute(
        select(Draw.id, Draw.state)
        .join(Period, Period.id == Draw.period_id)
        .where(Draw.programme_id == programme.id, Period.first_day == first_day, Period.last_day == last_day)
    ).first()
    if known is not None and known.state == "refused":
        raise SurveyRefused("was-withdrawn", draw_id=known.id)
    if known is not None:
        raise SurveyRefused("already-drawn" if known.state == "drawn" else "already-running", draw_id=known.id)


def _asked(terms: ProgrammeVersion) -> dict[str, Any]:
    """What was asked, for whoever decides again."""
    return {
        "method": CONTINUOUS,
        "rates": dict(terms.design["rates"]),
        "quarantine_days": terms.quarantine_days,
        "strata": list(terms.strata),
        "size": None,
        "minimum": 0,
        "fixed": {},
    }


def draws_to_close(period_id: int) -> Sequence[int]:
    """The continuous draws of a period that was closed."""
    return db.session.scalars(select(Draw.id).where(Draw.period_id == period_id, Draw.state == "running")).all()


def close_draw(draw_id: int, now: datetime) -> Iterator[None]:
    """Fix the frame of a continuous draw whose period is closed, and reveal its seed; the caller commits at each yield.

    A draw that is drawn already is left as it is. Raises SurveyRefused ``period-open``, or ``taken-over`` when somebody
    else does it now.
    """
    owner = secrets.token_hex(16)
    taken = update(Draw).where(Draw.id == draw_id, Draw.state == "running").values(owner=owner, progress=0)
    if not db.session.execute(taken).rowcount:
        return
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    period = db.session.get_one(Period, draw.period_id)
    if period.closed_at is None:
        raise SurveyRefused("period-open", first_day=period.first_day, last_day=period.last_day)
    yield
    yield from _add_undecided(draw_id, owner)
    yield from _number_customers(draw_id, owner)
    _finish(draw_id, owner, now)
    yield


def _sign(draw_id: int, owner: str, **values: Any) -> None:
    """Change the draw as its owner; this also keeps everyone else out until the piece is committed."""
    signed = db.session.execute(
        update(Draw).where(Draw.id == draw_id, Draw.owner == owner).values(**{"owner": owner} | values)
    )
    if not signed.rowcount:
        raise SurveyRefused("taken-over", draw_id=draw_id)


def _add_undecided(draw_id: int, owner: str) -> Iterator[None]:
    """Contacts that were recorded before the draw was opened belong to the population too; nobody could take them."""
    with reading():
        draw = db.session.get_one(Draw, draw_id)
        known = set(db.session.scalars(select(FrameUnit.contact_id).where(FrameUnit.draw_id == draw_id)))
        rules, fields = Rules.from_json(draw.terms.rules), draw.terms.strata
        rows = [
            {
                "draw_id": draw_id,
                "contact_id": row.contact_id,
                "public_id": row.public_id,
                "stratum": stratum_key(stratum_values(row, fields)),
                **_left_out(ineligible_because(kind_of(row, rules, draw.requested_at), rules)),
            }
            for row in period_frame(draw.period_id)
            if row.contact_id not in known
        ]
    for start in range(0, len(rows), ROWS_IN_A_PIECE):
        _sign(draw_id, owner, progress=start)
        db.session.execute(insert(FrameUnit), rows[start : start + ROWS_IN_A_PIECE])
        yield


def _left_out(ineligible: str) -> dict[str, str]:
    if ineligible:
        return {"status": "ineligible", "reason": ineligible}
    return {"status": "suppressed", "reason": BEFORE_OPENING}


def _number_customers(draw_id: int, owner: str) -> Iterator[None]:
    with reading():
        numbers = clusters(db.session.get_one(Draw, draw_id))
    numbered = list(numbers.items())
    for start in range(0, len(numbered), ROWS_IN_A_PIECE):
        _sign(draw_id, owner)
        for customer_id, number in numbered[start : start + ROWS_IN_A_PIECE]:
            decided = update(FrameUnit).where(FrameUnit.customer_id == customer_id, FrameUnit.decided_at.is_not(None))
            mine = decided.where(FrameUnit.draw_id == draw_id, FrameUnit.pi.is_not(None))
            db.session.execute(mine.values(cluster=number))
        yield


def _finish(draw_id: int, owner: str, now: datetime) -> None:
    _sign(draw_id, owner)
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    units = list(
        db.session.execute(
            select(FrameUnit.stratum, FrameUnit.status, FrameUnit.reason, FrameUnit.drawn).filter_by(draw_id=draw_id)
        )
    )
    rows, exclusions = _strata(draw, units), _exclusions(units)
    seed = opened(db.session.get_one(SeedCommitment, draw.seed_commitment_id))
    fixed = fixed_lines(continuous_lines(draw))
    values = {
        "frame_hash": fixed.frame_hash,
        "seed": seed.hex(),
        "population": len(units),
        "progress": len(units),
        "eligible": sum(row["eligible"] for row in rows),
        "drawn": sum(row["drawn"] for row in rows),
        "exclusions": exclusions,
        "drawn_at": now,
    }
    _sign(draw_id, owner, state="drawn", **values)
    if rows:
        db.session.execute(insert(DrawStratum), [{"draw_id": draw_id, **row} for row in rows])
    db.session.execute(insert(DrawPrints), [{"draw_id": draw_id, "prints": fixed.fingerprints}])
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    keep_history(draw)
    facts = draw_facts(draw)
    record("draw.made", f"draw:{draw_id}", facts, now, actor_id=draw.requested_by, principal_id=draw.principal_id)


def _strata(draw: Draw, units: Sequence[Any]) -> list[dict[str, Any]]:
    """One row for each stratum of the population, with the values behind its name."""
    counts: dict[str, list[int]] = {}
    for stratum, status, _reason, drawn in units:
        count = counts.setdefault(stratum, [0, 0, 0])
        for place, counts_here in enumerate((True, status == "eligible", drawn)):
            count[place] += bool(counts_here)
    values = _values(draw)
    return [
        {"stratum": stratum, "field_values": values[stratum], "population": all_, "eligible": eligible, "drawn": drawn}
        for stratum, (all_, eligible, drawn) in sorted(counts.items())
    ]


def _values(draw: Draw) -> dict[str, list[str]]:
    found = {}
    for row in period_frame(draw.period_id):
        values = stratum_values(row, draw.terms.strata)
        found[stratum_key(values)] = values
    return found


def _exclusions(units: Sequence[Any]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {"ineligible": {}, "suppressed": {}}
    for _stratum, status, reason, _drawn in units:
        if reason:
            counted[status][reason] = counted[status].get(reason, 0) + 1
    return counted
