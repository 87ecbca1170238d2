"""The API: one document that says what there is, and one way to be refused."""

from typing import Any

import structlog
from flask import Flask, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import ServiceUnavailable

from foundation.database import db

log = structlog.get_logger()
#: A key that is shown as ``Authorization: Bearer …``.
SECURITY = {"key": {"type": "http", "scheme": "bearer", "description": "A key made on the page of accounts."}}


class Refusal(Schema):
    """Why a request as a whole was refused."""

    code = fields.Integer(required=True, metadata={"description": "The status."})
    message = fields.String(required=True, metadata={"description": "The reason, for people."})


class _Api(Api):
    ERROR_SCHEMA = Refusal

    def _register_error_handlers(self) -> None:
        """Refusals are written by ``foundation.web.errors``, as everywhere."""

    def _register_pagination_header(self, *_anything: Any) -> None:
        """Nothing here comes in pages, so no page is described."""


api = _Api()


def init_api(app: Flask) -> None:
    """Serve the description of the API at ``/api/v1/openapi.json``, for everyone: it holds no data."""
    app.config.update(
        API_TITLE="Satisfecit",
        API_VERSION="1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": SECURITY},
            "security": [{"key": []}],
            "servers": [{"url": app.config["PUBLIC_URL"]}],
        },
    )
    api.init_app(app)


def api_blueprint(name: str, path: str, description: str) -> Blueprint:
    """A part of the API below ``/api/v1``. A database that is busy or away is said as 503: it can be sent again."""
    bp = Blueprint(name, __name__, url_prefix=f"/api/v1{path}", description=description)
    for error in (OperationalError, InterfaceError, NoConnectionFree):
        bp.register_error_handler(error, _database_away)
    return bp


def _database_away(error: Exception) -> Any:
    db.session.rollback()
    log.error("a request of a program came while the database was away", path=request.path, error=type(error).__name__)
    raise ServiceUnavailable(retry_after=2) from error
