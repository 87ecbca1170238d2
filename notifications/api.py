"""What Twilio calls: an incoming SMS, and news of one we sent. Only what it signed is let in."""

from contextlib import suppress
from typing import Any

import structlog
from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from foundation.accounts.security import csrf
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from notifications import inbound, services
from notifications.dispatcher import receipts
from notifications.states import UNKNOWN
from notifications.twilio_codes import state_of
from notifications.twilio_sms import is_genuine

log = structlog.get_logger()
bp = Blueprint("twilio", __name__, url_prefix="/webhooks/twilio")
csrf.exempt(bp)
MOST_MEDIA = 10
# An empty answer in Twilio's language: whatever we say goes through the outbox.
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@bp.before_request
def only_twilio() -> None:
    """Refuse what is not signed with one of our tokens; without a token configured nothing is let in."""
    config = current_app.config
    query = request.query_string.decode()
    url = config["PUBLIC_URL"] + request.path + (f"?{query}" if query else "")
    genuine = is_genuine(
        [config["TWILIO_AUTH_TOKEN"], config["TWILIO_AUTH_TOKEN_PREVIOUS"]],
        url,
        request.form,
        request.headers.get("X-Twilio-Signature", ""),
        request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
    )
    if not genuine:
        log.warning("a webhook without a valid signature was refused", path=request.path)
        _count_refusal()
        abort(403)


@bp.errorhandler(OperationalError)
@bp.errorhandler(InterfaceError)
@bp.errorhandler(NoConnectionFree)
def database_away(error: Exception) -> Any:
    """Say that it can be sent again: nothing, or nothing twice, was kept of it."""
    db.session.rollback()
    log.error("a webhook came while the database was away", path=request.path, error=type(error).__name__)
    return "", 503, {"Retry-After": "2"}


@bp.post("/inbound")
@public("only_twilio checks the signature")
def incoming() -> Response:
    """Keep and route an SMS."""
    inbound.receive(
        provider_id=_field("MessageSid"),
        sender=_field("From"),
        recipient=_field("To"),
        body=request.form.get("Body", ""),
        provider_keyword=request.form.get("OptOutType", "")[:10].upper() or None,
        attachments=_media(),
        now=utc_now(),
    )
    return Response(NOTHING_TO_SAY, mimetype="text/xml")


@bp.post("/status")
@public("only_twilio checks the signature")
def status() -> Any:
    """Keep and apply news of a message; a status we do not know is kept and changes nothing."""
    said, code, now = _field("MessageStatus"), request.form.get("ErrorCode") or None, utc_now()
    state = state_of(said)
    if state is None:
        log.warning("a status nobody knows", status=said)
        state, code = UNKNOWN, said[:80]
    receipts.store(_field("MessageSid"), state, now, code, request.args.get("id") or None)
    db.session.commit()
    receipts.apply_waiting(now)
    db.session.commit()
    return "", 204


def _count_refusal() -> None:
    with suppress(SQLAlchemyError):
        services.count_refusal(request.path, utc_now())
        db.session.commit()
        return
    db.session.rollback()


def _media() -> list[dict[str, Any]]:
    """Return what came with an MMS: media type and where the provider keeps it."""
    number = request.form.get("NumMedia", "0")
    found = [
        {"type": request.form.get(f"MediaContentType{index}", ""), "url": request.form.get(f"MediaUrl{index}", "")}
        for index in range(min(int(number), MOST_MEDIA) if number.isdigit() else 0)
    ]
    return [media for media in found if media["url"]]


def _field(name: str) -> str:
    """Return a field that Twilio always sends; without it the request is refused."""
    return request.form.get(name) or abort(400)
