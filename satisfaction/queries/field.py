"""Where the asking stands: who answered, who did lately, who still may."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from contacts.models import Period, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import UTCDateTime, db
from satisfaction.queries.answers import STILL_OPEN
from satisfaction.standing import LATELY_DAYS, Field
from surveys.anonymity import ANONYMOUS
from surveys.models import Draw, Invitation, Programme, ProgrammeVersion


def fields_of(now: datetime, scope: Scope, span: tuple[date, date] | None = None) -> list[Field]:
    """The draws of the periods within ``span``, both days included, by programme and site; None: those still open.

    Of an anonymous draw nothing is told by site and day: it is left out.
    """
    may = and_(Invitation.disposition.in_(STILL_OPEN), Invitation.expires_at > now)
    lately = Invitation.completed_at >= now - timedelta(days=LATELY_DAYS)
    statement = (
        select(
            Programme.key,
            Site.key,
            func.count(),
            func.count(Invitation.completed_at),
            *(func.sum(case((condition, 1), else_=0)) for condition in (lately, may)),
            func.max(case((may, Invitation.expires_at)), type_=UTCDateTime),
        )
        .select_from(Invitation)
        .join(Programme, Programme.id == Invitation.programme_id)
        .join(Site, Site.id == Invitation.site_id)
        .where(Invitation.draw_id.in_(_draws(span, now)), Invitation.disposition != "erased")
        .group_by(Programme.key, Site.key)
        .order_by(Programme.key, Site.key)
    )
    rows = db.session.execute(scoped(statement, scope, principal=Invitation.principal_id, site=Invitation.site_id))
    return [Field(*row) for row in rows]


def _draws(span: tuple[date, date] | None, now: datetime) -> Select[tuple[int]] | Sequence[Any]:
    drawn = (
        select(Draw.id)
        .join(Period, Period.id == Draw.period_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(Draw.state.in_(("drawn", "running")), ProgrammeVersion.promise != ANONYMOUS)
    )
    if span is not None:
        return drawn.where(Period.first_day >= span[0], Period.last_day <= span[1])
    waiting = select(Invitation.draw_id).where(Invitation.expires_at > now, Invitation.disposition.in_(STILL_OPEN))
    return drawn.where(Draw.id.in_(waiting))
