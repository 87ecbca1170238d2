"""One page per refusal, in the reader's language, with a reference where something broke."""

import secrets
from typing import Any

import structlog
from flask import Flask, jsonify, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound

log = structlog.get_logger()
KEPT = {"Allow", "Retry-After", "WWW-Authenticate"}
MACHINES = ("/api/", "/webhooks/")
#: What programs are told where nothing more exact was said: the library has English for it alone.
USUAL = {
    400: _l("This request cannot be read."),
    401: _l("A key is needed."),
    403: _l("This is not permitted."),
    404: _l("There is nothing at this address."),
    405: _l("This address does not take such a request."),
    413: _l("This is too much at once."),
    415: _l("Content of this type is not taken."),
    422: _l("This content cannot be taken."),
    429: _l("Too many requests: wait before you send more."),
    500: _l("Something broke here. It was noted; you may send it again."),
    503: _l("This is away for a moment: send it again."),
}


def init_errors(app: Flask) -> None:
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(OverflowError, _too_large)
    app.register_error_handler(Exception, _broken)


def _expired(error: CSRFError) -> Any:
    """Show what was typed once more, with a fresh token; not to a request that another site made."""
    return render_template("errors/expired.html", typed=_typed(), files=bool(request.files)), 400


def _typed() -> list[tuple[str, str]]:
    """Return what may be shown again: no page ever holds a password, nor what another site sent."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return []
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name != "csrf_token" and "password" not in name]


def _to_send_again(code: int) -> list[tuple[str, str]]:
    """What was typed, where sending it once more later may succeed; a password is better typed anew with its page."""
    may_succeed = code in {429, 500} and request.method == "POST"
    return _typed() if may_succeed and not any("password" in name for name in request.form) else []


def _refused(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if request.path.startswith(MACHINES):
        return jsonify(code=error.code, message=_reason(error)), error.code, _kept(error)
    return (
        render_template("errors/error.html", code=error.code, typed=_to_send_again(error.code)),
        error.code,
        _kept(error),
    )


def _reason(error: HTTPException) -> str:
    """What was said of this refusal, else the usual words for its status, in the reader's language."""
    said = error.description
    is_own = said is not None and said != type(error).description
    return str(said if is_own else USUAL.get(error.code or 0, error.name))


def _too_large(error: OverflowError) -> Any:
    """A number that SQLite cannot even look up names nothing there is; logged, as it may be a fault of ours."""
    log.warning("a number is too large", endpoint=request.endpoint, exc_info=error)
    return _refused(NotFound())


def _kept(error: HTTPException) -> list[tuple[str, str]]:
    return [(name, value) for name, value in error.get_headers() if name in KEPT]


def _broken(error: Exception) -> Any:
    reference = secrets.token_hex(4)
    log.error("request failed", reference=reference, endpoint=request.endpoint, exc_info=error)
    if request.path.startswith(MACHINES):
        return jsonify(code=500, message=str(USUAL[500]), reference=reference), 500
    return render_template("errors/error.html", code=500, reference=reference, typed=_to_send_again(500)), 500
