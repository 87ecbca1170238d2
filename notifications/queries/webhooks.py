"""What was refused at the provider's door."""

from datetime import date

from sqlalchemy import func, select

from foundation.database import db
from notifications.models import WebhookRefusal


def refusals_since(day: date) -> int:
    """Return how many requests without a valid signature came on ``day`` (UTC) and after."""
    return db.session.scalar(select(func.sum(WebhookRefusal.count)).where(WebhookRefusal.day >= day)) or 0
