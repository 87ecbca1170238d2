"""Principals and sites, for lists and choices."""

from sqlalchemy import func, select

from contacts.models import Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db

Choices = list[tuple[int, str]]


def principals(scope: Scope = EVERYTHING) -> list[Principal]:
    """The principals ``scope`` sees, by name."""
    return list(db.session.scalars(scoped(select(Principal), scope, principal=Principal.id).order_by(Principal.name)))


def sites(scope: Scope = EVERYTHING) -> list[Site]:
    """The sites ``scope`` sees, by name."""
    return list(db.session.scalars(scoped(select(Site), scope, site=Site.id).order_by(Site.name)))


def principal_by_key(key: str) -> Principal | None:
    return db.session.scalars(select(Principal).where(Principal.key == key)).one_or_none()


def sender_owners(sender: str, channel: str) -> list[int]:
    """The ids of the principals who send from ``sender``, a number or an address; "" finds those with none."""
    own = Principal.sms_sender if channel == "sms" else Principal.reply_email
    return list(db.session.scalars(select(Principal.id).where(func.lower(own) == sender.lower())))


def principal_of(principal_id: int | None) -> Principal | None:
    """The principal of that id, for pages of packages that know it by id only."""
    return db.session.get(Principal, principal_id) if principal_id is not None else None


def sharing_sender(principal: Principal) -> list[Principal]:
    """The other principals whose text messages leave from the same sender: a STOP to it reaches them too."""
    same = func.lower(Principal.sms_sender) == principal.sms_sender.lower()
    others = select(Principal).where(same, Principal.id != principal.id).order_by(Principal.name)
    return list(db.session.scalars(others))


def principal_keys(scope: Scope = EVERYTHING) -> list[tuple[int, str, str]]:
    """The principals ``scope`` sees as (id, key, name), by name, for packages that know them by id only."""
    return [(row.id, row.key, row.name) for row in principals(scope)]


def scope_choices() -> tuple[Choices, Choices]:
    """Every principal and site as (id, name), for whoever grants access to them."""
    return [(row.id, row.name) for row in principals()], [(row.id, row.name) for row in sites()]
