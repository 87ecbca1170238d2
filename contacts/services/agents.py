"""The agents of a log, kept under their pseudonyms; and a first name erased."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from contacts.agents import NOBODY
from contacts.agents import Agent as Named
from contacts.models import Agent
from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger
from foundation.many import any_of


def keep_agents(principal_id: int, agents: Iterable[Named], now: datetime) -> None:
    """Write down those not known yet; a first name is added where none is known and none was erased."""
    met = set(agents) - {NOBODY}
    known = {
        row.pseudonym: bool(row.first_name or row.erased_at)
        for row in db.session.execute(
            select(Agent.pseudonym, Agent.first_name, Agent.erased_at).where(
                Agent.principal_id == principal_id, any_of(Agent.pseudonym, "pseudonyms")
            ),
            {"pseudonyms": [agent.pseudonym for agent in met]},
        )
    }
    new = sorted({agent.pseudonym for agent in met} - known.keys())
    shared = {"principal_id": principal_id, "first_name": "", "created_at": now}
    insert_if_absent(Agent, [{**shared, "pseudonym": one} for one in new], conflict=["principal_id", "pseudonym"])
    for agent in sorted(met, key=lambda agent: agent.first_name):
        if agent.first_name and not known.get(agent.pseudonym):
            _name(principal_id, agent)


def _name(principal_id: int, agent: Named) -> None:
    unnamed = update(Agent).where(
        Agent.principal_id == principal_id,
        Agent.pseudonym == agent.pseudonym,
        Agent.first_name == "",
        Agent.erased_at.is_(None),
    )
    db.session.execute(unnamed.values(first_name=agent.first_name))


def erase_first_name(agent_id: int, now: datetime, actor_id: int | None = None) -> bool:
    """Forget the first name of an agent for good, whatever later logs say; False if that was done before."""
    agent = db.session.scalars(select(Agent).where(Agent.id == agent_id).with_for_update()).one()
    if agent.erased_at is not None:
        return False
    agent.first_name, agent.erased_at = "", now
    facts = {"agent": agent.pseudonym}
    subject = f"agent:{agent.pseudonym}"
    ledger.record("contacts.agent-name-erased", subject, facts, now, actor_id, principal_id=agent.principal_id)
    return True
