"""Sending the invitations of a draw: into the outbox, in small pieces."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contacts.models import Contact, Principal, Site
from contacts.queries import held
from foundation.database import db
from notifications.services import enqueue
from surveys import sms_texts, tokens
from surveys.eligibility import Address
from surveys.models import Draw, Invitation
from surveys.queries.population import addresses
from surveys.questionnaires import CompiledVersion, compile_version
from surveys.refusals import SurveyRefused
from surveys.services.invitations import locked, move

MESSAGES_IN_A_PIECE = 20


def send_invitations(draw_id: int, secret: str, public_url: str, now: datetime) -> Iterator[None]:
    """Queue a message for each drawn customer who may still be asked. Yields after each piece; the caller commits.

    Who has been put on hold or has opted out since the draw is not written to, and the reason is kept. Doing it again
    sends nothing twice. Raises SurveyRefused ``not-drawn`` or ``nothing-to-send``.
    """
    draw = db.session.get_one(Draw, draw_id)
    if draw.state != "drawn":
        raise SurveyRefused("not-drawn", draw_id=draw_id)
    if not draw.programme.uses_addresses:
        raise SurveyRefused("nothing-to-send", draw_id=draw_id)
    while some := _waiting(draw_id):
        _queue(db.session.get_one(Draw, draw_id), some, secret, public_url, now)
        yield


def _waiting(draw_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Invitation.id)
            .filter_by(draw_id=draw_id, disposition="drawn")
            .order_by(Invitation.id)
            .limit(MESSAGES_IN_A_PIECE)
        )
    )


def _queue(draw: Draw, ids: Sequence[int], secret: str, public_url: str, now: datetime) -> None:
    invitations = [invitation for invitation in map(locked, ids) if invitation.disposition == "drawn"]
    customers = [invitation.customer_id for invitation in invitations if invitation.customer_id is not None]
    where, on_hold = addresses(draw.programme, customers), held(customers, now)
    version = compile_version(draw.programme.version.definition, draw.programme.low_score)
    for invitation in invitations:
        address = where.get(invitation.customer_id or 0, "no-address")
        if code := on_hold.get(invitation.customer_id):
            address = f"hold-{code}"
        if isinstance(address, str):
            move(invitation, "not_sent", now, address)
        else:
            _invite(invitation, draw, version, address, secret, public_url, now)


def _invite(
    invitation: Invitation,
    draw: Draw,
    version: CompiledVersion,
    address: Address,
    secret: str,
    public_url: str,
    now: datetime,
) -> None:
    token = tokens.derive(secret, invitation.id, invitation.token_issue)
    invitation.token_hash = tokens.token_hash(token)
    invitation.expires_at = now + timedelta(days=draw.programme.validity_days)
    principal = db.session.get_one(Principal, invitation.principal_id)
    language = version.speaks(invitation.language or principal.language)
    collection = invitation.collection if address.channel == "sms" else "web"
    text = sms_texts.invitation_text(
        version,
        principal.brand,
        _contact_phrase(invitation, language),
        f"{public_url}/s/{token}",
        language,
        collection,
    )
    enqueue(
        channel=address.channel,
        recipient=address.recipient,
        body=text,
        purpose="survey",
        business_key=f"invitation:{invitation.id}:{invitation.token_issue}",
        now=now,
        principal_id=principal.id,
        sender=principal.sms_sender if address.channel == "sms" else principal.reply_email,
        subject=version.title[language] if address.channel == "email" else "",
        subject_key=f"invitation:{invitation.id}",
        language=language,
        zone=principal.zone,
        expires_at=invitation.expires_at,
        window=draw.programme.sending_window,
        secrets=[token],
    )
    move(invitation, "queued", now)


def _contact_phrase(invitation: Invitation, language: str) -> str:
    contact = db.session.get_one(Contact, invitation.contact_id)
    day = contact.started_at.astimezone(ZoneInfo(db.session.get_one(Site, invitation.site_id).zone)).date()
    return sms_texts.contact_phrase(contact.channel, contact.direction, day, contact.reason, language)
