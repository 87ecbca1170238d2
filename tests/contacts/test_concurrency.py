"""Four importers at once, and a period that closes among them."""

import threading
from datetime import UTC, date, datetime

import pytest

from contacts import services
from contacts.frames import frame_hash
from contacts.mapping import from_json
from contacts.models import Contact, Customer, Erasure, ImportBatch, Period
from contacts.queries import contact_counts, late_counts, period_frame
from contacts.services.erasing import ErasureRefused, erase_person
from foundation.database import db
from tests.contacts.factories import create_customer, create_principal, create_site

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
IMPORTERS, ROWS, SHARED = 4, 240, 120
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
        },
        "zone": "Europe/Paris",
    }
)


def log(importer):
    """Half of the rows are in every importer's file, half in this one's only; customers are shared by all."""
    rows = []
    for number in range(ROWS):
        name = f"S{number}" if number < SHARED else f"I{importer}-{number}"
        rows.append(f"{name};2026-10-{number % 28 + 1:02d} 09:00;06 39 98 00 {number % 60:02d}")
    return "\n".join(["id;at;phone", *rows]).encode()


def in_threads(house, works):
    """Run each work in a thread and context of its own; raise what any of them raised."""
    failures = []

    def run(work):
        with house.app_context():
            try:
                work()
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failures:
        raise failures[0]


def importer_of(principal_id, number):
    def work():
        batch = services.receive_log(principal_id, f"{number}.csv", log(number), NOW)
        services.start_import(batch, MAPPING)
        db.session.commit()
        for _progress in services.import_log(batch.id, log(number), NOW):
            db.session.commit()

    return work


def count(model):
    return db.session.scalar(db.select(db.func.count()).select_from(model))


@pytest.fixture(params=["app", "pg_app"])
def house(request):
    house = request.getfixturevalue(request.param)
    create_site(key="lyon")
    create_principal(key="belline")
    db.session.commit()
    return house


def test_four_importers_lose_and_double_nothing(house):
    in_threads(house, [importer_of(1, number) for number in range(IMPORTERS)])
    batches = db.session.scalars(db.select(ImportBatch)).all()
    assert [(batch.state, batch.read_rows) for batch in batches] == [("done", ROWS)] * IMPORTERS
    distinct = SHARED + IMPORTERS * (ROWS - SHARED)
    assert sum(batch.added for batch in batches) == count(Contact) == distinct
    assert count(Customer) == 60


def test_a_contact_is_in_the_closed_population_or_late(house):
    def close():
        # What is in at this moment may end weeks before the month does.
        services.close_period(1, *OCTOBER, NOW, despite_gaps=True)
        db.session.commit()

    in_threads(house, [importer_of(1, 0), importer_of(1, 1), close, importer_of(1, 2), importer_of(1, 3)])
    period = db.session.scalars(db.select(Period)).one()
    assert frame_hash(period_frame(period.id)) == (period.frame_hash, period.population)
    counted, late = (sum(counts(1, *OCTOBER).values()) for counts in (contact_counts, late_counts))
    assert counted == period.population
    assert counted + late == SHARED + IMPORTERS * (ROWS - SHARED)


def test_two_who_erase_one_person_at_once_erase_them_once(pg_app):
    customer_id = create_customer(create_principal()).id
    db.session.commit()
    both_looked, refused = threading.Barrier(2, timeout=5), []

    def erase():
        # Both have seen the living row before either is inside the gate.
        assert db.session.get_one(Customer, customer_id).erased_at is None
        both_looked.wait()
        try:
            erase_person(customer_id, NOW)
            db.session.commit()
        except ErasureRefused as refusal:
            db.session.rollback()
            refused.append(refusal.code)

    in_threads(pg_app, [erase, erase])
    assert (count(Erasure), refused) == (1, ["already-erased"])
