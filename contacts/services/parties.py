"""Principals and sites: added and changed, each change known to the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from contacts.logos import Logo
from contacts.models import Period, Principal, PrincipalLogo, Site
from contacts.services import gates
from foundation.database import db
from foundation.ledger import services as ledger

PRINCIPAL_FIELDS = (
    "name",
    "brand",
    "zone",
    "language",
    "sms_sender",
    "reply_email",
    "mediator_name",
    "mediator_address",
    "mediator_url",
    "controller",
    "privacy_notice",
    "complaint_address",
    "complaint_email",
    "takes_complaints",
    "identity_months",
    "link_months",
    "text_months",
    "complaint_months",
    "logo_alt",
)
SITE_FIELDS = ("name", "zone", "holiday_region", "kind")


class PartyRefused(Exception):
    """A principal or site that may not be so: ``key-taken``, ``zone-in-use`` or ``changed-meanwhile``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def create_principal(key: str, values: dict[str, Any], now: datetime, actor_id: int | None = None) -> Principal:
    """Add a principal; ``key`` is its name in commands and files and never changes. Raises PartyRefused."""
    _refuse_if_taken(Principal, key)
    principal = Principal(key=key, created_at=now, version=1, **values)
    return _added(principal, values, now, actor_id)


def create_site(key: str, values: dict[str, Any], now: datetime, actor_id: int | None = None) -> Site:
    """Add a site; ``key`` never changes, because closed populations name their sites by it. Raises PartyRefused."""
    _refuse_if_taken(Site, key)
    site = Site(key=key, created_at=now, version=1, **values)
    return _added(site, values, now, actor_id)


def update_principal(
    principal: Principal, version: int, values: dict[str, Any], now: datetime, actor_id: int | None = None
) -> None:
    """Change a principal that still is at ``version``. Raises PartyRefused.

    The zone stays once a period is closed: its days were counted in that zone.
    """
    gates.enter(principal.id)
    _refuse_if_changed(principal, version)
    if values["zone"] != principal.zone and _has_closed_periods(principal.id):
        raise PartyRefused("zone-in-use")
    _change(principal, values, now, actor_id)


def set_logo(principal: Principal, logo: Logo | None, now: datetime, actor_id: int | None = None) -> None:
    """Put the logo of a principal on the pages of its customers, or with None take it off."""
    kept = db.session.get(PrincipalLogo, principal.id)
    if logo is None:
        values: dict[str, Any] = {"logo_hash": "", "logo_width": 0, "logo_height": 0}
        if kept is not None:
            db.session.delete(kept)
    else:
        values = {"logo_hash": logo.name, "logo_width": logo.width, "logo_height": logo.height}
        kept = kept or PrincipalLogo(principal_id=principal.id)
        kept.content = logo.content
        db.session.add(kept)
    _change(principal, values, now, actor_id)


def update_site(site: Site, version: int, values: dict[str, Any], now: datetime, actor_id: int | None = None) -> None:
    """Change a site that still is at ``version``. Raises PartyRefused."""
    _refuse_if_changed(site, version)
    _change(site, values, now, actor_id)


def _refuse_if_taken(model: type[Principal] | type[Site], key: str) -> None:
    if db.session.scalars(select(model.id).where(model.key == key)).first() is not None:
        raise PartyRefused("key-taken")


def _refuse_if_changed(party: Principal | Site, version: int) -> None:
    db.session.refresh(party, with_for_update={"key_share": True})
    if party.version != version:
        raise PartyRefused("changed-meanwhile")


def _has_closed_periods(principal_id: int) -> bool:
    closed = select(Period.id).where(Period.principal_id == principal_id, Period.closed_at.is_not(None))
    return db.session.scalars(closed).first() is not None


def _added(party: Any, values: dict[str, Any], now: datetime, actor_id: int | None) -> Any:
    db.session.add(party)
    db.session.flush()
    _tell_ledger(party, "added", {"key": party.key, **values}, now, actor_id)
    return party


def _change(party: Any, values: dict[str, Any], now: datetime, actor_id: int | None) -> None:
    changed = {name: value for name, value in values.items() if getattr(party, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(party, name, value)
    party.version += 1
    _tell_ledger(party, "changed", changed, now, actor_id)


def _tell_ledger(party: Principal | Site, act: str, facts: dict[str, Any], now: datetime, actor_id: int | None) -> None:
    kind, principal_id = ("principal", party.id) if isinstance(party, Principal) else ("site", None)
    ledger.record(f"contacts.{kind}-{act}", f"{kind}:{party.key}", facts, now, actor_id, principal_id=principal_id)
