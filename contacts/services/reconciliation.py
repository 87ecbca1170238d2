"""What sources say they sent, written down; gaps explained by a person."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from contacts.gaps import Cell, Gap
from contacts.models import Explanation, SourceCount
from contacts.services import gates
from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger


def tell_counts(principal_id: int, told: Mapping[Cell, int], now: datetime, actor_id: int | None = None) -> int:
    """Keep what the sources say of each cell, in place of what they said before; returns how many were new or other."""
    gates.enter(principal_id)
    days = [cell.day for cell in told]
    if not days:
        return 0
    known = {
        Cell(row.source, row.site_id, row.channel, row.day): row
        for row in db.session.scalars(
            select(SourceCount).where(
                SourceCount.principal_id == principal_id, SourceCount.day >= min(days), SourceCount.day <= max(days)
            )
        )
    }
    changed = {cell: number for cell, number in told.items() if cell not in known or known[cell].contacts != number}
    for cell, number in changed.items():
        row = known.get(cell) or SourceCount(principal_id=principal_id, **cell._asdict())
        row.contacts, row.told_at, row.told_by = number, now, actor_id
        db.session.add(row)
    db.session.flush()
    if changed:
        facts = {"counts": [[*_as_json(cell), number] for cell, number in sorted(changed.items())]}
        subject = f"principal:{principal_id}"
        ledger.record("contacts.source-counts-told", subject, facts, now, actor_id, principal_id=principal_id)
    return len(changed)


def explain(principal_id: int, gap: Gap, reason: str, now: datetime, actor_id: int | None = None) -> bool:
    """Say why a gap is none to worry about; False if somebody did before. It stays to be seen, with the reason."""
    values = {
        "principal_id": principal_id,
        "kind": gap.kind,
        **gap.cell._asdict(),
        "expected": gap.expected,
        "counted": gap.counted,
    }
    said = {**values, "reason": reason, "explained_at": now, "explained_by": actor_id}
    if not insert_if_absent(Explanation, [said], conflict=list(values)):
        return False
    facts = {**values, "day": gap.cell.day.isoformat(), "reason": reason}
    subject = f"principal:{principal_id}"
    ledger.record("contacts.gap-explained", subject, facts, now, actor_id, principal_id=principal_id)
    return True


def _as_json(cell: Cell) -> list[object]:
    return [cell.source, cell.site_id, cell.channel, cell.day.isoformat()]
