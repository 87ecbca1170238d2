"""Telling administrators that messages do not go out."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from foundation.database import db
from foundation.web.i18n import in_each_language
from notifications.alerting import STUCK
from notifications.models import Alert
from notifications.pages import trouble_line
from notifications.queries.troubles import Trouble, troubles
from notifications.services.alerts import NewAlert, raise_alerts

SUBJECT = "dispatcher"
_PATHS = {"silent": "/jobs", "unrouted": "/notifications/inbox", "needs_person": "/notifications/?show=doubt"}


def note_troubles(now: datetime) -> int:
    """Raise one alert for each trouble that has begun and end those that are over; return how many are new.

    A silent worker is none of them: whoever runs this is not silent. The banner and /readyz tell of it.
    """
    found = [trouble for trouble in troubles(now) if trouble.code != "silent"]
    _end_all_but({trouble.code for trouble in found}, now)
    return raise_alerts([_alert(trouble) for trouble in found], now)


def path_of(code: str) -> str:
    """Return the page that shows more of a trouble."""
    return _PATHS.get(code, "/notifications/")


def _end_all_but(codes: set[str], now: datetime) -> None:
    """Free the key of what is over, so that the same trouble next week is another alert."""
    for alert in db.session.scalars(select(Alert).filter_by(kind=STUCK, ended_at=None)):
        if alert.facts["code"] not in codes:
            alert.ended_at, alert.key = now, f"{alert.key}:{alert.id}"
    db.session.flush()


def _alert(trouble: Trouble) -> NewAlert:
    return NewAlert(
        kind=STUCK,
        key=f"stuck:{trouble.code}",
        subject_key=SUBJECT,
        text=in_each_language(partial(trouble_line, trouble)),
        path=path_of(trouble.code),
        facts={"code": trouble.code, "count": trouble.count, "since": trouble.since.isoformat()},
    )
