"""The yearly number of a case: given in the transaction that registers it, so none is ever missing."""

from sqlalchemy import select

from complaints.models import CaseCounter
from complaints.references import Reference
from foundation.database import db, insert_if_absent


def lock_counter(year: int) -> CaseCounter:
    """Return the counter of ``year``, locked until the transaction ends.

    Whoever files next waits here, so two filings of one click meet and the second finds the first.
    """
    insert_if_absent(CaseCounter, [{"year": year, "last": 0}], ["year"])
    locked = select(CaseCounter).filter_by(year=year).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def next_reference(counter: CaseCounter) -> Reference:
    """Take the next number of a locked counter; undone if the transaction is."""
    counter.last += 1
    return Reference(counter.year, counter.last)
