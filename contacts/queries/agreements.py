"""What principals have agreed on: whom a fact of one of them also reaches, and the agreements to show."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select

from contacts.models import Agreement, AgreementParty, AgreementVersion, Principal
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db


def principals_sharing(principal_id: int, what: str, at: datetime) -> set[int]:
    """The ids of the principals among whom ``what`` is one at the moment ``at``, ``principal_id`` always included.

    ``what`` is "quarantine", "opt_out" or "erasure". An agreement holds from its first to its last day, both
    inclusive, in the zone of ``principal_id``, as it was recorded at ``at``: what is recorded later changes nothing
    of what was done before. Who agreed with a party of mine, but not with me, is not among them.
    """
    ever = select(Principal.zone).join(AgreementParty, AgreementParty.principal_id == Principal.id)
    zone = db.session.scalar(ever.where(Principal.id == principal_id).limit(1))
    if zone is None:
        return {principal_id}
    held = _held(at, at.astimezone(ZoneInfo(zone)).date()).subquery()
    mine = select(AgreementParty.version_id).where(
        AgreementParty.principal_id == principal_id, AgreementParty.version_id.in_(select(held.c.id))
    )
    widening = [
        version.id
        for version in db.session.scalars(select(AgreementVersion).where(AgreementVersion.id.in_(mine)))
        if what in version.widens
    ]
    parties = select(AgreementParty.principal_id).where(AgreementParty.version_id.in_(widening))
    return {principal_id, *db.session.scalars(parties)}


def stop_reaches(principal_id: int, at: datetime) -> set[int]:
    """The principals whom a stop said to one of them reaches."""
    return principals_sharing(principal_id, "opt_out", at)


def _held(at: datetime, day: date) -> Select[tuple[int]]:
    """The versions in force at ``at`` that hold on ``day``."""
    last = (
        select(AgreementVersion.agreement_id, func.max(AgreementVersion.number).label("number"))
        .where(AgreementVersion.recorded_at <= at)
        .group_by(AgreementVersion.agreement_id)
        .subquery()
    )
    return (
        select(AgreementVersion.id)
        .join(
            last,
            (last.c.agreement_id == AgreementVersion.agreement_id) & (last.c.number == AgreementVersion.number),
        )
        .where(
            AgreementVersion.first_day <= day,
            or_(AgreementVersion.last_day.is_(None), AgreementVersion.last_day >= day),
        )
    )


@dataclass(frozen=True)
class AgreementCard:
    """An agreement as it stands, its parties by name, and every version, the newest first."""

    agreement: Agreement
    now: AgreementVersion
    parties: dict[int, list[Principal]]
    versions: list[AgreementVersion]

    def is_over(self, day: date) -> bool:
        return self.now.last_day is not None and self.now.last_day < day


def agreements(scope: Scope = EVERYTHING, agreement_id: int | None = None) -> list[AgreementCard]:
    """The agreements with a party that ``scope`` sees, the newest first; all of their parties are named."""
    seen = select(AgreementVersion.agreement_id).join(AgreementParty, AgreementParty.version_id == AgreementVersion.id)
    if scope.principal_ids is not None:
        seen = seen.where(AgreementParty.principal_id.in_(scope.principal_ids))
    wanted = select(Agreement).where(Agreement.id.in_(seen)).order_by(Agreement.id.desc())
    if agreement_id is not None:
        wanted = wanted.where(Agreement.id == agreement_id)
    return [_card(row) for row in db.session.scalars(wanted)]


def _card(agreement: Agreement) -> AgreementCard:
    versions = list(
        db.session.scalars(
            select(AgreementVersion).filter_by(agreement_id=agreement.id).order_by(AgreementVersion.number.desc())
        )
    )
    parties: dict[int, list[Principal]] = {version.id: [] for version in versions}
    named = (
        select(AgreementParty.version_id, Principal)
        .join(Principal, Principal.id == AgreementParty.principal_id)
        .where(AgreementParty.version_id.in_(parties))
        .order_by(Principal.name)
    )
    for version_id, principal in db.session.execute(named):
        parties[version_id].append(principal)
    return AgreementCard(agreement, versions[0], parties, versions)
