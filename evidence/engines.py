"""The job that builds a binder."""

from datetime import datetime
from typing import Any

from contacts.models import Principal
from evidence import services
from evidence.models import Binder
from evidence.queries import subject_of
from foundation.database import db, reading
from foundation.jobs.services import report_progress
from foundation.ledger.services import seal_round


def build(payload: dict[str, Any], now: datetime) -> None:
    """Build the binder that was asked for and keep it. Reads from one snapshot, and writes at the end."""

    def told(done: int, total: int) -> None:
        report_progress(payload["job_id"], done, total, now)

    seal_round(now)
    db.session.commit()
    with reading():
        services.one_snapshot()
        binder = db.session.get_one(Binder, payload["binder"])
        principal = db.session.get_one(Principal, binder.principal_id)
        about = subject_of(principal, binder.first_day, binder.last_day, binder.survey_key)
        built = services.compose(about, now, told)
    services.keep(payload["binder"], built, now)
