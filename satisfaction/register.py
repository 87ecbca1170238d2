"""What the complaint register says about the service: how many complaints, and answered in time or not."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class CaseCount:
    """Complaints received in the period at one site (None: not known yet)."""

    site: str | None
    spontaneous: int
    from_surveys: int


@dataclass(frozen=True)
class DueCount:
    """Complaints whose answer fell due in the period at one site, and how many had it in time."""

    site: str | None
    due: int
    in_time: int


def received(counts: Iterable[CaseCount], site: str | None = None) -> CaseCount:
    """The complaints of ``site``, or of every site and of none when it is not given."""
    chosen = [count for count in counts if site is None or count.site == site]
    return CaseCount(site, sum(c.spontaneous for c in chosen), sum(c.from_surveys for c in chosen))


def fallen_due(counts: Iterable[DueCount], site: str | None = None) -> DueCount:
    """The due complaints of ``site``, or of every site and of none when it is not given."""
    chosen = [count for count in counts if site is None or count.site == site]
    return DueCount(site, sum(c.due for c in chosen), sum(c.in_time for c in chosen))
