"""Staff, as Flask-Security needs them, and the keys of programs."""

from datetime import date, datetime

from flask_security import UserMixin
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.accounts.roles import ROLES, permissions_of
from foundation.accounts.scope import Scope
from foundation.database import Model, UTCDateTime, one_of


class User(Model, UserMixin):
    """Somebody who signs in. Site and principal ids are plain values: accounts know nothing above them."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    principal_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # None: all of them
    site_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changing it ends every session of the person.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    roles = ()  # Flask-Security's own roles are not used: one role a person, in ``role``

    @property
    def permissions(self) -> frozenset[str]:
        return permissions_of(self.role)

    @property
    def scope(self) -> Scope:
        return Scope(_ids(self.principal_ids), _ids(self.site_ids))


class ApiKey(Model):
    """What a program shows to be let in: it acts for one principal, and may do little. Its secret is kept nowhere."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: The last characters of the secret, so that its owner can tell two keys apart.
    ending: Mapped[str] = mapped_column(String(4))
    permissions: Mapped[list[str]] = mapped_column(JSON)
    principal_id: Mapped[int]
    site_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date | None]

    @property
    def scope(self) -> Scope:
        return Scope(frozenset({self.principal_id}), _ids(self.site_ids))

    def is_valid(self, now: datetime) -> bool:
        """Whether it lets a program in at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def _ids(stored: list[int] | None) -> frozenset[int] | None:
    return None if stored is None else frozenset(stored)
