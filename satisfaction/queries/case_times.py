"""How long each complaint of a period took, or has been open."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from complaints import lifecycle
from complaints.models import Case, Stage
from contacts.frames import span
from contacts.models import Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.complaint_figures import NO_SITE
from satisfaction.response_times import ANSWERED, WITHDRAWN, CaseTime

#: A decision stands for the final answer until it is contested.
CONTESTED = (lifecycle.LATE_APPEAL, lifecycle.APPEALED, lifecycle.APPEAL_IN_PROGRESS)


def case_times(principal: Principal, first_day: date, last_day: date, now: datetime, scope: Scope) -> list[CaseTime]:
    """The complaints received from ``first_day`` to ``last_day``, inclusive, as they stand at ``now``.

    Days are counted in the zone of the principal. What follows a late appeal is part of no other time than its own.
    """
    zone = ZoneInfo(principal.zone)
    start, end = span(first_day, last_day, zone)
    decided = select(Stage.case_id, func.max(Stage.decided_at).label("at")).group_by(Stage.case_id).subquery("decided")
    statement = (
        select(Site.key, Case.sent_at, Case.registered_at, Case.state, Case.ended_at, decided.c.at.label("decided_at"))
        .select_from(Case)
        .join(Site, Site.id == Case.site_id, isouter=True)
        .outerjoin(decided, decided.c.case_id == Case.id)
        .where(Case.principal_id == principal.id, Case.follows_id.is_(None))
        .where(Case.received_at >= start, Case.received_at < end, Case.registered_at <= now)
    )
    found = []
    for row in db.session.execute(scoped(statement, scope, site=Case.site_id)):
        end_kind, at = _end(row.state, row.ended_at, row.decided_at)
        last = _days(row.sent_at, at or now, zone)
        found.append(
            CaseTime(row.key or NO_SITE, last, min(_days(row.sent_at, row.registered_at, zone), last), end_kind)
        )
    return found


def _end(state: str, ended_at: datetime | None, decided_at: datetime | None) -> tuple[str | None, datetime | None]:
    if state == lifecycle.WITHDRAWN:
        return WITHDRAWN, ended_at
    if state in CONTESTED or decided_at is None:
        return None, None
    return ANSWERED, decided_at


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> int:
    return max((until.astimezone(zone).date() - since.astimezone(zone).date()).days, 0)
