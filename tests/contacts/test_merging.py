"""Two rows of one person: what a rule says, what follows, and how it is undone."""

from itertools import combinations

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.models import Case
from contacts.addresses import normalise_phone
from contacts.duplicates import EMAIL_ALONE, Row, judge, possible, same_name
from contacts.entries import Entry
from contacts.frames import frame_hash
from contacts.models import Contact, Customer, CustomerLink, Hold
from contacts.queries import period_frame
from contacts.queries.duplicates import undecided
from contacts.queries.parties import principals
from contacts.services import close_period, hold_customer
from contacts.services.merging import MergeRefused, apply_rules, keep_apart, merge, undo_merge
from contacts.services.recording import record_entries
from foundation.database import db
from foundation.ledger.models import Entry as LedgerEntry
from notifications.services import opt_out
from surveys.models import Invitation
from surveys.queries.suppressions import addresses
from surveys.services.invitations import note_opt_out
from tests.complaints.factories import create_case
from tests.conftest import NOW
from tests.surveys import factories

EMAIL, PHONE, OTHER = "zoe@example.org", "+33639981234", "+33639985678"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("+331", "Zoé Martin"), (None, "MARTIN Zoe")], [""]),
        ([("+331", ""), (None, "Zoé Martin")], [""]),
        ([("+331", "Luc Martin"), (None, "Zoé Martin")], ["names-differ"]),
        ([("+331", "Zoé"), ("+332", "Luc"), (None, "Zoé")], ["several-numbers"]),
        ([("+331", "Zoé"), ("+332", "Zoé")], []),
        ([(None, "Zoé"), (None, "Zoé")], []),
    ],
)
def test_a_rule_merges_only_a_row_without_number_with_the_one_that_has_its_address(rows, said):
    read = [Row(place, phone, EMAIL, name) for place, (phone, name) in enumerate(rows, 1)]
    assert [verdict.reason for verdict in judge(read)] == said


def test_what_no_rule_may_merge_is_shown_to_a_person_unless_the_names_tell_them_apart():
    zoe, also, luc = Row(1, "+331", EMAIL, "Zoé"), Row(2, "+332", EMAIL, "zoe"), Row(3, "+333", EMAIL, "Luc")
    assert list(possible([zoe, also, luc])) == [(zoe, also)]
    assert list(possible([Row(4, None, EMAIL, ""), zoe])) == [(zoe, Row(4, None, EMAIL, ""))]


NAMES = st.sampled_from(["", "Zoé", "zoe", "Luc", "?"])


@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), NAMES), max_size=7))
def test_only_pairs_whose_names_and_numbers_allow_it_are_shown(read):
    rows = [Row(place, f"+33{place}" if numbered else None, EMAIL, name) for place, (numbered, name) in enumerate(read)]
    wanted = [
        {one.id, two.id}
        for one, two in combinations(rows, 2)
        if same_name(one.name, two.name) and not (one.phone and two.phone and not (one.name and two.name))
    ]
    assert [{one.id, two.id} for one, two in possible(rows)] == wanted


def test_an_address_that_thousands_share_is_looked_through_at_once():
    rows = [Row(place, f"+33{place}", EMAIL, f"Nom {place}") for place in range(20_000)]
    assert list(possible(rows)) == []


@pytest.fixture
def house(app):
    """A principal whose customer is known twice, with something on each row."""
    principal, site = factories.create_principal(), factories.create_site()
    kept = factories.create_customer(principal, phone=PHONE, email=EMAIL, name="Zoé Martin")
    other = factories.create_customer(principal, phone=None, email=EMAIL, name="", language="en")
    factories.create_contact(principal, site, kept)
    factories.create_contact(principal, site, other)
    db.session.commit()
    period = close_period(principal.id, factories.FIRST, factories.LAST, NOW)
    db.session.commit()
    programme = factories.create_programme_of(
        principal, collection="web", sample_size=None, method="everyone", strata=[]
    )
    factories.create_draw(programme)
    create_case(principal, customer_id=other.id)
    hold_customer(other.id, "staff", "staff:1", NOW)
    db.session.commit()
    return principal, kept, other, period, programme


def owners(principal):
    """Whose everything is, by table."""
    return {
        model.__tablename__: sorted(one for one in db.session.scalars(sa.select(model.customer_id)) if one is not None)
        for model in (Contact, Invitation, Case, Hold)
    }


def test_a_merge_takes_everything_along_leaves_a_trace_and_can_be_undone(house):
    principal, kept, other, period, _programme = house
    before, frame = owners(principal), frame_hash(period_frame(period.id))
    assert sum(apply_rules(principal.id, NOW)) == 1
    db.session.commit()
    assert {one for found in owners(principal).values() for one in found} == {kept.id}
    assert (kept.language, other.merged_into_id) == ("en", kept.id)
    link = db.session.scalars(sa.select(CustomerLink)).one()
    assert (link.rule, link.verdict, len(link.evidence_hash)) == (EMAIL_ALONE, "merged", 64)
    facts = db.session.scalars(sa.select(LedgerEntry.facts).filter_by(kind="contacts.merged")).one()
    assert EMAIL not in facts and '"contacts":1' in facts
    assert frame_hash(period_frame(period.id)) == frame == (period.frame_hash, 2)
    undo_merge(link.id, NOW)
    db.session.commit()
    assert owners(principal) == before
    assert (kept.language, other.merged_into_id) == ("", None)
    assert sum(apply_rules(principal.id, NOW)) == 0, "what somebody undid is not merged again"
    with pytest.raises(MergeRefused, match="not-merged"):
        undo_merge(link.id, NOW)


def test_a_later_contact_by_either_address_is_of_the_one_that_goes_on(house):
    principal, kept, other, _period, _programme = house
    other.phone, other.email = OTHER, "zoe.work@example.org"
    merge(kept.id, other.id, NOW, 1)
    db.session.commit()
    site = db.session.scalar(sa.select(Contact.site_id))
    told = {"site_id": site, "channel": "phone", "direction": "in", "outcome": "answered"}
    entries = [
        Entry("by-number", NOW, **told, phone=normalise_phone(OTHER)),
        Entry("by-address", NOW, **told, email="zoe.work@example.org", name="Zoé M."),
    ]
    record_entries(principal.id, "calls", entries, NOW)
    db.session.commit()
    found = db.session.scalars(sa.select(Contact.customer_id).filter_by(source="calls"))
    assert set(found) == {kept.id}
    assert (kept.phone, kept.email, kept.name) == (PHONE, EMAIL, "Zoé Martin")


def test_a_stop_said_from_an_address_of_the_merged_row_is_the_persons(house):
    principal, kept, other, _period, programme = house
    other.phone, other.email = OTHER, None
    merge(kept.id, other.id, NOW, 1)
    db.session.commit()
    terms = programme.latest
    assert addresses(terms, principal.id, [kept.id])[kept.id] != "opted-out"
    opt_out(OTHER, principal.id, "sms", NOW)
    db.session.commit()
    assert addresses(terms, principal.id, [kept.id]) == {kept.id: "opted-out"}
    db.session.execute(sa.update(Invitation).values(disposition="queued"))
    assert note_opt_out(OTHER, principal.id, NOW) == 2


def test_a_border_is_no_place_to_merge(house):
    _principal, kept, _other, _period, _programme = house
    abroad = factories.create_customer(factories.create_principal(), phone=PHONE, email=EMAIL)
    for pair in ((kept.id, abroad.id), (kept.id, kept.id), (kept.id, 999)):
        with pytest.raises(MergeRefused, match=r"other-principal|not-two-rows"):
            merge(*pair, NOW, 1)


def test_what_somebody_decided_is_not_asked_again(house):
    principal, kept, _other, _period, _programme = house
    sister = factories.create_customer(principal, phone=OTHER, email=EMAIL, name="Zoe MARTIN")
    assert sum(apply_rules(principal.id, NOW))
    db.session.commit()
    assert {(pair.kept.id, pair.other.id) for pair in undecided(principals(), 9)} >= {(kept.id, sister.id)}
    keep_apart(kept.id, sister.id, NOW, 1)
    db.session.commit()
    assert (kept.id, sister.id) not in {(pair.kept.id, pair.other.id) for pair in undecided(principals(), 9)}
    reasons = db.session.scalars(sa.select(CustomerLink.reason).filter_by(verdict="apart").order_by(CustomerLink.id))
    assert list(reasons) == ["several-numbers", "said-so"]


def test_the_rows_of_one_person_are_no_two_for_the_database(house):
    _principal, kept, other, _period, _programme = house
    merge(kept.id, other.id, NOW, 1)
    assert db.session.get_one(Customer, other.id).email == EMAIL


def test_the_rules_read_some_addresses_at_a_time_and_decide_about_each_pair_once(house, monkeypatch):
    principal, *_rest = house
    for number in range(6):
        address = f"pair{number}@example.org"
        factories.create_customer(principal, email=address)
        factories.create_customer(principal, phone=None, email=address)
    db.session.commit()
    monkeypatch.setattr("contacts.services.merging.ADDRESSES_AT_ONCE", 3)
    assert list(apply_rules(principal.id, NOW, 2)) == [2, 1, 2, 1, 1]
    assert list(apply_rules(principal.id, NOW)) == []
