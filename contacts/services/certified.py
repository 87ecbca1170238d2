"""The certified scope of a site, changed as a whole and known to the ledger."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from contacts.certified import Span, checked
from contacts.models import CertifiedSpan, Site
from contacts.services.parties import PartyRefused
from foundation.database import db
from foundation.ledger import services as ledger


def certify(site: Site, version: int, spans: Sequence[Span], now: datetime, actor_id: int | None = None) -> None:
    """Replace the spans of a site that still is at ``version``. Raises BadSpans and PartyRefused."""
    ordered = checked(spans)
    db.session.refresh(site, with_for_update={"key_share": True})
    if site.version != version:
        raise PartyRefused("changed-meanwhile")
    db.session.execute(delete(CertifiedSpan).where(CertifiedSpan.site_id == site.id))
    db.session.add_all(
        CertifiedSpan(
            site_id=site.id,
            principal_id=span.principal_id,
            first_day=span.first_day,
            last_day=span.last_day,
            created_at=now,
        )
        for span in ordered
    )
    site.version += 1
    ledger.record(
        "contacts.site-certified", f"site:{site.key}", {"spans": [_facts(one) for one in ordered]}, now, actor_id
    )


def _facts(span: Span) -> dict[str, object]:
    last = span.last_day.isoformat() if span.last_day else None
    return {"principal_id": span.principal_id, "first_day": span.first_day.isoformat(), "last_day": last}
