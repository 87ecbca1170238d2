"""Invitations one by one: where each stands, and every step that led there. Public ids only, nobody's identity."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from contacts.models import Contact
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.models import OutboxMessage
from surveys.anonymity import ANONYMOUS
from surveys.histories import BEFORE_SENT
from surveys.models import Draw, Invitation, InvitationEvent, Programme, ProgrammeVersion

ON_A_PAGE = 100
ROWS_AT_ONCE = 2000


class Step(NamedTuple):
    """One line of the disposition history. ``last``: where the invitation stands now. ``at``: None where not told."""

    invitation: str
    contact: str
    draw: int
    terms: int
    stratum: str
    disposition: str
    reason: str
    at: datetime | None
    last: bool


def invitation_in_scope(public_id: str, scope: Scope) -> Invitation | None:
    """The invitation of that public id, if whoever asks may see its principal and site."""
    wanted = select(Invitation).filter_by(public_id=public_id)
    return db.session.scalars(
        scoped(wanted, scope, principal=Invitation.principal_id, site=Invitation.site_id)
    ).one_or_none()


def invitations_of(
    draw_id: int, scope: Scope, disposition: str, page: int, is_anonymous: bool
) -> tuple[int, Sequence[tuple[Invitation, str]]]:
    """How many of a draw stand at ``disposition`` (empty: all), and those of one page with their contacts.

    Of an anonymous draw *sent* is everybody whose invitation went out, whatever they did.
    """
    rows = select(Invitation, Contact.public_id).join(Contact, Contact.id == Invitation.contact_id)
    rows = scoped(rows.where(Invitation.draw_id == draw_id), scope, site=Invitation.site_id)
    if is_anonymous and disposition == "sent":
        rows = rows.where(Invitation.disposition.not_in(BEFORE_SENT))
    elif disposition:
        rows = rows.where(Invitation.disposition == disposition)
    count = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    found = db.session.execute(rows.order_by(Invitation.id).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE))
    return count, [(invitation, contact) for invitation, contact in found]


def contact_name(invitation: Invitation) -> str:
    """The public id of the contact that it is about."""
    return db.session.scalars(select(Contact.public_id).where(Contact.id == invitation.contact_id)).one()


def messages_about(invitation: Invitation) -> Sequence[Any]:
    """(purpose, channel, state, created_at, sent_at) of every message of an invitation and its interview.

    Of an anonymous one the invitation alone: a reminder that did not come would tell of an answer.
    """
    keys = [f"{kind}:{invitation.id}" for kind in ("invitation", "interview")]
    columns = (OutboxMessage.purpose, OutboxMessage.channel, OutboxMessage.state, OutboxMessage.created_at)
    found = select(*columns, OutboxMessage.sent_at).where(OutboxMessage.subject_key.in_(keys))
    if invitation.draw.terms.promise == ANONYMOUS:
        found = found.where(OutboxMessage.purpose == "survey")
    return db.session.execute(found.order_by(OutboxMessage.id)).all()


def steps(
    scope: Scope, programme_id: int | None = None, draw_id: int | None = None, invitation_id: int | None = None
) -> Iterator[Step]:
    """Every step of the invitations of a programme or a draw, or of one; oldest first, read as they are taken."""
    found = db.session.execute(
        _steps(scope, programme_id, draw_id, invitation_id).execution_options(yield_per=ROWS_AT_ONCE)
    )
    for _name, rows in groupby(found, key=lambda row: row[0]):
        these = list(rows)
        yield from _hushed(these) if these[0].promise == ANONYMOUS else _all(these)


def _all(rows: Sequence[Any]) -> Iterator[Step]:
    yield from (Step(*row[:8], last=row is rows[-1]) for row in rows)


def _hushed(rows: Sequence[Any]) -> Iterator[Step]:
    """The steps before anybody could read, then that it went out, without a moment."""
    early, went_out = [row for row in rows if row.disposition in BEFORE_SENT], rows[0].stands not in BEFORE_SENT
    yield from (Step(*row[:8], last=row is early[-1] and not went_out) for row in early)
    if went_out:
        yield Step(*rows[0][:5], "sent", "", None, last=True)


def _steps(scope: Scope, programme_id: int | None, draw_id: int | None, invitation_id: int | None) -> Select[Any]:
    said = (InvitationEvent.disposition, InvitationEvent.reason, InvitationEvent.at)
    beside = (ProgrammeVersion.promise, Invitation.disposition.label("stands"))
    rows = (
        select(
            Invitation.public_id,
            Contact.public_id,
            Draw.id,
            ProgrammeVersion.number,
            Invitation.stratum,
            *said,
            *beside,
        )
        .join(InvitationEvent, InvitationEvent.invitation_id == Invitation.id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Draw, Draw.id == Invitation.draw_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .join(Programme, Programme.id == Invitation.programme_id)
    )
    rows = scoped(rows, scope, principal=Invitation.principal_id, site=Invitation.site_id)
    if programme_id is not None:
        rows = rows.where(Invitation.programme_id == programme_id)
    if draw_id is not None:
        rows = rows.where(Invitation.draw_id == draw_id)
    if invitation_id is not None:
        rows = rows.where(Invitation.id == invitation_id)
    return rows.order_by(Invitation.id, InvitationEvent.id)
