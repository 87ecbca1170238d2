import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.gaps import Cell
from contacts.models import Period
from contacts.queries.days import daily_counts
from contacts.queries.reconciliation import gaps, unexplained
from contacts.services import PeriodRefused, close_period, explain, tell_counts
from foundation.database import db
from foundation.ledger.models import Entry
from tests.contacts.factories import create_contact, create_principal, create_site

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
DAY = date(2026, 10, 15)
NOON = datetime(2026, 10, 15, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(params=["app", "pg_app"])
def place(request):
    request.getfixturevalue(request.param)
    return create_principal(), create_site(key="lyon", name="Lyon")


@pytest.fixture
def here(app):
    return create_principal(), create_site(key="lyon", name="Lyon")


def told(place, number, source="calls"):
    tell_counts(place[0].id, {Cell(source, place[1].id, "phone", DAY): number}, NOW)


def test_a_day_is_the_principal_s_also_where_clocks_change(place):
    principal, site = place
    moments = ["2026-10-24T21:59:59", "2026-10-24T22:00:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00"]
    moments += ["2026-10-25T22:59:59", "2026-10-25T23:00:00", "2026-03-28T22:59:59", "2026-03-28T23:00:00"]
    for moment in [*moments, "2026-03-29T21:59:59", "2026-03-29T22:00:00"]:
        create_contact(principal, site, started_at=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    found = {cell.day.isoformat(): n for cell, n in daily_counts(principal.id, date(2026, 1, 1), OCTOBER[1]).items()}
    assert found == {
        "2026-03-28": 1, "2026-03-29": 2, "2026-03-30": 1, "2026-10-24": 1, "2026-10-25": 4, "2026-10-26": 1,
    }  # fmt: skip


def test_a_gap_stays_until_it_is_explained_and_with_its_reason_afterwards(place):
    principal, site = place
    for _n in range(3):
        create_contact(principal, site, started_at=NOON)
    create_contact(principal, site, started_at=NOON, source="chat")
    told(place, 5)
    (gap,) = unexplained(principal.id, *OCTOBER, NOW)
    assert (gap.kind, gap.expected, gap.counted, gap.cell.source) == ("count", 5, 3, "calls")
    assert explain(principal.id, gap, "Deux appels d'essai", NOW, 4) and not explain(principal.id, gap, "x", NOW)
    assert unexplained(principal.id, *OCTOBER, NOW) == []
    (kept,) = gaps(principal.id, *OCTOBER, NOW)
    assert (kept.said.reason, kept.said.by) == ("Deux appels d'essai", 4)
    create_contact(principal, site, started_at=NOON)
    assert [gap.counted for gap in unexplained(principal.id, *OCTOBER, NOW)] == [4], "another gap has its own reason"
    told(place, 4)
    assert gaps(principal.id, *OCTOBER, NOW) == []


def test_a_silent_day_is_found_in_the_log_itself(here):
    principal, site = here
    for week in range(1, 6):
        for _n in range(10):
            create_contact(principal, site, started_at=NOON - timedelta(weeks=week))
    create_contact(principal, site, started_at=NOON + timedelta(days=1))
    (gap,) = gaps(principal.id, DAY, DAY, NOW)
    assert (gap.kind, gap.cell.day, gap.expected, gap.cell.source) == ("silent", DAY, 10, "")
    create_contact(principal, site, started_at=NOON)
    assert gaps(principal.id, DAY, DAY, NOW) == []


def test_a_day_after_the_end_of_the_log_is_silent_once_its_file_should_have_come(here):
    principal, site = here
    for week in range(1, 6):
        for _n in range(10):
            create_contact(principal, site, started_at=NOON - timedelta(weeks=week))
    assert gaps(principal.id, DAY, DAY, NOON + timedelta(days=1)) == []
    assert [gap.cell.day for gap in gaps(principal.id, DAY, DAY, NOON + timedelta(days=2))] == [DAY]


def test_a_month_whose_last_files_never_came_is_not_closed_without_a_word(here):
    principal, site = here
    for week in range(1, 6):
        for _n in range(10):
            create_contact(principal, site, started_at=NOON - timedelta(weeks=week))
    with pytest.raises(PeriodRefused) as refused:
        close_period(principal.id, *OCTOBER, NOW)
    assert refused.value.code == "period-gaps"


def test_a_period_with_gaps_is_closed_only_by_saying_so_and_the_ledger_keeps_it(here):
    principal, site = here
    create_contact(principal, site, started_at=NOON)
    told(here, 2)
    with pytest.raises(PeriodRefused) as refused:
        close_period(principal.id, *OCTOBER, NOW)
    assert (refused.value.code, refused.value.gaps) == ("period-gaps", 1)
    close_period(principal.id, *OCTOBER, NOW, despite_gaps=True)
    closed = db.session.scalars(db.select(Entry.facts).where(Entry.kind == "contacts.period-closed")).one()
    assert json.loads(closed)["unexplained_gaps"] == 1


def test_the_page_of_periods_asks_before_it_closes(here, sign_in, submit, committed):
    principal, site = here
    create_contact(principal, site, started_at=NOON)
    told(here, 2)
    db.session.commit()
    quality = sign_in("quality")
    days = {"principal": principal.id, "first_day": "2026-10-01", "last_day": "2026-10-31"}
    asked = submit("/contacts/periods", client=quality, **days)
    assert asked.status_code == 409 and 'name="despite_gaps"' in asked.text and committed(Period) == 0
    assert submit("/contacts/periods", client=quality, **days, despite_gaps="y").status_code == 302
    assert committed(Period) == 1


FILE = "Site;Canal;Jour;Appels\r\nLyon;téléphone;15/10/2026;2\r\nLyon;téléphone;15/10/2026;3\r\nNice;chat;x;-1\r\n"


def test_counts_are_typed_sent_as_a_file_and_a_gap_explained_on_the_page(here, sign_in, submit):
    principal, site = here
    create_contact(principal, site, started_at=NOON)
    db.session.commit()
    quality, page = sign_in("quality"), "/contacts/reconciliation"
    typed = {"principal": principal.id, "source": "calls", "site_id": site.id, "channel": "phone", "day": "2026-10-15"}
    wrong = submit(f"{page}/count", client=quality, page=page, **typed, contacts="-1")
    assert wrong.status_code == 400 and 'value="-1"' in wrong.text
    assert submit(f"{page}/count", client=quality, page=page, **typed, contacts="9").status_code == 302
    sent = {"principal": principal.id, "source": "calls", "file": (io.BytesIO(FILE.encode()), "counts.csv")}
    answer = submit(f"{page}/file", client=quality, page=page, **sent)
    assert answer.status_code == 422 and len(answer.text.splitlines()) == 3
    shown = {"principal": principal.id, "kind": "count", "source": "calls", "site_id": site.id, "channel": "phone"}
    shown |= {"day": "2026-10-15", "counted": 1, "reason": "Un essai"}
    period = {"from": "2026-10-01", "to": "2026-10-31"}
    late = submit(f"{page}/explain", client=quality, page=page, **shown, **period, expected=9)
    assert late.status_code == 409 and "ont changé" in late.text and 'value="Un essai"' in late.text
    long = shown | period | {"reason": "Un essai " * 100}
    refused = submit(f"{page}/explain", client=quality, page=page, **long, expected=2)
    assert refused.status_code == 400 and f'value="{"Un essai " * 100}"' in refused.text
    submit(f"{page}/explain", client=quality, page=page, **shown, expected=2)
    assert "Un essai" in quality.get(page).text and unexplained(principal.id, *OCTOBER, NOW) == []


def test_whoever_sees_one_site_neither_sees_nor_explains_the_gaps_of_others(here, sign_in, submit):
    principal, _site = here
    other = create_site(name="Lille")
    create_contact(principal, other, started_at=NOON)
    told((principal, other), 7)
    db.session.commit()
    narrow, page = sign_in("quality", site_ids=[here[1].id]), "/contacts/reconciliation"
    assert "Lille" not in narrow.get(page).text
    shown = {"principal": principal.id, "kind": "count", "source": "calls", "site_id": other.id, "channel": "phone"}
    shown |= {"day": "2026-10-15", "expected": 7, "counted": 1, "reason": "x"}
    submit(f"{page}/explain", client=narrow, page=page, **shown)
    assert len(unexplained(principal.id, *OCTOBER, NOW)) == 1
