from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contacts import services
from contacts.mapping import Source, from_json
from contacts.models import Contact, Customer, ImportBatch, ImportNote, ImportPiece
from contacts.queries.imports import notes_of
from contacts.reading import UnreadableFile
from contacts.reason_trees import read_outline
from contacts.rejects import rejects_csv
from foundation.database import db
from tests.contacts.factories import create_period, create_principal, create_site

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MAPPING = from_json(
    {
        "source": "calls",
        "fields": {
            "external_id": {"column": "id"},
            "started_at": {"column": "at"},
            "site": {"constant": "lyon"},
            "channel": {"constant": "phone"},
            "direction": {"constant": "in"},
            "phone": {"column": "phone"},
            "email": {"column": "email"},
            "name": {"column": "name"},
        },
        "zone": "Europe/Paris",
    }
)


def log(*rows):
    return "\n".join(["id;at;phone;email;name", *rows]).encode()


def row(number, at="2026-10-05 09:00", phone="", email="", name=""):
    return f"A{number};{at};{phone};{email};{name}"


def begin(principal, content, mapping=MAPPING):
    batch = services.receive_log(principal.id, "calls.csv", content, NOW)
    services.start_import(batch, mapping)
    db.session.commit()
    return batch


def import_rows(principal, *rows, mapping=MAPPING, now=NOW):
    content = log(*rows)
    batch = begin(principal, content, mapping)
    for _progress in services.import_log(batch.id, content, now):
        db.session.commit()
    return batch


def contacts():
    return db.session.scalars(db.select(Contact).order_by(Contact.external_id)).all()


def customers():
    return db.session.scalars(db.select(Customer).order_by(Customer.id)).all()


@pytest.fixture(params=["sqlite", "postgresql"])
def principal(request):
    request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")
    create_site(key="lyon", name="Lyon")
    principal = create_principal(key="belline")
    db.session.commit()
    return principal


def test_good_rows_are_in_and_bad_ones_kept_for_the_sender(principal):
    batch = import_rows(principal, row(1, phone="0639980101"), row(2, at="yesterday"), row(3, phone="0"))
    assert (batch.state, batch.read_rows, batch.added, batch.rejected, batch.warned) == ("done", 3, 2, 1, 1)
    assert [contact.external_id for contact in contacts()] == ["A1", "A3"]
    notes = db.session.scalars(db.select(ImportNote).order_by(ImportNote.line)).all()
    assert [(note.kind, note.line, note.faults) for note in notes] == [
        ("reject", 3, [["started_at", "date-unreadable"]]),
        ("warning", 4, [["phone", "phone-unreadable"]]),
    ]
    assert notes[0].cells == ["A2", "yesterday", "", "", ""]


def test_the_file_is_deleted_once_it_is_in(principal):
    import_rows(principal, row(1))
    assert db.session.scalar(db.select(db.func.count()).select_from(ImportPiece)) == 0


def test_the_same_file_twice_adds_nothing(principal):
    import_rows(principal, row(1, phone="0639980101"), row(2))
    again = import_rows(principal, row(1, phone="0639980102", name="Other"), row(2))
    assert (again.added, again.known, again.rejected) == (0, 2, 0)
    assert len(contacts()) == 2
    assert [(customer.phone, customer.name) for customer in customers()] == [("+33639980101", "")]


def test_another_source_or_principal_has_identifiers_of_its_own(principal):
    other = create_principal()
    mails = from_json({**MAPPING.as_json(), "source": "mails"})
    import_rows(principal, row(1))
    import_rows(principal, row(1), mapping=mails)
    import_rows(other, row(1))
    assert len(contacts()) == 3


def test_a_customer_is_met_again_by_phone_then_by_email(principal):
    import_rows(
        principal,
        row(1, phone="0639980101", email="marie@example.org", name="Marie"),
        row(2, phone="+33 6 39 98 01 01"),
        row(3, email="MARIE@example.org"),
        row(4),
    )
    (marie,) = customers()
    assert (marie.phone, marie.email, marie.name) == ("+33639980101", "marie@example.org", "Marie")
    assert [contact.customer_id for contact in contacts()] == [marie.id, marie.id, marie.id, None]


def test_who_was_known_by_email_alone_takes_the_number_that_comes_with_it(principal):
    import_rows(principal, row(1, email="marie@example.org"))
    import_rows(principal, row(2, phone="0639980101", email="marie@example.org"))
    assert [(customer.phone, customer.email) for customer in customers()] == [("+33639980101", "marie@example.org")]


def test_two_numbers_with_one_address_are_two_customers(principal):
    import_rows(
        principal,
        row(1, phone="0639980101", email="office@example.org"),
        row(2, phone="0639980102", email="office@example.org"),
    )
    assert [customer.phone for customer in customers()] == ["+33639980101", "+33639980102"]


def test_each_principal_has_customers_of_its_own(principal):
    import_rows(principal, row(1, phone="0639980101"))
    import_rows(create_principal(), row(1, phone="0639980101"))
    assert len(customers()) == 2


def test_a_contact_that_comes_after_closing_is_kept_and_marked_late(principal):
    create_period(principal, date(2026, 10, 1), date(2026, 10, 31))
    batch = import_rows(
        principal,
        row(1, at="2026-09-30 23:59"),
        row(2, at="2026-10-01 00:00"),
        row(3, at="2026-10-31 23:59"),
        row(4, at="2026-11-01 00:00"),
    )
    assert batch.late == 2
    assert [contact.late for contact in contacts()] == [False, True, True, False]


def test_an_import_that_was_cut_off_goes_on_where_it_was(principal):
    content = log(*(row(number) for number in range(1000, 1300)), row(1000))
    batch = begin(principal, content)
    steps = services.import_log(batch.id, content, NOW)
    next(steps)
    db.session.commit()
    steps.close()
    db.session.expire_all()
    assert 0 < batch.read_rows < 300
    for _progress in services.import_log(batch.id, content, NOW):
        db.session.commit()
    assert (batch.read_rows, batch.added, batch.rejected, batch.state) == (301, 300, 1, "done")


def test_what_was_not_committed_is_written_again(principal):
    content = log(*(row(number) for number in range(1000, 1300)))
    batch = begin(principal, content)
    next(services.import_log(batch.id, content, NOW))
    db.session.rollback()
    for _progress in services.import_log(batch.id, content, NOW):
        db.session.commit()
    assert (batch.read_rows, batch.added, batch.known) == (300, 300, 0)


def test_two_workers_on_one_batch_write_it_once(principal):
    content = log(*(row(number) for number in range(1000, 1300)))
    batch = begin(principal, content)
    slow, quick = (services.import_log(batch.id, content, NOW) for _ in range(2))
    next(slow)
    db.session.commit()
    for _progress in quick:
        db.session.commit()
    for _progress in slow:
        db.session.commit()
    assert (batch.read_rows, batch.added, batch.known, len(contacts())) == (300, 300, 0, 300)


def test_a_second_press_of_the_button_starts_nothing(principal):
    batch = begin(principal, log(row(1)))
    assert services.start_import(batch, MAPPING) is False


def test_a_site_out_of_the_senders_scope_is_unknown(principal):
    batch = services.receive_log(principal.id, "calls.csv", log(row(1)), NOW, site_ids=[create_site().id])
    services.start_import(batch, MAPPING)
    db.session.commit()
    for _progress in services.import_log(batch.id, log(row(1)), NOW):
        db.session.commit()
    assert (batch.added, batch.rejected) == (0, 1)


def test_a_file_nobody_went_on_with_is_forgotten(principal):
    old = services.receive_log(principal.id, "old.csv", log(row(1)), NOW - timedelta(days=8))
    young = services.receive_log(principal.id, "young.csv", log(row(1)), NOW - timedelta(days=6))
    begun = begin(principal, log(row(2)))
    assert services.forget_uploads(NOW - timedelta(days=7)) == 1
    db.session.commit()
    left = set(db.session.scalars(db.select(ImportBatch.id)))
    assert left == {young.id, begun.id}
    assert old.id not in left


@pytest.mark.parametrize("killed", [False, True])
def test_what_is_added_to_the_lists_while_a_log_comes_in_is_known_to_all_of_it(app, killed):
    create_site(key="lyon")
    principal = create_principal()
    fields = {
        **MAPPING.fields,
        "entry_point": Source(("phone",)),
        "reason": Source(("name",)),
    }
    content = log(*(row(n, phone="+33199001234", name="Pb fact.") for n in range(400)))
    batch = begin(principal, content, replace(MAPPING, fields=fields))
    coming = services.import_log(batch.id, content, NOW)
    next(coming)
    db.session.commit()
    draft = services.save_tree(principal.id, 0, read_outline("other | Autre | Other\n"), NOW)
    services.publish_tree(principal.id, draft.version, NOW)
    services.map_word(principal.id, "calls", "Pb fact.", "other", NOW)
    point = {"key": "sav", "name": "SAV", "channel": "phone", "direction": "in", "address": "+33199001234"}
    services.add_entry_point(principal.id, point, NOW)
    db.session.commit()
    if killed:
        next(coming)
        db.session.commit()
        assert db.session.get_one(ImportBatch, batch.id).read_rows < 400
        coming = services.import_log(batch.id, content, NOW)
    for _progress in coming:
        db.session.commit()
    assert {(one.reason_leaf, one.entry_point_id is None) for one in contacts()} == {("other", False)}
    assert len(contacts()) == 400


def test_refused_rows_go_back_to_the_principal_of_their_file_alone(app):
    create_site(key="lyon", name="Lyon")
    mine, other = create_principal(), create_principal()
    batch = import_rows(mine, row(1), row(2, at="hier"))
    notes = [(note.line, note.cells, "at", "no date") for note in notes_of(batch.id, "reject")]
    corrected = "".join(rejects_csv(batch.columns, ";", notes, batch.id)).replace("hier", "2026-10-05 09:00").encode()
    with pytest.raises(UnreadableFile) as refused:
        services.receive_log(other.id, "corrected.csv", corrected, NOW, mapping=MAPPING)
    assert refused.value.code == "rejects-of-another"
    assert begin(mine, corrected).principal_id == mine.id
