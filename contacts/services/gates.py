"""The one lock of this package."""

from sqlalchemy import select

from contacts.models import Principal
from foundation.database import db


def enter(principal_id: int) -> None:
    """Let nobody else add contacts or close periods of this principal until the transaction ends.

    So a contact that arrives while its period closes is either in the population or marked
    late, and two importers never make one customer twice. Taken before any other row of the
    package. On SQLite the one writer has the lock already. ``key_share``: rows that point to
    the principal may still be inserted by others.
    """
    db.session.execute(select(Principal.id).where(Principal.id == principal_id).with_for_update(key_share=True)).one()
