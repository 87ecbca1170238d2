"""What may be asked about staff, and the one function that narrows a query to what somebody may see."""

from typing import Any, TypeVar

from flask_login import current_user
from sqlalchemy import Select, or_, select

from foundation.accounts.keys import current_key
from foundation.accounts.models import User
from foundation.accounts.scope import Scope
from foundation.database import db

Rows = TypeVar("Rows", bound=Select[Any])
NOTHING = Scope(frozenset(), frozenset())


def scoped(statement: Rows, scope: Scope, principal: Any = None, site: Any = None) -> Rows:
    """Narrow ``statement`` to what ``scope`` sees, by the columns that hold principal and site ids.

    Rows without a site are kept for everyone who sees their principal.
    """
    if principal is not None and scope.principal_ids is not None:
        statement = statement.where(principal.in_(scope.principal_ids))
    if site is not None and scope.site_ids is not None:
        statement = statement.where(or_(site.in_(scope.site_ids), site.is_(None)))
    return statement


def current_scope() -> Scope:
    """Return the scope of whoever is signed in, or of the key that was shown; nothing for a stranger."""
    if key := current_key():
        return key.scope
    return current_user.scope if current_user.is_authenticated else NOTHING


def current_permissions() -> frozenset[str]:
    """Return the permissions of whoever is signed in, or of the key that was shown; none for a stranger."""
    if key := current_key():
        return frozenset(key.permissions)
    return current_user.permissions if current_user.is_authenticated else frozenset()


def users() -> list[User]:
    """Return all staff, by name."""
    return list(db.session.scalars(select(User).order_by(User.name, User.id)))


def user_names(ids: set[int]) -> dict[int, str]:
    """Return the names of staff by id."""
    if not ids:
        return {}
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}


def staff_with(permission: str) -> list[User]:
    """Return the active staff who may do something, by name."""
    return [user for user in users() if user.active and permission in user.permissions]
