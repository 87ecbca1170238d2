"""Deciding contacts as they are recorded, in the transaction that records them.

So nothing is decided of a contact that is not there, and nothing is there undecided: not after a power cut either.
Whoever records contacts holds the gate of their principal, so that contacts are decided one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table

from contacts.frames import FrameRow
from contacts.queries import frame_of
from surveys.continuous import Decided, History, Rate, is_hit
from surveys.eligibility import ELIGIBLE, QUARANTINE, Standing, standing, stratum_values
from surveys.frames import stratum_key
from surveys.models import FrameUnit
from surveys.queries.deciding import (
    Running,
    contacts_not_to_be_asked,
    histories,
    not_to_be_asked,
    people,
    running_draws,
)
from surveys.services.frame_writing import moment_as_kept, write_rows
from surveys.services.inviting import write_invitations

COLUMNS = (
    *("draw_id", "contact_id", "public_id", "stratum", "status", "reason", "clock", "drawn"),
    *("pi_drawn", "pi_eligible", "pi", "decided_at", "customer_id"),
)
_UNITS = cast(Table, FrameUnit.__table__)


@dataclass(frozen=True, slots=True)
class Unit:
    """One contact and what a draw decided of it. ``decided`` None: the lot was not asked."""

    row: FrameRow
    stratum: str
    standing: Standing
    at: datetime
    decided: Decided | None = None

    @property
    def contact_id(self) -> int:
        return self.row.contact_id

    @property
    def customer_id(self) -> int | None:
        return self.row.customer_id

    @property
    def site_id(self) -> int:
        return self.row.site_id

    @property
    def language(self) -> str:
        return self.row.language

    @property
    def is_taken(self) -> bool:
        return self.decided is not None and self.decided.taken


def decide(principal_id: int, contact_ids: Sequence[int], now: datetime) -> list[int]:
    """Decide contacts that have just been recorded; return the ids of the draws that took one of them at least.

    The caller holds the gate of the principal and commits. ``contact_ids`` in the order of recording; a contact whose
    days no running draw is about is left alone.
    """
    draws = running_draws(principal_id)
    if not draws or not contact_ids:
        return []
    rows = frame_of(contact_ids)
    found = _decided(draws, rows, now)
    for draw in draws:
        if units := found[draw.draw.id]:
            write_rows(_UNITS, COLUMNS, [_cells(draw.draw.id, unit) for unit in units])
            write_invitations(draw.draw, [unit for unit in units if unit.is_taken], now)
    return [draw_id for draw_id, units in found.items() if any(unit.is_taken for unit in units)]


def _decided(draws: Sequence[Running], rows: Sequence[FrameRow], now: datetime) -> dict[int, list[Unit]]:
    customers = sorted({row.customer_id for row in rows if row.customer_id is not None})
    reach = max(draw.plan.quarantine for draw in draws)
    known = histories(customers, now - reach)
    lives = {customer_id: History(known.get(customer_id, ())) for customer_id in customers}
    who = people(customers)
    reasons = {draw.draw.id: not_to_be_asked(draw.terms, draw.draw.principal_id, who, now) for draw in draws}
    ids = [row.contact_id for row in rows]
    on_hold = {draw.draw.id: contacts_not_to_be_asked(draw.terms, ids, now) for draw in draws}
    found: dict[int, list[Unit]] = {draw.draw.id: [] for draw in draws}
    for row in rows:
        for draw in draws:
            if draw.begins <= row.started_at < draw.ends:
                stands = standing(row, draw.rules, now, reasons[draw.draw.id])
                if stands == ELIGIBLE and (hold := on_hold[draw.draw.id].get(row.contact_id)):
                    stands = Standing("suppressed", hold)
                found[draw.draw.id].append(_unit(draw, row, stands, lives, now))
    return found


def _unit(draw: Running, row: FrameRow, stands: Standing, lives: dict[int, History], now: datetime) -> Unit:
    stratum = stratum_key(stratum_values(row, draw.terms.strata))
    if stands != ELIGIBLE or row.customer_id is None:
        return Unit(row, stratum, stands, now)
    rate = draw.plan.rate(stratum)
    hit = is_hit(draw.seed, row.public_id, rate)
    decided = lives[row.customer_id].decide(now, rate, draw.plan.quarantine, hit)
    stands = ELIGIBLE if decided.pi else Standing("suppressed", QUARANTINE)
    return Unit(row, stratum, stands, decided.at, decided)


def _cells(draw_id: int, unit: Unit) -> tuple[object, ...]:
    decided = unit.decided
    rate: Rate | tuple[None, None] = decided.rate if decided and decided.pi else (None, None)
    return (
        *(draw_id, unit.contact_id, unit.row.public_id, unit.stratum, unit.standing.status, unit.standing.reason),
        *(moment_as_kept(decided.since) if decided and decided.since else None, unit.is_taken),
        *(*rate, decided.pi if decided and decided.pi else None, moment_as_kept(unit.at)),
        unit.customer_id,
    )
