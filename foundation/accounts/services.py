"""What can be done with staff accounts."""

import secrets
from datetime import datetime

from flask_security import hash_password
from sqlalchemy import select

from foundation.accounts.models import User
from foundation.accounts.roles import ROLES
from foundation.database import db


class AccountRefused(Exception):
    """An account that may not be made or changed so. ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def create_user(
    email: str,
    name: str,
    role: str,
    password: str | None,
    now: datetime,
    principal_ids: list[int] | None = None,
    site_ids: list[int] | None = None,
) -> User:
    """Add somebody who may sign in; without a password they set one through "forgotten password".

    Raises AccountRefused with ``unknown-role``, ``principal-missing`` or ``email-taken``.
    """
    _check(role, principal_ids)
    if db.session.scalar(select(User.id).where(User.email == email.lower())):
        raise AccountRefused("email-taken")
    user = User(
        email=email.lower(),
        name=name,
        role=role,
        principal_ids=principal_ids,
        site_ids=site_ids,
        password=hash_password(password or secrets.token_urlsafe(24)),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    return user


def change_user(
    user: User, name: str, role: str, active: bool, principal_ids: list[int] | None, site_ids: list[int] | None
) -> None:
    """Change somebody's role, scope or right to sign in; a change of rights ends their sessions."""
    _check(role, principal_ids)
    before = (user.role, user.active, user.principal_ids, user.site_ids)
    user.name, user.role, user.active = name, role, active
    user.principal_ids, user.site_ids = principal_ids, site_ids
    if before != (user.role, user.active, user.principal_ids, user.site_ids):
        user.fs_uniquifier = secrets.token_hex(32)


def _check(role: str, principal_ids: list[int] | None) -> None:
    """Nobody outside the house sees more than their own: a principal's account names its principal."""
    if role not in ROLES:
        raise AccountRefused("unknown-role")
    if role == "principal" and not principal_ids:
        raise AccountRefused("principal-missing")
