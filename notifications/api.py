"""What Twilio calls: an incoming SMS, and news of one we sent. Only what it signed is let in."""

from typing import Any

import structlog
from flask import Blueprint, Response, abort, current_app, request

from foundation.accounts.security import csrf
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from notifications import inbound
from notifications.dispatcher import receipts
from notifications.twilio_codes import state_of
from notifications.twilio_sms import is_genuine

log = structlog.get_logger()
bp = Blueprint("twilio", __name__, url_prefix="/webhooks/twilio")
csrf.exempt(bp)
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
        abort(403)


@bp.post("/inbound")
@public("only_twilio checks the signature")
def incoming() -> Response:
    """Keep and route an SMS."""
    inbound.receive(
        provider_id=_field("MessageSid"),
        sender=_field("From"),
        recipient=_field("To"),
        body=request.form.get("Body", ""),
        provider_keyword=request.form.get("OptOutType") or None,
        now=utc_now(),
    )
    return Response(NOTHING_TO_SAY, mimetype="text/xml")


@bp.post("/status")
@public("only_twilio checks the signature")
def status() -> Any:
    """Keep and apply news of a message; a status we do not know is kept out and said in the log."""
    state = state_of(_field("MessageStatus"))
    if state is None:
        log.warning("a status nobody knows", status=request.form["MessageStatus"])
        return "", 204
    now = utc_now()
    receipts.store(
        _field("MessageSid"), state, now, request.form.get("ErrorCode") or None, request.args.get("id") or None
    )
    db.session.commit()
    receipts.apply_waiting(now)
    db.session.commit()
    return "", 204


def _field(name: str) -> str:
    """Return a field that Twilio always sends; without it the request is refused."""
    return request.form.get(name) or abort(400)
