"""How many SQL statements a request costs, told in a header of its answer."""

import threading
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

HEADER = "X-Statements"
# They open a transaction or a connection, which is the driver's or the pool's doing.
NOT_COUNTED = ("BEGIN", "PRAGMA")
_request = threading.local()


def counted(app: Flask) -> Flask:
    """Add the header to every answer of ``app``; a request has its thread for itself."""
    event.listen(Engine, "before_cursor_execute", _count)
    serve = app.wsgi_app

    def serve_counted(environ: Any, start_response: Any) -> Any:
        _request.statements = 0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (HEADER, str(_request.statements))], *rest)

        return serve(environ, start)

    app.wsgi_app = serve_counted  # type: ignore[method-assign]
    return app


def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith(NOT_COUNTED):
        _request.statements = getattr(_request, "statements", 0) + 1
