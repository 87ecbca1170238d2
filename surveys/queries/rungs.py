"""The contacts on a rung of the ladder: who they are to the draw, by public id. No name and no address."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from contacts.models import Contact, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.dispositions import DISPOSITIONS
from surveys.histories import BEFORE_SENT
from surveys.models import Draw, FrameUnit, Invitation

ON_A_PAGE = 100
ROWS_AT_ONCE = 2000
#: The rungs by the question that a contact on it answers yes to.
_STEPS: dict[str, Any] = {
    "population": True,
    "ineligible": FrameUnit.status == "ineligible",
    "suppressed": FrameUnit.status == "suppressed",
    "eligible": FrameUnit.status == "eligible",
    "drawn": FrameUnit.drawn.is_(True),
    "sent": Invitation.sent_at.is_not(None),
    "delivered": Invitation.delivered_at.is_not(None),
    "started": Invitation.started_at.is_not(None),
    "completed": Invitation.completed_at.is_not(None),
}
RUNGS = tuple(_STEPS)
#: Below these an anonymous draw tells nobody apart.
TOLD_OF_ALL = RUNGS[: RUNGS.index("sent") + 1]


@dataclass(frozen=True)
class Asked:
    """Which contacts: of which draws, on which rung, for which reason, in which stratum, standing where."""

    draw_ids: Collection[int]
    rung: str = "population"
    reason: str = ""
    #: None: every stratum. The name of one may be empty.
    stratum: str | None = None
    stands: str = ""

    def is_known(self, is_anonymous: bool) -> bool:
        """Whether there is such a rung, and these draws may tell who is on it."""
        if self.rung not in (TOLD_OF_ALL if is_anonymous else RUNGS):
            return False
        if not self.stands:
            return True
        return self.stands in DISPOSITIONS and (not is_anonymous or self.stands in BEFORE_SENT)


class RungContact(NamedTuple):
    """One contact. ``disposition`` and ``invitation`` are None of those who were not drawn."""

    contact: str
    draw: int
    stratum: str
    site: str
    channel: str
    started_at: datetime
    status: str
    reason: str
    disposition: str | None
    invitation: str | None


def rung_contacts(asked: Asked, scope: Scope, page: int) -> tuple[int, list[RungContact]]:
    """How many of them whoever asks may see, and those of one page."""
    rows = _rows(asked, scope)
    count = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    found = db.session.execute(_in_order(rows).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE))
    return count, [RungContact(*row) for row in found]


def all_rung_contacts(asked: Asked, scope: Scope) -> Iterator[RungContact]:
    """All of them, read as they are taken."""
    found = db.session.execute(_in_order(_rows(asked, scope)).execution_options(yield_per=ROWS_AT_ONCE))
    return (RungContact(*row) for row in found)


def _in_order(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(FrameUnit.draw_id, FrameUnit.contact_id)


def _rows(asked: Asked, scope: Scope) -> Select[Any]:
    columns = (FrameUnit.public_id, FrameUnit.draw_id, FrameUnit.stratum, Site.key, Contact.channel, Contact.started_at)
    stands = (FrameUnit.status, FrameUnit.reason, Invitation.disposition, Invitation.public_id)
    same = (Invitation.draw_id == FrameUnit.draw_id) & (Invitation.contact_id == FrameUnit.contact_id)
    rows = (
        select(*columns, *stands)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .join(Draw, Draw.id == FrameUnit.draw_id)
        .outerjoin(Invitation, same)
        .where(FrameUnit.draw_id.in_(asked.draw_ids), _STEPS[asked.rung])
    )
    if asked.reason:
        rows = rows.where(FrameUnit.reason == asked.reason)
    if asked.stratum is not None:
        rows = rows.where(FrameUnit.stratum == asked.stratum)
    if asked.stands:
        rows = rows.where(Invitation.disposition == asked.stands)
    return scoped(rows, scope, principal=Draw.principal_id, site=Contact.site_id)
