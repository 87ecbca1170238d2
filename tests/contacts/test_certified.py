from datetime import date

import pytest

from contacts.certified import BadSpans, Span, checked, standing
from contacts.queries.certified import certified_spans
from foundation.database import db
from foundation.ledger.models import Entry
from tests.contacts.factories import create_principal, create_site

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def test_both_days_of_a_span_belong_to_it():
    spans = [Span(date(2026, 10, 1), date(2026, 10, 31))]
    assert standing(spans, 1, *OCTOBER) == "whole"
    assert standing(spans, 1, date(2026, 9, 30), date(2026, 10, 1)) == "part"
    assert standing(spans, 1, date(2026, 10, 31), date(2026, 11, 1)) == "part"
    assert standing(spans, 1, date(2026, 11, 1), date(2026, 11, 1)) == "none"


def test_two_spans_without_a_gap_hold_the_whole_and_one_of_another_principal_holds_nothing():
    spans = [Span(date(2026, 9, 1), date(2026, 10, 15)), Span(date(2026, 10, 16))]
    assert standing(spans, 1, *OCTOBER) == "whole"
    assert standing([Span(date(2026, 9, 1), None, 2)], 1, *OCTOBER) == "none"


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ([Span(date(2026, 10, 2), date(2026, 10, 1))], "span-reversed"),
        ([Span(date(2026, 9, 1), date(2026, 10, 1)), Span(date(2026, 10, 1))], "spans-overlap"),
        ([Span(date(2026, 9, 1)), Span(date(2026, 12, 1), None, 1)], "spans-overlap"),
    ],
    ids=["reversed", "one-day-in-common", "all-and-one"],
)
def test_spans_that_cannot_be_are_refused(spans, code):
    with pytest.raises(BadSpans, match=code):
        checked(spans)


def test_spans_of_two_principals_may_hold_on_the_same_day():
    assert len(checked([Span(date(2026, 9, 1), None, 2), Span(date(2026, 9, 1), None, 1)])) == 2


def posted(*spans, version=1):
    typed = {"version": version}
    for place, (first, last, principal_id) in enumerate(spans):
        typed |= {f"spans-{place}-first_day": first, f"spans-{place}-last_day": last}
        typed[f"spans-{place}-principal_id"] = principal_id
    return typed


@pytest.fixture
def admin(app, sign_in):
    return sign_in("admin")


def test_spans_are_kept_changed_and_taken_away_on_the_page(admin, submit):
    site, principal = create_site(), create_principal()
    db.session.commit()
    url = f"/contacts/scope/sites/{site.id}/certified"
    typed = posted(("2026-01-01", "2026-06-30", ""), ("2026-07-01", "", principal.id), ("", "", ""))
    assert submit(url, client=admin, **typed).status_code == 302
    half = Span(date(2026, 1, 1), date(2026, 6, 30))
    assert certified_spans()[site.id] == [half, Span(date(2026, 7, 1), None, principal.id)]
    assert submit(url, client=admin, **posted(("2026-01-01", "2026-06-30", ""), version=2)).status_code == 302
    assert certified_spans()[site.id] == [half]
    kinds = list(db.session.scalars(db.select(Entry.kind)))
    assert kinds == ["contacts.site-certified"] * 2


def test_what_cannot_be_is_said_and_what_was_typed_stays(admin, submit):
    site = create_site()
    db.session.commit()
    typed = posted(("2026-01-01", "", ""), ("2026-07-01", "", ""))
    page = submit(f"/contacts/scope/sites/{site.id}/certified", client=admin, **typed)
    assert page.status_code == 400 and "Deux de ces" in page.text and 'value="2026-07-01"' in page.text
    assert certified_spans() == {}


def test_of_two_editors_the_second_sees_the_others_spans(admin, submit):
    site = create_site()
    db.session.commit()
    url = f"/contacts/scope/sites/{site.id}/certified"
    submit(url, client=admin, **posted(("2026-01-01", "", "")))
    second = submit(url, client=admin, **posted(("2026-03-01", "", "")))
    assert second.status_code == 409 and 'value="2026-03-01"' in second.text and "janv. 2026" in second.text
    assert submit(url, client=admin, **posted(("2026-03-01", "", ""), version=2)).status_code == 302
