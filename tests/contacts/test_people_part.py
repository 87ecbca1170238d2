"""What the log itself keeps of a person, and lets go."""

from datetime import timedelta

import pytest
import sqlalchemy

from contacts.entries import Fault, Reject
from contacts.looks import looks_of
from contacts.models import ImportBatch, ImportNote, ImportNoteLook
from contacts.queries.persons import addresses_typed
from contacts.services.notes import forget_cells, keep_notes
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


@pytest.mark.parametrize(
    "cell",
    ["0612345678 ext. 12", "0612345678;ext=99999999", "+33 (0)6 12 34 56 78", "Tél. 0612345678"],
)
def test_a_cell_that_is_read_as_a_number_is_found_by_it(cell):
    assert "+33612345678" in addresses_typed(cell)
    assert "12345678" in looks_of([cell])


def test_a_cell_is_found_by_its_e_mail_address_and_by_nothing_short():
    assert looks_of(["mailto:Zoe@Example.org", "zoe@", "1234567", "Lyon"]) == {"zoe@example.org"}


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
    fault = [Fault("channel", "unknown")]
    keep_notes(batch.id, [Reject(n, [cell], fault) for n, cell in enumerate((*WRITTEN, "06 39 98 12 35", "x"))])
    db.session.commit()
    return Person(principal.id, (customer.id,), ("+33639981234",))


@pytest.mark.parametrize("database", ["app", "pg_app"])
def test_a_refused_line_is_emptied_however_it_writes_the_number(request, database):
    person = refused_lines(request.getfixturevalue(database))
    assert ContactsPart({}).erase(person, NOW).gone["import_notes"] == len(WRITTEN)
    db.session.commit()
    left = db.session.scalars(db.select(ImportNote.cells).order_by(ImportNote.line)).all()
    assert left == [[""]] * len(WRITTEN) + [["06 39 98 12 35"], ["x"]]
    assert db.session.scalars(db.select(ImportNoteLook.look)).all() == ["39981235"], "nothing leads to them either"


def test_rows_forgotten_after_their_time_are_found_by_nothing(app):
    person = refused_lines(app)
    assert forget_cells(NOW + timedelta(seconds=1)) == len(WRITTEN) + 2
    assert db.session.scalars(db.select(ImportNoteLook)).all() == []
    assert ContactsPart({}).outcome(person, NOW).gone["import_notes"] == 0


def test_asking_for_one_person_reads_only_the_rows_that_may_hold_them(app):
    person, read = refused_lines(app), []
    db.session.expunge_all()

    def note_read(note, _context):
        read.append(note.line)

    sqlalchemy.event.listen(ImportNote, "load", note_read)
    try:
        ContactsPart({}).held(person)
    finally:
        sqlalchemy.event.remove(ImportNote, "load", note_read)
    assert read == list(range(len(WRITTEN)))
