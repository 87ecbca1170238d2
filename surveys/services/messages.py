"""The messages that ask: an invitation, and a reminder of it. Each brings the same link, derived again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from contacts.models import Agent, Contact, Principal, Site
from foundation.database import db
from notifications.places import Place, place_of
from notifications.queries.texts import in_force
from notifications.queries.windows import choices, current
from notifications.services import opt_out_link
from notifications.texts import Template, Wordings, fill
from surveys import sms_texts, tokens
from surveys.eligibility import Address
from surveys.email_texts import email
from surveys.models import Invitation, ProgrammeVersion
from surveys.questionnaires import CompiledVersion, compile_version


@dataclass(frozen=True)
class Sending:
    """What the messages of one draw have in common."""

    terms: ProgrammeVersion
    principal: Principal
    version: CompiledVersion
    wordings: Wordings
    window: Mapping[str, Any] | None
    emails_wait: bool
    secret: str
    public_url: str
    now: datetime


@dataclass(frozen=True)
class About:
    """The contact that a message is about, and the name of its place and the day there."""

    contact: Contact
    site: str
    day: date
    #: The first name of the agent, where their log may name them.
    agent: str

    def phrase(self, language: str) -> str:
        contact = self.contact
        return sms_texts.contact_phrase(contact.channel, contact.direction, self.day, contact.reason, language)

    def facts(self, language: str, names_agent: bool) -> dict[str, str]:
        """What a text may say of it."""
        contact = self.contact
        agent = self.agent if names_agent else ""
        said = (contact.channel, contact.direction, self.day, contact.reason, agent, language)
        return sms_texts.facts(self.site, *said)


def sending_of(terms: ProgrammeVersion, principal_id: int, secret: str, public_url: str, now: datetime) -> Sending:
    """What messages under these terms have in common at ``now``."""
    version = compile_version(terms.version.definition, terms.low_score)
    principal = db.session.get_one(Principal, principal_id)
    window = current(terms.sending_window, principal.id)
    emails_wait = choices(principal.id)["survey"].emails
    return Sending(terms, principal, version, in_force(), window, emails_wait, secret, public_url, now)


def told_of(invitations: Sequence[Invitation]) -> dict[int, About]:
    """The contact that each invitation is about, by its id."""
    agents = and_(Agent.principal_id == Contact.principal_id, Agent.pseudonym == Contact.agent)
    contacts = (
        select(Contact, Site.zone, Site.name, func.coalesce(Agent.first_name, ""))
        .join(Site, Site.id == Contact.site_id)
        .outerjoin(Agent, agents)
    )
    found = db.session.execute(contacts.where(Contact.id.in_({one.contact_id for one in invitations})))
    return {
        contact.id: About(contact, site, contact.started_at.astimezone(ZoneInfo(zone)).date(), agent)
        for contact, zone, site, agent in found
    }


def invite(sending: Sending, invitation: Invitation, address: Address, about: About) -> dict[str, Any]:
    """Give an invitation its link and its time, and return the message that brings it.

    Not before the delay of the terms has passed since the contact; from then on the link is open for their days.
    """
    earliest = max(sending.now, about.contact.started_at + timedelta(hours=sending.terms.send_delay_hours))
    invitation.expires_at = earliest + timedelta(days=sending.terms.validity_days)
    token = tokens.derive(sending.secret, invitation.id, invitation.token_issue)
    invitation.token_hash = tokens.token_hash(token)
    language = sending.version.speaks(invitation.language or sending.principal.language)
    phrase, link = about.phrase(language), f"{sending.public_url}/s/{token}"
    said: Template
    if address.channel == "sms":
        said = sms_texts.invitation(
            sending.version,
            sending.principal.brand,
            phrase,
            link,
            language,
            invitation.collection,
            sending.wordings,
            about.facts(language, sending.terms.names_agent),
            invitation.public_id,
        )
    else:
        days, title = sending.terms.validity_days, _title(sending, language)
        stop = _stop(sending, address, language)
        said = email(
            "invitation_web", sending.principal.brand, phrase, link, stop, days, language, title, sending.wordings
        )
    key = f"invitation:{invitation.id}:{invitation.token_issue}"
    shared = _shared(sending, invitation, address, language, said, [token], phrase)
    return shared | {"purpose": "survey", "business_key": key, "not_before": earliest}


def remind(
    sending: Sending, invitation: Invitation, address: Address, about: About, language: str, question: str
) -> dict[str, Any]:
    """The next reminder of an invitation that went out, with the link it has; it is counted on the invitation.

    ``question`` is what an interview by SMS stands at; without one the link alone is brought again.
    """
    invitation.reminders += 1
    invitation.reminded_at = sending.now
    token = tokens.derive(sending.secret, invitation.id, invitation.token_issue)
    phrase, link = about.phrase(language), f"{sending.public_url}/s/{token}"
    said: Template
    if address.channel == "sms":
        brand = sending.principal.brand
        said = sms_texts.reminder(sending.version, brand, phrase, link, language, question, sending.wordings)
    else:
        days = max(1, ((invitation.expires_at or sending.now) - sending.now).days)
        stop, title = _stop(sending, address, language), _title(sending, language)
        said = email(
            "reminder_web", sending.principal.brand, phrase, link, stop, days, language, title, sending.wordings
        )
    key = f"invitation:{invitation.id}:reminder:{invitation.reminders}"
    shared = _shared(sending, invitation, address, language, said, [token], phrase)
    return shared | {"purpose": "reminder", "business_key": key}


def _shared(
    sending: Sending,
    invitation: Invitation,
    address: Address,
    language: str,
    said: Template,
    secrets: list[str],
    phrase: str,
) -> dict[str, Any]:
    principal, lives = sending.principal, _home(sending, invitation, address)
    by_sms = address.channel == "sms"
    return {
        "body": said.body,
        "subject": "" if by_sms else said.subject,
        "text_id": said.version_id,
        "sender": principal.sms_sender if by_sms else principal.reply_email,
        "brand": principal.brand,
        "channel": address.channel,
        "recipient": address.recipient,
        "principal_id": principal.id,
        "site_id": invitation.site_id,
        "subject_key": f"invitation:{invitation.id}",
        "language": language,
        "zone": lives.zone,
        "region": lives.region,
        "expires_at": invitation.expires_at,
        "window": sending.window if by_sms or sending.emails_wait else None,
        "secrets": secrets,
        "quoted": [phrase],
    }


def _home(sending: Sending, invitation: Invitation, address: Address) -> Place:
    """Where the number rings, else in the principal's zone, with the holidays of a site that is there too."""
    zone, site = sending.principal.zone, db.session.get_one(Site, invitation.site_id)
    return place_of(address.recipient, zone, site.holiday_region if site.zone == zone else "")


def _title(sending: Sending, language: str) -> str:
    return fill(sending.version.title[language], brand=sending.principal.brand)


def _stop(sending: Sending, address: Address, language: str) -> str:
    principal = sending.principal
    return opt_out_link(
        address.recipient,
        principal.id,
        sending.now,
        public_url=sending.public_url,
        brand=principal.brand,
        language=language,
    )
