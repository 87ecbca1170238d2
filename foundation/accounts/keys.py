"""Keys of programs: made, shown once, known again by their hash, taken back."""

import hashlib
import secrets
from datetime import datetime

from flask import g, has_request_context
from sqlalchemy import select

from foundation.accounts.models import ApiKey
from foundation.database import db
from foundation.ledger.services import record

#: What a key may be given the right to do.
KEY_PERMISSIONS = ("contacts.write", "satisfaction.read")
#: What it may do unless something else is asked for.
USUAL_PERMISSIONS = ("contacts.write",)
#: Marks one of ours, so that a scanner finds it where it was left lying.
PREFIX = "satisfecit_"


def issue_key(
    name: str,
    permissions: list[str],
    principal_id: int,
    site_ids: list[int] | None,
    expires_at: datetime | None,
    now: datetime,
    actor_id: int | None = None,
) -> tuple[ApiKey, str]:
    """Make a key of one principal (``site_ids`` None: of all sites). The secret is returned here and kept nowhere."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        name=name,
        secret_hash=hash_of(secret),
        ending=secret[-4:],
        permissions=sorted(permissions),
        principal_id=principal_id,
        site_ids=site_ids,
        created_at=now,
        created_by=actor_id,
        expires_at=expires_at,
    )
    db.session.add(key)
    db.session.flush()
    facts = {"name": name, "permissions": key.permissions, "principal_id": principal_id, "site_ids": site_ids}
    record("accounts.key-issued", f"key:{key.id}", facts, now, actor_id)
    return key, secret


def revoke_key(key: ApiKey, now: datetime, actor_id: int | None = None) -> bool:
    """Take a key back, from now on; False if it was before."""
    db.session.refresh(key, with_for_update={"key_share": True})
    if key.revoked_at is not None:
        return False
    key.revoked_at = now
    record("accounts.key-revoked", f"key:{key.id}", {"name": key.name, "principal_id": key.principal_id}, now, actor_id)
    return True


def key_shown(header: str, now: datetime) -> ApiKey | None:
    """The key that an ``Authorization`` header shows, if it may be used at ``now``; the day of its use is noted."""
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    key = db.session.scalars(select(ApiKey).where(ApiKey.secret_hash == hash_of(secret.strip()))).one_or_none()
    if key is None or not key.is_valid(now):
        return None
    if key.last_used_on != now.date():
        key.last_used_on = now.date()
    return key


def current_key() -> ApiKey | None:
    """The key that opened the view of this request, if one did."""
    return g.get("api_key") if has_request_context() else None


def keys() -> list[ApiKey]:
    """All keys, the newest first."""
    return list(db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc())))


def hash_of(secret: str) -> str:
    """SHA-256 in hexadecimal: enough for a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
