from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import AgreementVersion
from contacts.queries.agreements import agreements, principals_sharing
from contacts.services.agreements import Agreed, AgreementRefused, change_agreement, record_agreement
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.ledger.models import Entry
from tests.conftest import NOW
from tests.contacts.factories import create_principal

AGREED = Agreed(
    widens=("quarantine",),
    legal_basis="Responsabilité conjointe (article 26 du RGPD)",
    signed_on=date(2026, 10, 1),
    signed_by="Mme Aubry pour Belline, M. Costa pour Orme",
    first_day=date(2026, 11, 1),
)


def changed(**changes):
    return Agreed(**{**AGREED.__dict__, **changes})


@pytest.fixture
def three(app):
    return [create_principal().id for _ in range(3)]


def test_without_an_agreement_a_principal_is_alone(three):
    assert principals_sharing(three[0], "quarantine", NOW) == {three[0]}


def test_an_agreement_widens_what_it_names_among_its_parties_and_nothing_else(three):
    first, second, third = three
    record_agreement([first, second], AGREED, NOW)
    assert principals_sharing(first, "quarantine", NOW) == principals_sharing(second, "quarantine", NOW)
    assert principals_sharing(first, "quarantine", NOW) == {first, second}
    assert principals_sharing(first, "opt_out", NOW) == {first}
    assert principals_sharing(third, "quarantine", NOW) == {third}


def test_who_agreed_with_my_party_did_not_agree_with_me(three):
    first, second, third = three
    record_agreement([first, second], AGREED, NOW)
    record_agreement([second, third], AGREED, NOW)
    assert principals_sharing(first, "quarantine", NOW) == {first, second}
    assert principals_sharing(second, "quarantine", NOW) == {first, second, third}


def test_it_holds_from_its_first_to_its_last_day_in_the_zone_of_the_principal(three):
    first, second, _third = three
    record_agreement([first, second], changed(last_day=date(2026, 11, 30)), datetime(2026, 10, 20, tzinfo=UTC))
    held = {
        moment: second in principals_sharing(first, "quarantine", moment)
        for moment in (
            datetime(2026, 10, 31, 22, 59, tzinfo=UTC),
            datetime(2026, 10, 31, 23, 0, tzinfo=UTC),
            datetime(2026, 11, 30, 22, 59, tzinfo=UTC),
            datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
        )
    }
    assert list(held.values()) == [False, True, True, False]


def test_what_is_changed_today_changes_nothing_of_yesterday(three):
    first, second, third = three
    agreement = record_agreement([first, second], AGREED, NOW)
    later = NOW + timedelta(days=2)
    change_agreement(agreement.id, 1, [first, third], changed(widens=("opt_out",)), later, None)
    assert principals_sharing(first, "quarantine", NOW + timedelta(days=1)) == {first, second}
    assert principals_sharing(first, "quarantine", later) == {first}
    assert principals_sharing(first, "opt_out", later) == {first, third}
    assert [row.number for row in db.session.scalars(db.select(AgreementVersion))] == [1, 2]


def test_each_version_is_known_to_the_ledger_without_who_signed(three):
    agreement = record_agreement(three[:2], AGREED, NOW)
    change_agreement(agreement.id, 1, three[:2], changed(last_day=date(2026, 12, 31)), NOW, None)
    entries = list(db.session.scalars(db.select(Entry).order_by(Entry.id)))
    assert [entry.kind for entry in entries] == ["contacts.agreement-recorded", "contacts.agreement-changed"]
    assert "Aubry" not in entries[0].facts and entries[0].commitment
    assert '"last_day":"2026-12-31"' in entries[1].facts


def test_of_two_editors_the_second_is_told(three):
    agreement = record_agreement(three[:2], AGREED, NOW)
    change_agreement(agreement.id, 1, three[:2], AGREED, NOW, None)
    with pytest.raises(AgreementRefused, match="changed-meanwhile"):
        change_agreement(agreement.id, 1, three[:2], AGREED, NOW, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"widens": ()}, "widens-nothing"),
        ({"widens": ("identity",)}, "unknown-widening"),
        ({"legal_basis": " "}, "basis-missing"),
        ({"last_day": date(2026, 10, 31)}, "days-out-of-order"),
        ({"signed_on": date(2026, 11, 24)}, "signed-later"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(three, changes, code):
    with pytest.raises(AgreementRefused, match=code):
        record_agreement(three[:2], changed(**changes), NOW)


def test_one_principal_cannot_agree_with_itself(three):
    with pytest.raises(AgreementRefused, match="too-few-parties"):
        record_agreement([three[0], three[0]], AGREED, NOW)


def test_an_agreement_is_seen_by_whoever_sees_one_of_its_parties(three):
    record_agreement(three[:2], AGREED, NOW)
    seen = [len(agreements(Scope(frozenset({one})))) for one in three]
    assert seen == [1, 1, 0]
