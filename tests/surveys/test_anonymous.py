"""Anonymous answers: cut from the invitation at the end, let go in crowds, and nobody known any more afterwards."""

from datetime import timedelta

from foundation.database import db
from surveys.cli.work import let_go
from surveys.models import (
    AnonymousAnswer,
    AnswerEvent,
    AnswerPool,
    Invitation,
    OpenInterview,
)
from tests.surveys.anonymous_factories import complete, create_anonymous_draw, crowd, invite
from tests.surveys.answer_factories import NOW


def test_while_it_runs_an_interview_can_be_gone_on_with(app):
    invitation = invite(create_anonymous_draw())
    complete(invitation, {"satisfaction": "4", "subject": "bill"})
    assert db.session.scalars(db.select(Invitation.disposition)).all() == ["completed"]
    assert db.session.scalars(db.select(OpenInterview)).all() == []
    assert db.session.scalars(db.select(AnswerEvent)).all() == []
    (pool,) = db.session.scalars(db.select(AnswerPool)).all()
    assert pool.responses == [
        {"answers": [["satisfaction", 4, ""], ["subject", "bill", ""]], "language": "fr", "day": "2026-11-23"}
    ]


def test_the_round_lets_go(app):
    draw = create_anonymous_draw()
    invite(draw)
    crowd(draw, 12)
    let_go(NOW + timedelta(hours=6))
    assert db.session.scalar(db.select(db.func.count()).select_from(AnonymousAnswer)) == 7
    let_go(NOW + timedelta(days=30))
    assert db.session.scalar(db.select(db.func.count()).select_from(AnonymousAnswer)) == 12
    assert set(db.session.scalars(db.select(Invitation.disposition))) == {"erased"}
