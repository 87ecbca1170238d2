"""Agents, by their pseudonyms."""

from collections.abc import Collection

from sqlalchemy import select

from contacts.models import Agent
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
