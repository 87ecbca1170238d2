"""Agreements between principals: recorded, changed by another version, ended by a date."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from contacts.models import Agreement, AgreementParty, AgreementVersion, Principal
from contacts.models.agreements import WIDENINGS
from foundation.database import db
from foundation.ledger import services as ledger

FEWEST_PARTIES = 2


class AgreementRefused(Exception):
    """An agreement that may not be so; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Agreed:
    """What an agreement says. ``widens`` are of WIDENINGS; both days are inclusive."""

    widens: tuple[str, ...]
    legal_basis: str
    signed_on: date
    signed_by: str
    first_day: date
    last_day: date | None = None
    document_name: str = ""
    document_hash: str = ""


def record_agreement(
    principal_ids: Collection[int], agreed: Agreed, now: datetime, actor_id: int | None = None
) -> Agreement:
    """Record an agreement of at least two principals; it holds from now on, within its days. Raises AgreementRefused.

    ``too-few-parties``, ``widens-nothing``, ``unknown-widening``, ``basis-missing``, ``days-out-of-order``,
    ``signed-later`` (signed after the day it is recorded).
    """
    _check(principal_ids, agreed, now)
    agreement = Agreement(created_at=now, version=1)
    db.session.add(agreement)
    db.session.flush()
    _add_version(agreement, principal_ids, agreed, "recorded", now, actor_id)
    return agreement


def change_agreement(
    agreement_id: int, seen: int, principal_ids: Collection[int], agreed: Agreed, now: datetime, actor_id: int | None
) -> Agreement:
    """Write the next version of an agreement whose last one is ``seen``; what held until now stays readable.

    Raises AgreementRefused as ``record_agreement`` does, and ``changed-meanwhile``. It ends by ``agreed.last_day``.
    """
    agreement = db.session.get_one(Agreement, agreement_id, with_for_update=True, populate_existing=True)
    if agreement.version != seen:
        raise AgreementRefused("changed-meanwhile")
    _check(principal_ids, agreed, now)
    agreement.version += 1
    _add_version(agreement, principal_ids, agreed, "changed", now, actor_id)
    return agreement


def _check(principal_ids: Collection[int], agreed: Agreed, now: datetime) -> None:
    known = set(db.session.scalars(select(Principal.id).where(Principal.id.in_(principal_ids))))
    faults = {
        "too-few-parties": len(known) < FEWEST_PARTIES,
        "widens-nothing": not agreed.widens,
        "unknown-widening": not set(agreed.widens) <= set(WIDENINGS),
        "basis-missing": not agreed.legal_basis.strip() or not agreed.signed_by.strip(),
        "days-out-of-order": agreed.last_day is not None and agreed.last_day < agreed.first_day,
        "signed-later": agreed.signed_on > now.date(),
    }
    for code, found in faults.items():
        if found:
            raise AgreementRefused(code)


def _add_version(
    agreement: Agreement,
    principal_ids: Collection[int],
    agreed: Agreed,
    act: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    said = asdict(agreed) | {"widens": [one for one in WIDENINGS if one in agreed.widens]}
    version = AgreementVersion(
        agreement_id=agreement.id, number=agreement.version, recorded_at=now, recorded_by=actor_id, **said
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(AgreementParty(version_id=version.id, principal_id=one) for one in sorted(set(principal_ids)))
    db.session.flush()
    facts = version.facts() | {"principal_ids": sorted(set(principal_ids))}
    signed = {"signed_by": version.signed_by}
    ledger.record(f"contacts.agreement-{act}", f"agreement:{agreement.id}", facts, now, actor_id, personal=signed)
