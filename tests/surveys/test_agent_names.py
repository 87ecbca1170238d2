from sqlalchemy import select

from contacts.models import Agent
from contacts.services.agents import erase_first_name
from foundation.database import db
from surveys.queries.interviews import interviews_of
from surveys.services.desk import facts_of
from surveys.services.messages import told_of
from tests.surveys.factories import (
    NOW,
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)


def named(invitation) -> set[str]:
    """What the invitation, and what the interview says the agent is called."""
    about = told_of([invitation])[invitation.contact_id]
    said = about.facts("fr", names_agent=True)["agent"]
    assert about.facts("fr", names_agent=False)["agent"] == ""
    return {said, facts_of(interviews_of([invitation.id])[invitation.id], "fr")["agent"]}


def test_a_text_calls_the_agent_by_the_first_name_kept_until_it_is_erased(app):
    principal, other, site = create_principal(), create_principal(), create_site()
    create_contacts(principal, [site], 4, agent="A-NY34-TEN8")
    for one, name in ((other, "Paul"), (principal, "Marie")):
        agent = Agent(principal_id=one.id, pseudonym="A-NY34-TEN8", first_name=name, created_at=NOW)
        db.session.add(agent)
    create_period(principal)
    invitation = invitations_of(create_draw(create_programme_of(principal, sample_size=2, names_agent=True)))[0]
    assert named(invitation) == {"Marie"}
    erase_first_name(db.session.scalars(select(Agent.id).filter_by(first_name="Marie")).one(), NOW)
    assert named(invitation) == {""}


def test_a_pseudonym_is_never_said_to_a_customer(app):
    principal, site = create_principal(), create_site()
    create_contacts(principal, [site], 4, agent="A-NY34-TEN8")
    create_period(principal)
    invitation = invitations_of(create_draw(create_programme_of(principal, sample_size=2, names_agent=True)))[0]
    assert named(invitation) == {""}
