"""Whether the process lives and whether it can serve, for whoever watches the installation."""

from typing import Any

from flask import Blueprint, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from foundation.database import db
from foundation.jobs.queries import overdue_since, worker_health
from foundation.web.access import public
from foundation.web.clock import utc_now

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public("it says that the process answers, and nothing else")
def alive() -> Any:
    return jsonify(status="ok")


@bp.get("/readyz")
@public("it says whether the database answers and when the worker was last heard, and nothing of what they hold")
def ready() -> Any:
    """503 when the database does not answer. A silent worker is told, but pages can be served without it.

    Packages add what they know under their own name: ``app.extensions["probes"]``.
    """
    try:
        db.session.execute(text("SELECT 1"))
        worker = _worker()
        probes = {name: probe() for name, probe in current_app.extensions.get("probes", {}).items()}
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="unavailable", database=False), 503
    return jsonify(status="ready", database=True, worker=worker, **probes)


def _worker() -> dict[str, Any]:
    now, health = utc_now(), worker_health()
    waiting = overdue_since(now)
    return {
        "alive": health.lives(now),
        "seconds_since_heard": _seconds(now - health.renewed_at) if health.renewed_at else None,
        "longest_wait_seconds": _seconds(now - waiting) if waiting else 0,
    }


def _seconds(span: Any) -> int:
    return max(0, round(span.total_seconds()))
