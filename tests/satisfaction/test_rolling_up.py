"""The cells and what came since are what a recount says, whatever happens in whatever order."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from foundation.database import db
from notifications.models import Alert
from satisfaction.engines import CellsDiffer, check_round
from satisfaction.models import AnswerCell, RollUp
from satisfaction.queries.cells import current_counts, recounted
from satisfaction.rolling import Claims
from satisfaction.services import rolling_up
from surveys.models import AnonymousAnswer, AnswerEvent, Invitation
from surveys.services.answer_withdrawals import withdraw_answers
from surveys.services.interviews import settle_expired
from tests.satisfaction.factories import (
    add_event,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUESTIONS = ("satisfaction", "recommendation")


def drawn(invitations: int = 5) -> list[Invitation]:
    """A draw at two sites, and its invitations, delivered."""
    principal = create_principal()
    rows = [("a", create_site("lille"), "phone", 9, invitations), ("b", create_site("lyon"), "email", 4, 2)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    found = db.session.scalars(sa.select(Invitation).filter_by(draw_id=draw.id).order_by(Invitation.id)).all()
    db.session.commit()
    return list(found)


def roll_up(piece: int = 1000) -> None:
    for _done in rolling_up.roll_up(NOW, piece):
        db.session.commit()
    db.session.commit()


def assert_exact() -> None:
    """What a report would read, and what the roll-up keeps, are both what the answers say."""
    draws = set(db.session.scalars(sa.select(Invitation.draw_id)))
    assert current_counts(draws) == recounted(draws)
    assert rolling_up.check() == []


STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(0, 6), st.sampled_from(QUESTIONS), st.integers(1, 5)),
    st.tuples(st.just("say"), st.integers(0, 6), st.sampled_from(QUESTIONS), st.integers(1, 5)),
    st.tuples(st.sampled_from(["skip", "void"]), st.integers(0, 6), st.sampled_from(QUESTIONS), st.none()),
    st.tuples(st.sampled_from(["completed", "expire", "broken_off"]), st.integers(0, 6), st.none(), st.none()),
    st.tuples(st.just("roll"), st.sampled_from([1, 2, 1000]), st.none(), st.none()),
    st.tuples(st.just("recount"), st.just(0), st.none(), st.none()),
)


def step(rows: list[Invitation], act: str, number: int, question: str | None, value: int | None) -> None:
    if act == "roll":
        for _done in rolling_up.roll_up(NOW, number):
            db.session.commit()
            break  # a piece, then something else
        return
    if act == "recount":
        rolling_up.recount(NOW)
        return
    row = rows[number]
    if act in ("say", "skip", "void"):
        assert question
        add_event(row, question, value, "answer" if act == "say" else act)
        row.disposition = "started" if row.disposition == "delivered" else row.disposition
    elif act == "completed":
        add_event(row, "satisfaction", None, "completed")
        row.disposition = "completed"
    elif row.disposition == "started":
        row.disposition = "partial" if act == "expire" else "broken_off"
    db.session.commit()


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, max_size=25))
def test_cells_and_tail_are_a_recount_after_any_interleaving(app, steps) -> None:
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())
    db.session.commit()
    rows = drawn()
    roll_up()
    for each in steps:
        step(rows, *each)
        assert_exact()
    roll_up()
    assert_exact()
    cells = sa.select(sa.func.coalesce(sa.func.sum(AnswerCell.answers), 0))
    assert db.session.scalar(cells) == recounted().total()


def test_an_older_transaction_that_commits_after_the_roll_up_is_not_lost(pg_app) -> None:
    rows = drawn()
    add_event(rows[1], "satisfaction", 3)
    rows[1].disposition = "completed"
    db.session.commit()
    roll_up()
    with Session(db.engine) as slow:
        slow.execute(sa.insert(AnswerEvent), [event(rows[0], 4)])
        slow.execute(sa.update(Invitation).where(Invitation.id == rows[0].id).values(disposition="completed"))
        slow.flush()
        add_event(rows[2], "satisfaction", 5)
        rows[2].disposition = "completed"
        db.session.commit()
        roll_up()
        assert db.session.get_one(RollUp, 1).gaps != []
        assert recounted().total() == 2
        assert_exact()
        db.session.commit()
        slow.commit()
    assert recounted().total() == 3
    assert_exact()
    roll_up()
    assert db.session.get_one(RollUp, 1).gaps == []
    assert db.session.scalar(sa.select(sa.func.sum(AnswerCell.answers))) == 3


def test_an_id_that_came_to_nothing_stays_a_gap_and_changes_no_figure(pg_app) -> None:
    rows = drawn()
    add_event(rows[0], "satisfaction", 3)
    rows[0].disposition = "completed"
    db.session.commit()
    roll_up()
    with Session(db.engine) as lost:
        lost.execute(sa.insert(AnswerEvent), [event(rows[1], 4)])
        lost.rollback()
    add_event(rows[2], "satisfaction", 5)
    rows[2].disposition = "partial"
    db.session.commit()
    roll_up()
    assert len(db.session.get_one(RollUp, 1).gaps) == 1
    rolling_up.recount(NOW)
    assert len(db.session.get_one(RollUp, 1).gaps) == 1
    assert_exact()


def test_the_roll_up_waits_for_no_customer_and_keeps_none_waiting(pg_app) -> None:
    rows = drawn()
    add_event(rows[0], "satisfaction", 3)
    rows[0].disposition = "started"
    db.session.commit()
    roll_up()
    with Session(db.engine) as customer:
        customer.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        customer.scalars(sa.select(Invitation).where(Invitation.id == rows[0].id).with_for_update()).one()
        db.session.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        add_event(rows[1], "satisfaction", 3)
        db.session.commit()
        roll_up()
        customer.execute(sa.insert(AnswerEvent), [event(rows[0], 4, position=1)])
        customer.commit()
    assert_exact()


def test_an_interview_whose_time_ran_out_begins_to_count(app) -> None:
    rows = drawn()
    for question in ("satisfaction", "solved", "recommendation", "access", "handling", "conclusion", "effort"):
        add_event(rows[0], question, 4)
    rows[0].disposition, rows[0].expires_at = "started", NOW
    db.session.commit()
    roll_up()
    assert not db.session.scalars(sa.select(AnswerCell)).all()
    settle_expired(NOW)
    assert rows[0].disposition in ("partial", "broken_off")
    rows[0].disposition = "partial"
    db.session.commit()
    assert current_counts([rows[0].draw_id]).total() > 0
    assert_exact()
    roll_up()
    assert db.session.scalars(sa.select(AnswerCell)).all()


def test_a_cell_that_is_wrong_is_named_and_a_recount_mends_it(app) -> None:
    rows = drawn()
    add_event(rows[0], "satisfaction", 3)
    rows[0].disposition = "completed"
    db.session.commit()
    roll_up()
    db.session.execute(sa.update(AnswerCell).values(answers=7))
    db.session.commit()
    (found,) = rolling_up.check()
    assert (found.key.question_id, found.key.value, found.rolled, found.counted) == ("satisfaction", 3, 7, 1)
    result = app.test_cli_runner().invoke(args=["satisfaction", "recount", "--check"])
    assert result.exit_code == 3 and "7 in the cells, 1 counted" in result.output
    assert app.test_cli_runner().invoke(args=["satisfaction", "recount"]).exit_code == 0
    assert rolling_up.check() == []


@pytest.mark.parametrize("database", ["app", "pg_app"])
def test_anonymous_answers_are_counted_when_they_are_let_go_and_when_they_are_taken_back(database, request) -> None:
    request.getfixturevalue(database)
    rows = drawn()
    draw = rows[0].draw_id
    said: list[list[Any]] = [["satisfaction", 4, ""], ["recommendation", 9, ""]]

    def let_go(stratum: str | None, sign: int) -> None:
        if sign > 0:
            db.session.add(AnonymousAnswer(draw_id=draw, stratum=stratum, answers=said))
        else:
            db.session.execute(sa.delete(AnonymousAnswer).where(AnonymousAnswer.stratum == stratum))
        rolling_up.count_let_go(draw, stratum, [said], sign)
        db.session.commit()

    let_go("a", 1)
    assert_exact()
    roll_up()
    let_go("b", 1)
    assert_exact()
    let_go("b", -1)
    let_go(None, 1)
    assert_exact()
    assert {cell.stratum for cell in db.session.scalars(sa.select(AnswerCell))} == {"a", "(together)"}


def test_ids_between_two_that_were_seen_are_gaps_until_they_are_seen_too() -> None:
    claims = Claims().with_seen([1, 2, 5, 9])
    assert claims == Claims(9, ((3, 4), (6, 8)))
    assert [claims.holds(one) for one in (2, 3, 4, 5, 6, 9, 10)] == [True, False, False, True, False, True, False]
    assert claims.with_seen([3, 7, 10]) == Claims(10, ((4, 4), (6, 6), (8, 8)))
    assert claims.with_seen([11], remember=False) == Claims(11)


def event(invitation: Invitation, value: int, position: int = 0) -> dict[str, Any]:
    return {
        "invitation_id": invitation.id, "version_id": invitation.version_id, "position": position, "kind": "answer",
        "question_id": "satisfaction", "value": value, "mode": "web", "at": NOW,
        "idempotency_key": secrets.token_hex(8),
    }  # fmt: skip


def test_withdrawn_answers_leave_the_cells_and_stay_counted_as_withdrawn(app) -> None:
    rows = drawn()
    for row, value in zip(rows, (1, 5, 5), strict=False):
        add_event(row, "satisfaction", value)
        row.disposition = "completed"
    db.session.commit()
    roll_up()
    withdraw_answers(rows[0].id, ["satisfaction"], "asked", "a demandé", NOW, None)
    db.session.commit()
    assert_exact()
    roll_up()
    assert_exact()
    assert {(cell.value, cell.answers) for cell in db.session.scalars(sa.select(AnswerCell))} == {(5, 2)}


def test_a_difference_at_night_is_an_alert_until_a_recount_mended_it(app) -> None:
    rows = drawn()
    add_event(rows[0], "satisfaction", 3)
    rows[0].disposition = "completed"
    db.session.commit()
    roll_up()
    db.session.execute(sa.update(AnswerCell).values(answers=7))
    db.session.commit()
    with pytest.raises(CellsDiffer):
        check_round(NOW)
    (alert,) = db.session.scalars(sa.select(Alert)).all()
    assert (alert.kind, alert.ended_at, alert.principal_id) == ("counts_off", None, None)
    assert "recount" in alert.text["en"] and "recount" in alert.text["fr"]
    rolling_up.recount(NOW)
    check_round(NOW + timedelta(days=1))
    db.session.refresh(alert)
    assert alert.ended_at is not None


def gap_left(rows: list[Invitation]) -> list[list[int]]:
    """An id that was taken and rolled back, with events on both sides; the gaps the roll-up remembers."""
    add_event(rows[0], "satisfaction", 3)
    rows[0].disposition = "completed"
    db.session.commit()
    add_event(rows[1], "satisfaction", 4)
    db.session.rollback()
    add_event(rows[2], "satisfaction", 5)
    rows[2].disposition = "completed"
    db.session.commit()
    roll_up()
    return gaps()


def gaps() -> list[list[int]]:
    return list(db.session.execute(sa.select(RollUp.gaps)).scalar_one())


def test_a_gap_that_came_to_nothing_is_forgotten_the_second_night(pg_app) -> None:
    rolling_up.recount(NOW)
    assert len(gap_left(drawn())) == 1
    check_round(NOW)
    assert len(gaps()) == 1  # whoever took that id might still be at work
    check_round(NOW + timedelta(days=1))
    assert gaps() == []
    assert_exact()


def test_a_gap_stays_while_a_transaction_of_its_time_is_under_way_and_is_counted_when_it_appears(pg_app) -> None:
    rolling_up.recount(NOW)
    rows = drawn()
    with Session(db.engine) as slow:
        row = slow.get_one(Invitation, rows[1].id)
        row.disposition = "completed"
        slow.flush()
        add_event_in(slow, row, 4)
        gap_left([rows[0], rows[2], rows[3]])
        for night in range(3):
            check_round(NOW + timedelta(days=night))
        assert len(gaps()) >= 1
        slow.commit()
    assert_exact()
    roll_up()
    assert_exact()


def add_event_in(session: Session, invitation: Invitation, value: int) -> None:
    session.add(
        AnswerEvent(
            invitation_id=invitation.id, version_id=invitation.version_id, position=0, kind="answer",
            question_id="satisfaction", value=value, mode="web", at=NOW, idempotency_key=secrets.token_hex(8),
        )
    )  # fmt: skip
    session.flush()
