"""One page per refusal, in the reader's language, with a reference where something broke."""

import secrets
from typing import Any

import structlog
from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound

log = structlog.get_logger()
KEPT = {"Allow", "Retry-After", "WWW-Authenticate"}
MACHINES = ("/api/", "/webhooks/")


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
        return jsonify(code=error.code, message=error.description or error.name), error.code, _kept(error)
    return (
        render_template("errors/error.html", code=error.code, typed=_to_send_again(error.code)),
        error.code,
        _kept(error),
    )


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
        return jsonify(code=500, reference=reference), 500
    return render_template("errors/error.html", code=500, reference=reference, typed=_to_send_again(500)), 500
