"""Who leads."""

from datetime import datetime

from sqlalchemy import delete, or_

from foundation.database import db
from foundation.jobs.models import Lease
from foundation.jobs.storage.statements import hurriedly, patience, upsert

LEADER = "worker"


def lead(owner: str, now: datetime) -> bool:
    """Take or renew the leader's lease; return whether ``owner`` leads until ``now`` + the leader's lease."""
    lasts = patience().leader_lease
    values = {"owner": owner, "renewed_at": now, "until": now + lasts}
    # A lease that ends later than any can was taken before the clock was set back.
    is_over = or_(Lease.until <= now, Lease.until > now + 2 * lasts)
    statement = upsert(Lease).values(name=LEADER, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_=values, where=or_(Lease.owner == owner, is_over)
    ).returning(Lease.owner)
    leads = db.session.scalar(statement) == owner
    db.session.commit()
    return leads


def resign(owner: str) -> None:
    """Give the leader's lease back, so that the next process need not wait for its end."""
    hurriedly(delete(Lease).where(Lease.name == LEADER, Lease.owner == owner))
