"""A draw from asking to the revealed seed, on the database."""

import json
from datetime import UTC, date, datetime

import pytest

from contacts.models import Hold
from foundation.database import db
from foundation.ledger.models import Entry
from notifications.services import opt_out
from surveys.models import Draw, FrameUnit, Invitation, InvitationEvent, SeedCommitment
from surveys.queries.draws import draw_ladder, frame_file, kept_draw
from surveys.queries.seeds import opened
from surveys.refusals import SurveyRefused
from surveys.sampling import commitment
from surveys.services import drawing
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.seeds import commit_seed
from surveys.verification import differences
from tests.surveys.factories import (
    FIRST,
    LAST,
    NOW,
    carried_out,
    create_contact,
    create_contacts,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)

pytestmark = pytest.mark.usefixtures("app")


def centre(**changes):
    """A principal with forty contacts at each of two sites, a closed October and a programme."""
    principal = create_principal()
    lille, lyon = create_site(), create_site()
    create_contacts(principal, (lille, lyon), each=40)
    create_period(principal)
    return create_programme_of(principal, **changes), principal, (lille, lyon)


def entries(kind):
    return [json.loads(one.facts) for one in db.session.scalars(db.select(Entry).filter_by(kind=kind))]


def refusal(*args, **kwargs):
    with pytest.raises(SurveyRefused) as refused:
        request_draw(*args, **kwargs)
    return refused.value


def test_a_draw_keeps_everything_a_stranger_needs():
    programme, *_ = centre()
    draw = create_draw(programme)
    assert (draw.state, draw.population, draw.eligible, draw.drawn) == ("drawn", 80, 80, 10)
    assert commitment(bytes.fromhex(draw.seed)) == draw.seed_commitment
    assert {(row.drawn, row.eligible) for row in draw.strata} == {(5, 40)}
    assert differences(kept_draw(draw)) == []
    units = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id)).all()
    assert {(unit.pi_drawn, unit.pi_eligible) for unit in units} == {(5, 40)}
    (fact,) = entries("draw.made")
    assert (fact["seed"], fact["frame_hash"], fact["drawn"]) == (draw.seed, draw.frame_hash, 10)


def test_a_draw_of_some_hundreds_keeps_each_contact_once():
    principal, site = create_principal(), create_site()
    create_contacts(principal, (site,), each=230)
    create_period(principal)
    draw = create_draw(create_programme_of(principal), size=120)
    units = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id)).all()
    assert (len(units), len({unit.public_id for unit in units}), sum(unit.drawn for unit in units)) == (230, 230, 120)
    assert len({one.contact_id for one in invitations_of(draw)}) == 120
    assert differences(kept_draw(draw)) == []


def test_those_drawn_are_invited_and_nobody_else():
    programme, *_ = centre()
    draw = create_draw(programme)
    drawn = set(db.session.scalars(db.select(FrameUnit.contact_id).filter_by(draw_id=draw.id, drawn=True)))
    invitations = db.session.scalars(db.select(Invitation)).all()
    assert {invitation.contact_id for invitation in invitations} == drawn
    assert {invitation.disposition for invitation in invitations} == {"drawn"}
    assert db.session.scalar(db.select(db.func.count()).select_from(InvitationEvent)) == 10


def test_the_hash_is_that_of_the_frame_file():
    import hashlib

    programme, *_ = centre()
    draw = create_draw(programme)
    assert hashlib.sha256(b"".join(frame_file(draw.id))).hexdigest() == draw.frame_hash


def test_every_contact_is_counted_once_with_its_reason():
    programme, principal, (lille, lyon) = centre()
    create_contact(principal, lille, create_customer(principal), outcome="abandoned")
    create_contact(principal, lille)
    create_contact(principal, lyon, create_customer(principal, phone_takes_sms=False))
    stopped, busy = create_customer(principal), create_customer(principal)
    create_contact(principal, lyon, stopped)
    create_contact(principal, lyon, busy)
    hold(busy, "staff")
    opt_out(stopped.phone, principal.id, "sms", NOW)
    twice = create_customer(principal)
    create_contact(principal, lille, twice)
    create_contact(principal, lyon, twice)
    draw = create_draw(programme)
    assert draw.population == 87
    assert draw.exclusions == {
        "ineligible": {"outcome-abandoned": 1},
        "suppressed": {"no-address": 2, "opted-out": 1, "hold-staff": 1, "same-customer": 1},
    }
    assert draw.eligible == 81
    found = draw_ladder(draw)
    assert found.adds_up
    assert found.overall.suppressed == draw.exclusions["suppressed"]
    assert sum(rungs.population for rungs in found.strata.values()) == 87
    assert differences(kept_draw(draw)) == []


def hold(customer, code):
    db.session.add(Hold(customer_id=customer.id, code=code, key=f"{code}:{customer.id}", starts_at=NOW))


def test_a_contact_that_is_a_test_is_left_out_and_its_customer_may_take_part_with_another():
    programme, principal, (lille, _) = centre()
    customer = create_customer(principal)
    create_contact(principal, lille, customer)
    tried = create_contact(principal, lille, customer)
    db.session.add(Hold(contact_id=tried.id, code="test", key="test:1", starts_at=NOW))
    draw = create_draw(programme)
    assert draw.exclusions["suppressed"] == {"hold-test": 1}
    assert draw.eligible == 81


def test_who_was_invited_lately_is_left_alone():
    programme, *_ = centre(quarantine_days=30)
    first = create_draw(programme)
    later = create_programme_of(principal_of(programme), quarantine_days=30, sample_size=20)
    second = create_draw(later)
    assert second.exclusions["suppressed"] == {"quarantine": first.drawn}


@pytest.mark.parametrize("values", [{"disposition": "not_sent"}, {"collection": "file"}])
def test_who_was_drawn_and_not_written_to_may_be_asked_soon(values):
    programme, *_ = centre(quarantine_days=30)
    create_draw(programme)
    db.session.execute(db.update(Invitation).values(values))
    later = create_programme_of(principal_of(programme), quarantine_days=30, sample_size=20)
    assert create_draw(later).exclusions["suppressed"] == {}


def principal_of(programme):
    from contacts.models import Principal

    return db.session.get(Principal, programme.principal_id)


def test_answers_by_file_need_no_address_and_count_every_contact():
    programme, principal, (lille, _) = centre(collection="file")
    one = create_customer(principal)
    create_contact(principal, lille, one)
    create_contact(principal, lille, one)
    create_contact(principal, lille)
    draw = create_draw(programme)
    assert (draw.eligible, draw.one_per_customer) == (83, False)
    assert draw.exclusions["suppressed"] == {}


def test_a_seed_committed_before_the_period_is_used_and_is_not_late():
    programme, *_ = centre()
    seed = commit_seed(programme, FIRST, LAST, datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    draw = create_draw(programme)
    assert (draw.seed, draw.late) == (opened(seed).hex(), False)
    assert [fact["commitment"] for fact in entries("seed.committed")] == [seed.commitment]


@pytest.mark.parametrize(
    "committed_at, late",
    [
        (datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC), False),  # a second to midnight in Paris
        (datetime(2026, 9, 30, 22, 0, tzinfo=UTC), True),
    ],
)
def test_a_seed_is_late_from_the_first_local_moment_of_its_period(committed_at, late):
    programme, *_ = centre()
    assert commit_seed(programme, FIRST, LAST, committed_at).late is late


def test_a_past_period_without_seed_gets_one_that_is_late():
    programme, *_ = centre()
    draw = create_draw(programme)
    assert draw.late
    assert entries("seed.committed")[0]["late"] is True


def test_the_ledger_does_not_tell_the_seed_before_the_draw():
    programme, *_ = centre()
    seed = commit_seed(programme, FIRST, LAST, NOW)
    assert all(opened(seed).hex() not in one.facts for one in db.session.scalars(db.select(Entry)))


def test_a_second_seed_for_the_same_days_is_refused():
    programme, *_ = centre()
    commit_seed(programme, FIRST, LAST, NOW)
    with pytest.raises(SurveyRefused, match="seed-already-committed"):
        commit_seed(programme, FIRST, LAST, NOW)


def test_an_open_period_is_not_drawn_from():
    principal = create_principal()
    create_period(principal, closed=False)
    programme = create_programme_of(principal)
    assert refusal(programme, FIRST, LAST, None, NOW).code == "period-open"
    assert refusal(programme, date(2026, 9, 1), date(2026, 9, 30), None, NOW).code == "period-open"


def test_drawing_twice_is_refused():
    programme, *_ = centre()
    draw = create_draw(programme)
    again = refusal(programme, FIRST, LAST, None, NOW)
    assert (again.code, again.facts) == ("already-drawn", {"draw_id": draw.id})
    carried_out(draw.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(FrameUnit)) == 80


def test_a_draw_under_way_is_not_asked_for_twice():
    programme, *_ = centre()
    request_draw(programme, FIRST, LAST, None, NOW)
    assert refusal(programme, FIRST, LAST, None, NOW).code == "already-requested"


def test_more_than_there_is_is_refused_with_the_numbers_and_can_be_asked_anew():
    programme, *_ = centre()
    draw = create_draw(programme, size=81)
    assert (draw.state, draw.seed, draw.frame_hash) == ("refused", None, None)
    assert draw.refusal == {"code": "larger-than-frame", "facts": {"requested": 81, "available": 80}}
    assert create_draw(programme, size=80).drawn == 80


def test_an_interrupted_draw_is_begun_anew_and_is_whole(monkeypatch):
    monkeypatch.setattr(drawing, "ROWS_IN_A_PIECE", 16)
    programme, *_ = centre(sample_size=30)
    draw = request_draw(programme, FIRST, LAST, None, NOW)
    db.session.commit()
    pieces = carry_out(draw.id, NOW)
    for _ in range(4):
        next(pieces)
        db.session.commit()
    assert 0 < db.session.get(Draw, draw.id).progress < 80
    carried_out(draw.id)
    with pytest.raises(SurveyRefused, match="taken-over"):
        next(pieces)
    db.session.rollback()
    draw = db.session.get(Draw, draw.id)
    assert draw.drawn == 30
    assert db.session.scalar(db.select(db.func.count()).select_from(Invitation)) == 30
    assert db.session.scalar(db.select(db.func.count()).select_from(InvitationEvent)) == 30
    assert draw_ladder(draw).adds_up
    assert len(entries("draw.made")) == 1


def test_a_size_given_to_everyone_is_shared_in_proportion():
    programme, *_ = centre(method="everyone", sample_size=None)
    draw = create_draw(programme, size=8)
    assert (draw.allocation["method"], draw.drawn) == ("proportional", 8)


def test_one_programme_may_be_drawn_for_every_period_with_another_seed():
    programme, principal, _ = centre()
    create_period(principal, first=date(2026, 9, 1), last=date(2026, 9, 30))
    create_draw(programme)
    september = request_draw(programme, date(2026, 9, 1), date(2026, 9, 30), None, NOW)
    seeds = [opened(seed) for seed in db.session.scalars(db.select(SeedCommitment))]
    assert september.state == "requested"
    assert len(set(seeds)) == 2
    assert all(len(seed) * 8 >= 256 for seed in seeds)


def test_tampering_with_the_frame_is_found():
    programme, *_ = centre()
    draw = create_draw(programme)
    unit = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id, drawn=True).limit(1)).one()
    unit.drawn = False
    other = db.session.scalars(
        db.select(FrameUnit)
        .filter_by(draw_id=draw.id, drawn=False)
        .where(FrameUnit.public_id != unit.public_id)
        .limit(1)
    ).one()
    other.drawn = True
    db.session.flush()
    assert [(one.code, one.about) for one in differences(kept_draw(draw))] == [
        ("drawn-wrongly", other.public_id),
        ("not-drawn", unit.public_id),
        ("not-invited", other.public_id),
        ("invited-wrongly", unit.public_id),
    ]


def test_what_is_drawn_and_what_is_published_cannot_be_changed():
    programme, *_ = centre()
    draw = create_draw(programme)
    draw.drawn = 9
    with pytest.raises(SurveyRefused, match="drawn-stays"):
        db.session.flush()
    db.session.rollback()
    version = db.session.get(Draw, draw.id).terms.version
    version.definition = {**version.definition, "title": {"fr": "Autre", "en": "Other"}}
    with pytest.raises(SurveyRefused, match="published-stays"):
        db.session.flush()
    db.session.rollback()
