"""What the log itself keeps of a person, and lets go."""

import pytest

from contacts.models import ImportBatch, ImportNote
from contacts.services.people_part import ContactsPart
from foundation.database import db
from foundation.people import Person
from tests.conftest import NOW
from tests.contacts.factories import create_customer, create_principal

#: As spreadsheets and people write one number.
WRITTEN = (
    "06 39 98 12 34",
    "06.39.98.12.34",
    "06\u00a039\u00a098\u00a012\u00a034",
    "06\u202f39\u202f98\u202f12\u202f34",
    "06\u201139\u201198\u201112\u201134",
    "(06) 39 (98) 12 34",
    "06\t39 98 12\t34",
    "+33639981234",
)


def refused_lines(app):
    """A person, and the refused lines that hold their number, in every writing."""
    principal = create_principal()
    customer = create_customer(principal, phone="+33639981234")
    batch = ImportBatch(
        principal_id=principal.id,
        filename="a.csv",
        file_hash="0" * 64,
        columns=["phone"],
        separator=";",
        total_rows=9,
        created_at=NOW,
    )
    db.session.add(batch)
    db.session.flush()
    for line, cell in enumerate((*WRITTEN, "06 39 98 12 35")):
        db.session.add(ImportNote(batch_id=batch.id, kind="reject", line=line, cells=[cell], faults=[]))
    db.session.commit()
    return Person(principal.id, (customer.id,), ("+33639981234",))


@pytest.mark.parametrize("database", ["app", "pg_app"])
def test_a_refused_line_is_emptied_however_it_writes_the_number(request, database):
    person = refused_lines(request.getfixturevalue(database))
    assert ContactsPart({}).erase(person, NOW).gone["import_notes"] == len(WRITTEN)
    db.session.commit()
    left = db.session.scalars(db.select(ImportNote.cells).order_by(ImportNote.line)).all()
    assert left == [[""]] * len(WRITTEN) + [["06 39 98 12 35"]]
