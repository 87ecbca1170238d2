"""Agents: pseudonyms, and where a log's mapping allows it the first name that texts may use."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db


class Agent(db.Model):
    """Somebody who handles contacts of one principal; what the log calls them is kept nowhere."""

    __tablename__ = "agents"
    __table_args__ = (UniqueConstraint("principal_id", "pseudonym"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: ``contacts.agents.pseudonym``; the same as in ``contacts.agent``.
    pseudonym: Mapped[str] = mapped_column(String(20))
    #: For texts to customers, only where a mapping says that agents may be named; erasable.
    first_name: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Since then no log gives a first name again.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
