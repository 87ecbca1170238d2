"""The staff of the demo centre's largest site were told that figures of each of them are drawn up."""

from datetime import timedelta

from sqlalchemy import select

from contacts.models import Site
from foundation.accounts.models import User
from foundation.database import db
from foundation.web import clock
from satisfaction.services.agents import record_notice

TITLE = "information of staff"


def inform_staff() -> None:
    """Record it for the first site, long enough before the month that is surveyed."""
    now = clock.utc_now()
    site = db.session.scalars(select(Site).order_by(Site.id)).first()
    lead = db.session.scalars(select(User).filter_by(role="quality").order_by(User.id)).one()
    assert site is not None
    told = now.date() - timedelta(days=90)
    record_notice(site.id, told, "Lettre à chaque conseiller ; CSE consulté avant", lead.id, now)
