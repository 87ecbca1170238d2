"""Two people draw at once: on PostgreSQL, where transactions really overlap."""

import threading

import pytest

from foundation.database import db
from surveys.models import Draw, FrameUnit, Invitation, SeedCommitment
from surveys.queries.draws import draw_ladder, kept_draw
from surveys.refusals import SurveyRefused
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.verification import differences
from tests.surveys.factories import (
    FIRST,
    LAST,
    NOW,
    create_contacts,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
)

pytestmark = pytest.mark.postgresql


@pytest.fixture
def programme_id(pg_app):
    principal = create_principal()
    create_contacts(principal, (create_site(), create_site()), each=30)
    create_period(principal)
    programme = create_programme_of(principal)
    db.session.commit()
    return programme.id


def at_once(app, *works):
    """Run each function in a thread and application context of its own; return what each returned or raised."""
    results, ready = [None] * len(works), threading.Barrier(len(works))

    def run(number, work):
        with app.app_context():
            try:
                ready.wait(10)
                results[number] = work()
            except Exception as error:
                results[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def ask(programme_id):
    def work():
        from surveys.models import Programme

        draw = request_draw(db.session.get(Programme, programme_id), FIRST, LAST, None, NOW)
        db.session.commit()
        return draw.id

    return work


def carry(draw_id):
    def work():
        for _piece in carry_out(draw_id, NOW):
            db.session.commit()
        return "done"

    return work


def count(model):
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def test_of_two_who_ask_for_the_same_draw_one_gets_it(pg_app, programme_id):
    results = at_once(pg_app, *[ask(programme_id)] * 4)
    refused = [one for one in results if isinstance(one, SurveyRefused)]
    assert [one.code for one in refused] == ["already-requested"] * 3
    assert count(Draw) == count(SeedCommitment) == 1


def test_of_two_who_carry_out_the_same_draw_one_does_and_it_is_whole(pg_app, programme_id, monkeypatch):
    monkeypatch.setattr("surveys.services.drawing.ROWS_IN_A_PIECE", 4)
    draw_id = ask(programme_id)()
    results = at_once(pg_app, *[carry(draw_id)] * 3)
    assert all(one == "done" or getattr(one, "code", None) == "taken-over" for one in results), results
    assert "done" in results
    draw = db.session.get(Draw, draw_id, populate_existing=True)
    assert draw.state == "drawn"
    assert (count(FrameUnit), count(Invitation)) == (60, 10)
    assert draw_ladder(draw).adds_up
    assert differences(kept_draw(draw)) == []
