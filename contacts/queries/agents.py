"""Agents, by their pseudonyms."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, and_, func, select

from contacts.models import Agent, Contact
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db


def agent_first_name(principal_id: int, pseudonym: str) -> str:
    """The first name a text may use of this agent; empty where the log may not name its agents, or it was erased."""
    return first_names(principal_id, {pseudonym}).get(pseudonym, "")


def first_names(principal_id: int, pseudonyms: Collection[str]) -> dict[str, str]:
    """The first names that texts may use of these agents of one principal, by pseudonym."""
    wanted = {one for one in pseudonyms if one}
    if not wanted:
        return {}
    named = select(Agent.pseudonym, Agent.first_name).where(
        Agent.principal_id == principal_id, Agent.pseudonym.in_(wanted), Agent.first_name != ""
    )
    return {row.pseudonym: row.first_name for row in db.session.execute(named)}


def agents_page(principal_id: int, scope: Scope, page: int, size: int) -> list[Row[Any]]:
    """One page (from 1) of (agent, contacts), by pseudonym, and one more row if there are more.

    Counts and nothing else: nothing by which agents could be ranked. Of whoever sees only some sites, those who
    handled contacts there.
    """
    handled = and_(Contact.principal_id == Agent.principal_id, Contact.agent == Agent.pseudonym)
    statement = (
        select(Agent, func.count(Contact.id))
        .join(Contact, handled, isouter=scope.site_ids is None)
        .where(Agent.principal_id == principal_id)
        .group_by(Agent.id)
        .order_by(Agent.pseudonym)
        .offset((page - 1) * size)
        .limit(size + 1)
    )
    return list(db.session.execute(scoped(statement, scope, Agent.principal_id, Contact.site_id)))


def agent_seen(agent_id: int, scope: Scope) -> Agent | None:
    """The agent, if ``scope`` sees the principal."""
    statement = scoped(select(Agent), scope, principal=Agent.principal_id)
    return db.session.scalars(statement.where(Agent.id == agent_id)).one_or_none()
