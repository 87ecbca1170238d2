"""Sending the invitations of a draw: into the outbox, in small pieces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contacts.models import Contact, Principal, Site
from contacts.queries import held, held_contacts
from foundation.database import db
from notifications.places import Place, place_of
from notifications.queries.texts import in_force
from notifications.queries.windows import choices, current
from notifications.services import enqueue_many, opt_out_link
from notifications.texts import Wordings, fill
from surveys import sms_texts, tokens
from surveys.eligibility import Address
from surveys.email_texts import invitation_email
from surveys.models import Draw, Invitation, ProgrammeVersion
from surveys.queries.population import addresses
from surveys.questionnaires import CompiledVersion, compile_version
from surveys.refusals import SurveyRefused
from surveys.services.invitations import locked_many, move, move_many

MESSAGES_IN_A_PIECE = 100


@dataclass(frozen=True)
class _Sending:
    """What the messages of one piece have in common."""

    terms: ProgrammeVersion
    principal: Principal
    version: CompiledVersion
    wordings: Wordings
    window: Mapping[str, Any] | None
    emails_wait: bool
    secret: str
    public_url: str
    now: datetime


def send_invitations(draw_id: int, secret: str, public_url: str, now: datetime) -> Iterator[None]:
    """Queue a message for each drawn customer who may still be asked. Yields after each piece; the caller commits.

    Who has been put on hold or has opted out since the draw is not written to, and the reason is kept. Doing it again
    sends nothing twice. Raises SurveyRefused ``not-drawn`` or ``nothing-to-send``.
    """
    draw = db.session.get_one(Draw, draw_id)
    if draw.state != "drawn":
        raise SurveyRefused("not-drawn", draw_id=draw_id)
    if not draw.terms.uses_addresses:
        raise SurveyRefused("nothing-to-send", draw_id=draw_id)
    while some := _waiting(draw_id):
        _queue(_sending(db.session.get_one(Draw, draw_id), secret, public_url, now), some)
        yield


def _sending(draw: Draw, secret: str, public_url: str, now: datetime) -> _Sending:
    terms = draw.terms
    version = compile_version(terms.version.definition, terms.low_score)
    principal = db.session.get_one(Principal, draw.principal_id)
    window = current(terms.sending_window, principal.id)
    emails_wait = choices(principal.id)["survey"].emails
    return _Sending(terms, principal, version, in_force(), window, emails_wait, secret, public_url, now)


def _waiting(draw_id: int) -> Sequence[int]:
    waiting = select(Invitation.id).filter_by(draw_id=draw_id, disposition="drawn")
    return db.session.scalars(waiting.order_by(Invitation.id).limit(MESSAGES_IN_A_PIECE)).all()


def _queue(sending: _Sending, ids: Sequence[int]) -> None:
    invitations = [invitation for invitation in locked_many(ids) if invitation.disposition == "drawn"]
    customers = [invitation.customer_id for invitation in invitations if invitation.customer_id is not None]
    where, on_hold = addresses(sending.terms, sending.principal.id, customers), held(customers, sending.now)
    calls_on_hold = held_contacts([invitation.contact_id for invitation in invitations], sending.now)
    told = _told_of(invitations)
    invited: list[Invitation] = []
    messages: list[dict[str, Any]] = []
    for invitation in invitations:
        customer_id = invitation.customer_id or 0
        hold = on_hold.get(customer_id) or calls_on_hold.get(invitation.contact_id)
        address = f"hold-{hold}" if hold else where.get(customer_id, "no-address")
        if isinstance(address, str):
            move(invitation, "not_sent", sending.now, address)
        else:
            invited.append(invitation)
            messages.append(_message(sending, invitation, address, told[invitation.contact_id]))
    enqueue_many(messages, sending.now)
    move_many(invited, "queued", sending.now)


def _told_of(invitations: Sequence[Invitation]) -> dict[int, tuple[Contact, date]]:
    """The contacts that invitations are about, each with its day where it took place."""
    contacts = select(Contact, Site.zone).join(Site, Site.id == Contact.site_id)
    found = db.session.execute(contacts.where(Contact.id.in_({one.contact_id for one in invitations})))
    return {contact.id: (contact, contact.started_at.astimezone(ZoneInfo(zone)).date()) for contact, zone in found}


def _message(
    sending: _Sending, invitation: Invitation, address: Address, about: tuple[Contact, date]
) -> dict[str, Any]:
    """Give an invitation its link, and return the message that brings it."""
    principal = sending.principal
    token = tokens.derive(sending.secret, invitation.id, invitation.token_issue)
    invitation.token_hash = tokens.token_hash(token)
    invitation.expires_at = sending.now + timedelta(days=sending.terms.validity_days)
    language = sending.version.speaks(invitation.language or principal.language)
    contact, day = about
    phrase = sms_texts.contact_phrase(contact.channel, contact.direction, day, contact.reason, language)
    words = _sms if address.channel == "sms" else _email
    lives = _home(sending, invitation, address)
    return {
        **words(sending, invitation, address, phrase, f"{sending.public_url}/s/{token}", language),
        "channel": address.channel,
        "recipient": address.recipient,
        "purpose": "survey",
        "business_key": f"invitation:{invitation.id}:{invitation.token_issue}",
        "principal_id": principal.id,
        "site_id": invitation.site_id,
        "subject_key": f"invitation:{invitation.id}",
        "language": language,
        "zone": lives.zone,
        "region": lives.region,
        "expires_at": invitation.expires_at,
        "window": sending.window if address.channel == "sms" or sending.emails_wait else None,
        "secrets": [token],
        "quoted": [phrase],
    }


def _home(sending: _Sending, invitation: Invitation, address: Address) -> Place:
    """Where the number rings, else in the principal's zone, with the holidays of a site that is there too."""
    zone, site = sending.principal.zone, db.session.get_one(Site, invitation.site_id)
    return place_of(address.recipient, zone, site.holiday_region if site.zone == zone else "")


def _sms(
    sending: _Sending, invitation: Invitation, _address: Address, contact: str, link: str, language: str
) -> dict[str, Any]:
    principal = sending.principal
    said = sms_texts.invitation(
        sending.version,
        principal.brand,
        contact,
        link,
        language,
        invitation.collection,
        sending.wordings,
        seed=invitation.public_id,
    )
    return {
        "body": said.body,
        "text_id": said.version_id,
        "sender": principal.sms_sender,
        "brand": principal.brand,
    }


def _email(
    sending: _Sending, invitation: Invitation, address: Address, contact: str, link: str, language: str
) -> dict[str, Any]:
    principal = sending.principal
    stop = opt_out_link(
        address.recipient,
        principal.id,
        sending.now,
        public_url=sending.public_url,
        brand=principal.brand,
        language=language,
    )
    days, title = sending.terms.validity_days, fill(sending.version.title[language], brand=principal.brand)
    said = invitation_email(principal.brand, contact, link, stop, days, language, title, sending.wordings)
    return {
        "body": said.body,
        "subject": said.subject,
        "text_id": said.version_id,
        "sender": principal.reply_email,
        "brand": principal.brand,
    }
