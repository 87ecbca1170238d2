"""One contact of a population as a draw sees it."""

from datetime import datetime
from typing import NamedTuple


class Member(NamedTuple):
    """One contact of the population and what it is to a draw.

    ``cluster`` numbers the customer it shares with other contacts that may be drawn (see surveys.sampling).
    ``clock``: when a customer in quarantine was last invited.
    """

    public_id: str
    contact_id: int
    site_id: int
    language: str
    customer_id: int | None
    stratum: str
    status: str
    reason: str
    clock: datetime | None = None
    cluster: int | None = None

    @property
    def standing(self) -> str:
        """As the frame file says it."""
        return f"{self.status}:{self.reason}" if self.reason else self.status
