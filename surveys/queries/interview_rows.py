"""What an interview reads of the tables, as plain values: objects would cost more than all else it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, exists, select

from contacts.models import Contact, Customer, Principal, Site
from surveys.models import (
    AnswerEvent,
    AnswerText,
    Draw,
    Invitation,
    OpenInterview,
    Programme,
    ProgrammeVersion,
    QuestionnaireVersion,
)


@dataclass(slots=True)
class Invited:
    """An invitation; it follows what ``invitations.move_row`` makes of it."""

    id: int
    public_id: str
    draw_id: int
    version_id: int
    contact_id: int
    customer_id: int | None
    principal_id: int
    site_id: int
    stratum: str
    language: str
    collection: str
    token_issue: int
    disposition: str
    sent_at: datetime | None
    delivered_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime | None
    reminders: int
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """The programme."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class AskedUnder:
    """Of the programme's version what an interview needs."""

    promise: str
    low_score: int | None
    names_agent: bool


@dataclass(frozen=True, slots=True)
class Asker:
    """The principal in whose name is asked."""

    id: int
    name: str
    brand: str
    zone: str
    language: str
    sms_sender: str
    controller: str
    privacy_notice: dict[str, str]
    logo_hash: str
    logo_alt: str
    logo_width: int
    logo_height: int

    notice = Principal.notice


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """The contact."""

    channel: str
    direction: str
    started_at: datetime
    reason: str
    agent: str


#: Every part and the table it is read from, in the order of the columns; then what stands alone.
PARTS = (
    (Invited, Invitation),
    (Named, Programme),
    (AskedUnder, ProgrammeVersion),
    (Asker, Principal),
    (AskedAbout, Contact),
)


def _names(part: Any) -> list[str]:
    return list(part.__dataclass_fields__)


def _slices() -> list[tuple[Any, int, int]]:
    found, first = [], 0
    for part, _ in PARTS:
        found.append((part, first, first + len(_names(part))))
        first = found[-1][2]
    return found


SLICES = _slices()


def parts_of(row: Any) -> list[Any]:
    """The parts of a row of these statements, in the order of ``PARTS``."""
    return [part(*row[first:last]) for part, first, last in SLICES]


def _table(model: Any) -> Table:
    return cast(Table, model.__table__)


_INVITATIONS, _EVENTS = _table(Invitation), _table(AnswerEvent)


def _statement() -> Select[Any]:
    columns = [_table(model).c[name] for part, model in PARTS for name in _names(part)]
    # False where nothing happened yet, as on every first page: then there are no events to be read.
    begun = exists().where(_EVENTS.c.invitation_id == _INVITATIONS.c.id).label("begun")
    joined = (
        _INVITATIONS.join(_table(Programme), Programme.id == Invitation.programme_id)
        .join(_table(Draw), Draw.id == Invitation.draw_id)
        .join(_table(ProgrammeVersion), ProgrammeVersion.id == Draw.programme_version_id)
        .join(_table(Principal), Principal.id == Invitation.principal_id)
        .join(_table(Contact), Contact.id == Invitation.contact_id)
        .join(_table(Site), Site.id == Invitation.site_id)
        .join(_table(QuestionnaireVersion), QuestionnaireVersion.id == Invitation.version_id)
        .outerjoin(_table(Customer), Customer.id == Invitation.customer_id)
    )
    alone = Site.zone, Site.name.label("site"), Customer.phone, QuestionnaireVersion.content_hash, begun
    return select(*columns, *alone).select_from(joined)


def _events() -> Select[Any]:
    return (
        select(
            *(_EVENTS.c[name] for name in ("invitation_id", "kind", "question_id", "value", "shown", "mode", "step")),
            *(_EVENTS.c.in_turn, _EVENTS.c.idempotency_key, AnswerText.text),
        )
        .select_from(_EVENTS.outerjoin(_table(AnswerText), AnswerText.answer_event_id == _EVENTS.c.id))
        .order_by(_EVENTS.c.invitation_id, _EVENTS.c.position)
    )


# Built once: building them takes longer than running them.
BY_TOKEN = _statement().where(_INVITATIONS.c.token_hash == bindparam("token_hash"))
BY_TOKEN_TO_CHANGE = BY_TOKEN.with_for_update(of=_INVITATIONS)
BY_IDS_TO_CHANGE = (
    _statement()
    .where(_INVITATIONS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_INVITATIONS.c.id)
    .with_for_update(of=_INVITATIONS)
)
EVENTS_OF_ONE = _events().where(_EVENTS.c.invitation_id == bindparam("id"))
EVENTS_OF_SEVERAL = _events().where(_EVENTS.c.invitation_id.in_(bindparam("ids", expanding=True)))
#: What anonymous interviews keep while they run.
KEPT_OF_SEVERAL = select(OpenInterview.invitation_id, OpenInterview.events).where(
    OpenInterview.invitation_id.in_(bindparam("ids", expanding=True))
)
