"""Figures of draws whose contacts weigh each for itself, through the database: continuous draws, and multiplicities."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from contacts.models import CustomerLink, Period
from estimation import WeightedAnswer, weighted_mean
from foundation.database import db
from satisfaction import services
from satisfaction.cells import Cell, FrameCount, Place, Sample, Weighed
from satisfaction.estimates import estimated, estimated_finding
from satisfaction.findings import CLASSES_JOINED, ONE_PER_CUSTOMER, Finding
from satisfaction.findings import Period as Days
from satisfaction.indicators import SURVEY_INDICATORS, Asked, Reading
from surveys.models import Draw, FrameUnit, Invitation
from surveys.services.answer_withdrawals import withdraw_answers
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from tests.satisfaction.factories import add_event
from tests.surveys.continuous_factories import arrive, closed, continuous_programme, entry, opened
from tests.surveys.factories import create_principal, create_programme_of, create_site

BEFORE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)
ASKED = Asked("q", "satisfaction", None, (1, 5), "0" * 12)
MEAN = Reading(next(one for one in SURVEY_INDICATORS if one.code == "satisfaction_mean"), ASKED)


def results(programme, first, last, by=()):
    found = services.report(first_day=first, last_day=last, now=AFTER, survey_key=programme.key, by=by)
    return {(row["indicator"], *row["by"].values()): row for row in found["results"]}


def let_answer(draw, score_of):
    """Everybody who was taken answers, with the score of their contact."""
    for invitation in db.session.scalars(db.select(Invitation).filter_by(draw_id=draw.id)):
        invitation.disposition, invitation.completed_at = "completed", AFTER
        add_event(invitation, "satisfaction", score_of[invitation.contact_id])
    db.session.commit()


def december(principal, site, programme):
    """A month of callers: those who call every week say 2, the others 5; whoever is known by no address is silent."""
    draw = opened(programme, BEFORE)
    scores = {}
    for day in range(1, 29):
        at = datetime(2026, 12, day, 9, tzinfo=UTC)
        weekly = [f"+3361{n:07d}" for n in range(40) if n % 7 == day % 7]
        once = [f"+3362{1000 * day + n:07d}" for n in range(3)]
        arrive(principal, [entry(site, at, phone) for phone in (*weekly, *once, None)], at)
    for unit in db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id)):
        phone = db.session.scalar(db.text(f"SELECT phone FROM customers WHERE id = {unit.customer_id or 0}"))
        scores[unit.contact_id] = 2 if phone and phone.startswith("+3361") else 5
    draw = closed(draw, AFTER, despite_gaps=True)  # the last days of the month are silent
    let_answer(draw, scores)
    return draw, scores


def test_nothing_is_estimated_of_a_draw_that_runs(app):
    principal, site = create_principal(), create_site("lille")
    programme = continuous_programme(principal, "1/2")
    opened(programme, BEFORE)
    arrive(principal, [entry(site, datetime(2026, 12, 1, 9, tzinfo=UTC), "+33600000001")], BEFORE)
    row = results(programme, date(2026, 12, 1), date(2026, 12, 31))["satisfaction",]
    assert (row["estimate"], row["flags"], row["population_name"]) == (None, ["no-closed-period"], None)


def test_a_continuous_draw_speaks_of_all_contacts_by_inverse_probability(app):
    principal, site = create_principal(), create_site("lille")
    programme = continuous_programme(principal, "1/2", quarantine_days=60)
    draw, scores = december(principal, site, programme)
    found = results(programme, date(2026, 12, 1), date(2026, 12, 31))
    units = list(db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id)))
    taken = [unit for unit in units if unit.drawn]
    expected = sum(scores[u.contact_id] / u.pi for u in taken) / sum(1 / u.pi for u in taken)
    row = found["satisfaction_mean",]
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)
    by_hand = weighted_mean(
        {"": draw.eligible}, [WeightedAnswer("", u.customer_id, 1 / u.pi, scores[u.contact_id]) for u in taken]
    )
    assert (row["lower"], row["upper"]) == pytest.approx((by_hand.lower, by_hand.upper), abs=1e-12)
    truth = sum(scores[u.contact_id] for u in units if u.pi) / draw.eligible
    plain = sum(scores[u.contact_id] * u.pi for u in units if u.pi) / sum(u.pi for u in units if u.pi)  # expected
    assert plain - truth > 0.1  # those who call every week were taken too seldom
    assert (row["weighting"], row["population_name"]) == ("inverse_probability", "contactable")
    assert (row["population"], row["n"], row["method"]) == (draw.eligible, len(taken), "t_weighted")
    assert row["detail"]["persons"] == len({u.customer_id for u in taken})
    lost = 28 / (28 + draw.eligible)
    assert row["coverage_loss"] == {
        "share": pytest.approx(lost),
        "lower": pytest.approx((1 - lost) * expected + lost * 1),
        "upper": pytest.approx((1 - lost) * expected + lost * 5),
    }
    share = found["satisfaction",]
    assert share["coverage_loss"]["upper"] == pytest.approx((1 - lost) * share["estimate"] + lost)


def october(principal, site):
    """A batch of everybody: ten customers who called four times say 1, twenty who called once say 5."""
    programme = create_programme_of(principal, method="everyone", sample_size=None, strata=[])
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    often = [entry(site, at + timedelta(hours=n), f"+3361{k:07d}") for k in range(10) for n in range(4)]
    arrive(principal, [*often, *(entry(site, at, f"+3362{k:07d}") for k in range(20))], at)
    period = Period(principal_id=principal.id, first_day=date(2026, 10, 1), last_day=date(2026, 10, 31))
    period.closed_at, period.population, period.frame_hash = BEFORE, 60, "0" * 64
    db.session.add(period)
    db.session.flush()
    draw = request_draw(programme, period.first_day, period.last_day, None, BEFORE)
    db.session.commit()
    for _piece in carry_out(draw.id, BEFORE):
        db.session.commit()
    units = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id)).all()
    let_answer(db.session.get_one(Draw, draw.id), {u.contact_id: 1 if u.multiplicity == 4 else 5 for u in units})
    return programme


def test_a_batch_that_took_one_contact_of_each_customer_speaks_of_contacts_again(app):
    programme = october(create_principal(), create_site("lille"))
    found = results(programme, date(2026, 10, 1), date(2026, 10, 31), by=("site",))
    for row in (found["satisfaction_mean",], found["satisfaction_mean", "lille"]):
        assert row["estimate"] == pytest.approx((40 * 1 + 20 * 5) / 60)  # of the customers alone it would be 11 / 3
        assert (row["population"], row["n"], row["weighting"]) == (60, 30, "multiplicity")
        assert ONE_PER_CUSTOMER not in row["flags"]
    assert found["satisfaction_mean",]["population_name"] == "eligible_after_suppression"


def _sample(weights, joining=True, labels=("a", "b")):
    rng, place = random.Random(3), Place("lille", "phone")
    cells, weighed = [], []
    for label in labels:
        for person in range(weights[label]):
            value = rng.randint(1, 5)
            cells.append(Cell((1, label), place, "q", value, 1))
            weighed.append(Weighed((1, label), place, "q", value, 2.0, f"{label}{person}"))
    frame = tuple(FrameCount((1, label), place, 100, 100, 20) for label in labels)
    if not joining:
        return Sample(frame, tuple(cells))
    return Sample(frame, tuple(cells), None, tuple(weighed), frozenset({1}), frozenset({1}))


def test_equal_weights_of_single_contacts_give_the_figure_of_today_to_the_last_digit():
    today = estimated(MEAN, _sample({"a": 12, "b": 15}, joining=False).tally("q", {}).strata, 0.95)
    weighed = estimated(MEAN, _sample({"a": 12, "b": 15}).tally("q", {}).strata, 0.95)
    assert (weighed.value, weighed.lower, weighed.upper, weighed.df) == pytest.approx(
        (today.value, today.lower, today.upper, today.df), abs=1e-12
    )


def test_strata_of_a_continuous_draw_with_few_answers_are_joined_and_it_is_said():
    few = _sample({"a": 4, "b": 15})
    estimate = estimated(MEAN, few.tally("q", {}).strata, 0.95)
    assert (estimate.detail["classes"], estimate.detail["classes_joined"]) == (1, 1)
    together = weighted_mean({"": 200}, [WeightedAnswer("", w.person, 2.0, w.value) for w in few.weighed])
    assert estimate.value == pytest.approx(together.estimate)
    october = Days(date(2026, 10, 1), date(2026, 10, 31))
    finding = estimated_finding(Finding("satisfaction_mean", "mean", october), MEAN, few.tally("q", {}))
    assert (finding.value, CLASSES_JOINED in finding.flags) == (estimate.value, True)


def single_reads(work):
    """How often ``work`` reads answers one by one."""
    statements = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return sum("frame_units.multiplicity" in one for one in statements)


def test_answers_of_a_draw_that_is_over_are_read_once_and_again_when_one_is_withdrawn(app):
    principal, site = create_principal(), create_site()
    programme = continuous_programme(principal)
    draw, _scores = december(principal, site, programme)
    days = draw_days(draw)
    assert single_reads(lambda: results(programme, *days)) == 1
    before = results(programme, *days)["satisfaction",]
    assert single_reads(lambda: results(programme, *days)) == 0
    answered = db.session.scalars(db.select(Invitation.id).filter_by(draw_id=draw.id, disposition="completed")).first()
    withdraw_answers(answered, ["satisfaction"], "asked", "a demandé", AFTER, None)
    db.session.commit()
    assert single_reads(lambda: results(programme, *days)) == 1
    assert results(programme, *days)["satisfaction",]["n"] == before["n"] - 1


def test_two_rows_that_are_found_to_be_one_customer_are_read_anew(app):
    principal, site = create_principal(), create_site()
    programme = continuous_programme(principal)
    draw, _scores = december(principal, site, programme)
    days = draw_days(draw)
    before = results(programme, *days)["satisfaction",]
    one, other = sorted({row for row in db.session.scalars(db.select(Invitation.customer_id)) if row})[:2]
    db.session.execute(db.update(Invitation).where(Invitation.customer_id == other).values(customer_id=one))
    link = {"kept_id": one, "other_id": other, "rule": "person@1", "verdict": "merged", "evidence_hash": "0" * 64}
    db.session.add(CustomerLink(principal_id=principal.id, decided_at=AFTER, **link))
    db.session.commit()
    after = results(programme, *days)["satisfaction",]
    assert after["detail"]["persons"] == before["detail"]["persons"] - 1


def draw_days(draw):
    period = db.session.get_one(Period, draw.period_id)
    return period.first_day, period.last_day
