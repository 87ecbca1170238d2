import hashlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from contacts.frames import BadPeriod, FrameRow, canonical, days_of, frame_hash, span


def frame_row(**changes):
    row = {
        "contact_id": 1,
        "public_id": "00ff",
        "customer_id": 5,
        "principal_id": 1,
        "site_id": 2,
        "site_key": "lyon",
        "channel": "phone",
        "direction": "in",
        "started_at": datetime(2026, 10, 1, 8, 0, tzinfo=UTC),
        "reason": "Été",
        "agent": "Diane",
        "outcome": "answered",
        "language": "fr",
        "has_phone": True,
        "has_email": False,
        "entry_point": "",
        "reason_group": "",
        "reason_leaf": "",
        "facts": {"queue": "1"},
    }
    return FrameRow(**{**row, **changes})


LINE = (
    '{"channel":"phone","direction":"in","language":"fr","outcome":"answered","public_id":"00ff",'
    '"reason":"Été","site":"lyon","started_at":"2026-10-01T08:00:00.000000+00:00"}'
)


def test_the_canonical_line_can_be_written_by_a_stranger():
    assert canonical(frame_row()) == LINE
    assert frame_hash([frame_row()]) == (hashlib.sha256(f"{LINE}\n".encode()).hexdigest(), 1)


def test_erasing_a_person_leaves_the_hash_as_it_was():
    erased = frame_row(customer_id=None, has_phone=False, facts={})
    assert frame_hash([erased]) == frame_hash([frame_row()])


@pytest.mark.parametrize(
    "change", [{"outcome": "abandoned"}, {"reason": ""}, {"site_key": "lille"}, {"public_id": "0"}]
)
def test_changing_a_contact_changes_the_hash(change):
    assert frame_hash([frame_row(**change)]) != frame_hash([frame_row()])


def test_a_span_follows_the_clock_of_its_zone():
    october = span(date(2026, 10, 1), date(2026, 10, 31), ZoneInfo("Europe/Paris"))
    assert october == (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    "text, days",
    [
        ("2026-02", (date(2026, 2, 1), date(2026, 2, 28))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2026-12", (date(2026, 12, 1), date(2026, 12, 31))),
        ("2026-01-05/2026-01-11", (date(2026, 1, 5), date(2026, 1, 11))),
        ("2026-01-05/2026-01-05", (date(2026, 1, 5), date(2026, 1, 5))),
    ],
)
def test_periods_are_months_or_spans(text, days):
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-02-30/2026-03-01", "2026-02-02/2026-02-01", "a/b/c"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(BadPeriod):
        days_of(text)
