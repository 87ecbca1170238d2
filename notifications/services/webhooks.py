"""Counting what was refused at the provider's door."""

from datetime import datetime

from sqlalchemy import update

from foundation.database import db, insert_if_absent
from notifications.models import WebhookRefusal


def count_refusal(path: str, now: datetime) -> None:
    """Count one refused request to ``path``; the caller commits. Many of them mean a wrong token or public address."""
    day = {"day": now.date(), "path": path}
    insert_if_absent(WebhookRefusal, [{**day, "count": 0}], ["day", "path"])
    counted = update(WebhookRefusal).filter_by(**day).values(count=WebhookRefusal.count + 1)
    db.session.execute(counted, execution_options={"synchronize_session": False})
