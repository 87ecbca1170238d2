"""A batch draw that is killed (SIGKILL, a real process) means nothing, and is whole when it is carried out again."""

import os
import random
import signal
import time

import pytest
from sqlalchemy import func, select

from foundation.database import db, looking
from surveys.models import Draw, FrameUnit, Invitation, InvitationEvent
from surveys.queries.draws import kept_draw
from surveys.services import drawing
from surveys.services.draws import request_draw
from surveys.verification import differences
from tests.surveys import factories as made

KILLS, CONTACTS = (20, 400) if os.environ.get("LONG") else (1, 120)


@pytest.mark.parametrize("database", ["app"])
def test_a_killed_draw_reveals_nothing_and_is_whole_the_next_time(request, monkeypatch, database):
    request.getfixturevalue(database)
    principal, site = made.create_principal(), made.create_site()
    made.create_contacts(principal, [site], CONTACTS)
    made.create_period(principal)
    draw = request_draw(made.create_programme_of(principal), made.FIRST, made.LAST, 40, made.NOW)
    db.session.commit()
    draw_id, chance = draw.id, random.Random(7)
    monkeypatch.setattr(drawing, "ROWS_IN_A_PIECE", 4)
    for _ in range(KILLS):
        killed(draw_id, chance.randrange(4, CONTACTS // 2))
        left = db.session.get_one(Draw, draw_id)
        assert (left.state, left.seed, left.frame_hash) == ("requested", None, None)
        assert 0 < counted(FrameUnit) < CONTACTS
    made.carried_out(draw_id)
    whole = db.session.get_one(Draw, draw_id, populate_existing=True)
    assert (whole.state, whole.population, whole.drawn, differences(kept_draw(whole))) == ("drawn", CONTACTS, 40, [])
    assert (counted(FrameUnit), counted(Invitation)) == (CONTACTS, 40) and counted(InvitationEvent) in (0, 40)


def killed(draw_id, after):
    """Carry the draw out in a process of its own and kill it once so many rows of it are committed."""
    db.session.remove()
    db.engine.dispose()  # no connection is shared by two processes
    before = owner_of(draw_id)
    process = os.fork()
    if process == 0:
        try:  # never back into the tests of the parent
            for _piece in drawing.carry_out(draw_id, made.NOW):
                db.session.commit()
                time.sleep(0.002)
        finally:
            os._exit(0)
    while owner_of(draw_id) == before or progress_of(draw_id) < after:
        assert os.waitpid(process, os.WNOHANG)[0] == 0, "it ended before it could be killed"
        time.sleep(0.001)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def owner_of(draw_id):
    return _read(Draw.owner, draw_id)


def progress_of(draw_id):
    return _read(Draw.progress, draw_id)


def _read(column, draw_id):
    with looking() as connection:
        return connection.execute(select(column).where(Draw.id == draw_id)).scalar()


def counted(model):
    return db.session.scalar(select(func.count()).select_from(model))
