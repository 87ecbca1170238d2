"""Several at once, on both databases: numbers without gaps, one case a click, one winner a case."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from complaints import services
from complaints.errors import StaleCase
from complaints.models import Case, CaseEvent
from foundation.database import db
from tests.complaints.factories import a_filing, create_case, create_principal
from tests.conftest import NOW, create_user


@pytest.fixture(params=["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def either(request):
    return request.getfixturevalue(request.param)


def at_once(app, calls):
    """Run ``calls`` in threads of their own that start together; return what each gave or raised."""
    start = threading.Barrier(len(calls))

    def run(call):
        with app.app_context():
            start.wait()
            try:
                result = call()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                result = error
            finally:
                db.session.remove()
            return result

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_four_writers_leave_no_gap_and_no_double(either):
    filings = [a_filing(create_principal()) for _ in range(12)]
    db.session.remove()

    def file(some, fails):
        for filing in some:
            services.file_complaint(filing, NOW)
            # One of the writers gives up after taking a number.
            db.session.rollback() if fails else db.session.commit()

    results = at_once(either, [lambda i=i: file(filings[i::4], fails=i == 3) for i in range(4)])
    assert results == [None] * 4
    assert sorted(db.session.scalars(select(Case.number))) == list(range(1, 10))


def test_a_double_click_in_the_same_instant_is_one_case(either):
    filing = a_filing(create_principal())
    db.session.remove()
    found = at_once(either, [lambda: services.file_complaint(filing, NOW).reference for _ in range(4)])
    assert len(set(found)) == 1
    assert db.session.scalars(select(Case.number)).all() == [1]


def test_of_two_handlers_on_one_page_one_is_told(either):
    case_id, version = create_case().id, 1
    handlers = [create_user("handler").id for _ in range(2)]
    db.session.remove()
    results = at_once(
        either, [lambda who=who: services.assign(case_id, who, NOW, seen=version).handler_id for who in handlers]
    )
    assert sorted(type(result) for result in results if not isinstance(result, int)) == [StaleCase]
    numbers = db.session.scalars(select(CaseEvent.number).order_by(CaseEvent.number)).all()
    assert numbers == [1, 2]
