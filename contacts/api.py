"""``/api/v1/contacts``: contacts from programs, one by one or many at once. Sending them again adds nothing."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from flask import request
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnprocessableEntity, UnsupportedMediaType

from contacts import services
from contacts.entries import Fault, ReadRow
from contacts.forms.wording import fault_words
from contacts.mapping import LONGEST_SOURCE
from contacts.services import gates
from contacts.services.recording import ADDED, KNOWN, LATE, TWICE
from contacts.services.submissions import REFUSED, Outcome, record_submitted
from contacts.submitted import USUAL_SOURCE, read_submitted
from contacts.vocabulary import CHANNELS, DIRECTIONS, OUTCOMES
from foundation.accounts.keys import current_key
from foundation.accounts.security import csrf, limiter
from foundation.database import db
from foundation.web.access import for_keys
from foundation.web.api import Refusal, api_blueprint
from foundation.web.clock import utc_now

bp = api_blueprint("contacts-api", "/contacts", "The contact log: what is measured later speaks for these contacts.")
csrf.exempt(bp)  # type: ignore[arg-type]
MOST_ROWS = 10_000
MOST_BYTES = 16 * 1024 * 1024
# On SQLite one writes at a time: others get in between the pieces, and what is committed stays if the rest fails.
ROWS_AT_ONCE = 1000
JSON, NDJSON = "application/json", "application/x-ndjson"
BECAME = (ADDED, LATE, KNOWN, TWICE, REFUSED)
UNREADABLE = object()


def _text(description: str, **given: Any) -> fields.String:
    return fields.String(metadata={"description": description}, **given)


class ContactIn(Schema):
    """One contact, askable or not."""

    source = _text("The log it comes from.", load_default=USUAL_SOURCE, validate=validate.Length(1, LONGEST_SOURCE))
    external_id = _text("Its name in that log.", required=True, validate=validate.Length(1, 200))
    started_at = fields.String(
        required=True,
        metadata={"description": "When it began, with its offset.", "example": "2026-10-05T09:12:58+02:00"},
    )
    ended_at = _text("When it ended, with its offset.")
    site = _text("Key or name of a site.", required=True)
    channel = _text(f"{' '.join(CHANNELS)}, or a French or English word for one.", required=True)
    direction = _text(f"{' '.join(DIRECTIONS)}, or a word for one.", required=True)
    outcome = _text(f"{' '.join(OUTCOMES)}, or a word for one.")
    entry_point = _text("The number, address or queue that was reached.")
    reason = _text("Why it was made.", validate=validate.Length(max=200))
    agent = _text("Who handled it; kept as a pseudonym.", validate=validate.Length(max=200))
    language = _text("Two letters.")
    phone = _text("The customer's number.")
    email = _text("The customer's e-mail address.")
    name = _text("The customer's name.", validate=validate.Length(max=200))
    facts = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "Up to 50 more facts."})


class FaultOut(Schema):
    """What is wrong with, or was left out of, one field."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class ContactOut(Schema):
    """What became of one contact."""

    row = fields.Integer(required=True, metadata={"description": "Its place in what was sent, from 1."})
    source = fields.String(required=True)
    external_id = fields.String(required=True)
    outcome = fields.String(
        required=True,
        validate=validate.OneOf(BECAME),
        metadata={
            "description": "added; late: added after its period was closed; known: there before, left as it is;"
            " twice: another above has its identifier; refused: see faults"
        },
    )
    id = fields.String(allow_none=True, metadata={"description": "Our name for the contact."})
    faults = fields.List(fields.Nested(FaultOut), required=True)
    warnings = fields.List(fields.Nested(FaultOut), required=True)


class BulkOut(Schema):
    """What became of many."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    rows = fields.List(fields.Nested(ContactOut), required=True)


BODY_ONE = {"required": True, "content": {JSON: {"schema": ContactIn}}}
BODY_MANY = {
    "required": True,
    "description": f"Up to {MOST_ROWS} contacts and {MOST_BYTES >> 20} MiB. A row that is refused keeps no other back.",
    "content": {
        JSON: {"schema": {"type": "array", "maxItems": MOST_ROWS, "items": {"type": "object"}}},
        NDJSON: {"schema": {"type": "string"}, "example": '{"external_id": "42", "site": "lyon", …}'},
    },
}


@bp.post("")
@bp.doc(requestBody=BODY_ONE)
@bp.response(201, ContactOut, description="The contact was added.")
@bp.alt_response(200, schema=ContactOut, description="It was there before; nothing was added.")
@bp.alt_response(400, schema=Refusal, description="The body is no JSON.")
@bp.alt_response(401, schema=Refusal, description="No key that may be used was shown.")
@bp.alt_response(403, schema=Refusal, description="The key may not do this.")
@bp.alt_response(413, schema=Refusal, description="The body is too large.")
@bp.alt_response(415, schema=Refusal, description="The body is of another type.")
@bp.alt_response(422, schema=ContactOut, description="It is no contact yet: every fault is named.")
@bp.alt_response(429, schema=Refusal, description="Too many requests.")
@bp.alt_response(503, schema=Refusal, description="Send it again.")
@limiter.limit("1200 per minute")
@for_keys("contacts.write")
def add_contact() -> Any:
    """Add one contact. It is known by its source and external id: sent again, it adds nothing."""
    _refuse_other_types(JSON)
    sent = _loaded(_body())
    (became,) = _record([(1, sent)])
    status = {REFUSED: 422, ADDED: 201, LATE: 201}.get(became.outcome, 200)
    return _shown(became), status


@bp.post("/bulk")
@bp.doc(requestBody=BODY_MANY)
@bp.response(200, BulkOut, description="What became of each row.")
@bp.alt_response(400, schema=Refusal, description="The body is no JSON.")
@bp.alt_response(401, schema=Refusal, description="No key that may be used was shown.")
@bp.alt_response(403, schema=Refusal, description="The key may not do this.")
@bp.alt_response(413, schema=Refusal, description="The body is too large, or has too many rows.")
@bp.alt_response(415, schema=Refusal, description="The body is of another type.")
@bp.alt_response(422, schema=Refusal, description="The body is no array.")
@bp.alt_response(429, schema=Refusal, description="Too many requests.")
@bp.alt_response(503, schema=Refusal, description="Send it again: rows that were written are known then.")
@limiter.limit("120 per minute")
@for_keys("contacts.write")
def add_contacts() -> Any:
    """Add up to 10,000 contacts, as a JSON array or as lines of JSON. Each row is answered with its outcome."""
    _refuse_other_types(JSON, NDJSON)
    objects = _lines(_body()) if request.mimetype == NDJSON else _array(_body())
    if len(objects) > MOST_ROWS:
        raise RequestEntityTooLarge(_("Up to %(most)s rows at once, not %(sent)s.", most=MOST_ROWS, sent=len(objects)))
    became = list(_record(objects))
    counts = Counter(one.outcome for one in became)
    return {"counts": {name: counts[name] for name in BECAME}, "rows": [_shown(one) for one in became]}


def _refuse_other_types(*types: str) -> None:
    if request.mimetype not in types:
        raise UnsupportedMediaType(_("Send one of: %(types)s.", types=", ".join(types)))


def _body() -> bytes:
    request.max_content_length = MOST_BYTES
    return request.get_data(cache=False)


def _loaded(text: bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest(_("This is no JSON: %(reason)s", reason=error)) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value")


def _array(text: bytes) -> list[tuple[int, Any]]:
    rows = _loaded(text)
    if not isinstance(rows, list):
        raise UnprocessableEntity(_("Send an array of contacts."))
    return list(enumerate(rows, start=1))


def _lines(text: bytes) -> list[tuple[int, Any]]:
    """Each line that is not empty, with its number; one that is no JSON is refused like a row that is no contact."""
    return [(number, _line(line)) for number, line in enumerate(text.split(b"\n"), start=1) if line.strip()]


def _line(text: bytes) -> Any:
    try:
        return _loaded(text)
    except BadRequest:
        return UNREADABLE


def _record(objects: Iterable[tuple[int, Any]]) -> Iterator[Outcome]:
    """Write them piece by piece, each committed: what is answered as written is written."""
    key = current_key()
    assert key is not None
    now = utc_now()
    rest = iter(objects)
    while some := list(islice(rest, ROWS_AT_ONCE)):
        # Inside the gate, so that no entry point and no word of a reason is added between reading and writing.
        gates.enter(key.principal_id)
        around = services.surroundings(key.principal_id, key.site_ids, now)
        yield from record_submitted(key.principal_id, list(read_submitted(some, around)), now)
        db.session.commit()


def _shown(became: Outcome) -> dict[str, Any]:
    one = became.submitted
    read = isinstance(one.outcome, ReadRow)
    return {
        "row": one.row,
        "source": one.source,
        "external_id": one.external_id,
        "outcome": became.outcome,
        "id": became.public_id,
        "faults": [] if read else _faults(one.outcome.faults),
        "warnings": _faults(one.outcome.warnings) if read else [],
    }


def _faults(faults: list[Fault]) -> list[dict[str, str]]:
    return [
        {"field": fault.field, "code": fault.code, "message": fault_words([fault.field, fault.code])}
        for fault in faults
    ]
