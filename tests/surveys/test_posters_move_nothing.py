"""A thousand answers at posters move no figure, ladder, table, page, file or binder of those who were drawn."""

import random
import re

import pytest
from sqlalchemy import insert, update

from contacts.models import Principal
from evidence import services as evidence
from evidence.queries import subject_of
from foundation.accounts.scope import EVERYTHING
from foundation.database import db, reading
from foundation.ledger.services import seal_round
from satisfaction.services import report
from surveys.models import Poster, PosterEvent, PosterInterview, Programme, ProgrammeVersion
from surveys.queries.answers import answer_table
from surveys.queries.draws import draw_ladder
from surveys.queries.invitations import steps
from surveys.services.posters import key_of, open_posters
from surveys.storage import model_definition
from tests.conftest import NOW, create_user, signed_in, visitor
from tests.evidence.factories import FIRST_DAY, LAST_DAY, answer_all, create_survey, draw
from tests.surveys.answer_factories import SECRET
from tests.surveys.poster_factories import begin

MANY = 1000
ASKED = ("satisfaction", "recommendation", "solved", "effort")


def calm_definition():
    """The model without what needs somebody who is known."""
    model = model_definition("post_contact")
    return model | {"questions": [raw for raw in model["questions"] if not raw.get("purpose")]}


@pytest.fixture
def drawn(app):
    """October of Belline, drawn, answered and sealed, with a poster at Lille."""
    made = draw(create_survey(definition=calm_definition()))
    answer_all(made)
    programme = db.session.get_one(Programme, made.programme_id)
    # Drawn as by file, where contacts need no address; asked on the web from here on.
    db.session.execute(update(ProgrammeVersion).values(collection="web"))
    db.session.expire_all()
    site_id = db.session.scalar(db.text("SELECT id FROM sites WHERE key = 'lille'"))
    open_posters(programme, [site_id], SECRET, NOW)
    db.session.commit()
    seal_round(NOW)
    db.session.commit()
    return made


def everything(app, made, client):
    """All that is said of a draw and its programme, to the letter."""
    db.session.rollback()
    programme = db.session.get_one(Programme, made.programme_id)
    asked = {"first_day": FIRST_DAY, "last_day": LAST_DAY, "now": NOW, "by": ("site", "channel")}
    key = programme.key
    pages = ["/satisfaction/figures?period=2026-10", "/surveys", f"/surveys/programmes/{key}", "/evidence"]
    pages += [f"/surveys/draws/{made.id}", f"/surveys/draws/{made.id}/invitations"]
    pages += [f"/surveys/draws/{made.id}/dispositions.csv", f"/surveys/programmes/{key}/answers.csv"]
    with reading():
        header, rows = answer_table(programme, EVERYTHING, words=True)
        told = {
            "report": report(**asked),
            "of the survey": report(**asked, survey_key=key),
            "ladder": draw_ladder(made),
            "answers": [header, *rows],
            "steps": list(steps(EVERYTHING, programme_id=programme.id)),
        }
    with reading():
        principal = db.session.get_one(Principal, programme.principal_id)
        told["binder"] = evidence.compose(subject_of(principal, FIRST_DAY, LAST_DAY, None), NOW).content
    for page in pages:
        answered = client.get(page)
        assert answered.status_code == 200, page
        told[page] = re.sub(r'name="csrf_token"[^>]*', "", answered.text)
    return told


def scan(poster, count, chance):
    """As many completed interviews at a poster, all of them unlike those who were drawn."""
    terms = db.session.get_one(Programme, poster.programme_id).latest
    own = {"poster_id": poster.id, "programme_version_id": terms.id, "version_id": terms.version_id, "language": "fr"}
    dates = {"begun_at": NOW, "ended_at": NOW, "expires_at": NOW, "disposition": "completed", "again": False}
    rows = [own | dates | {"seed": f"s{number}", "token_hash": f"{number:064x}"} for number in range(count)]
    ids = db.session.scalars(insert(PosterInterview).returning(PosterInterview.id), rows).all()
    worst = {"satisfaction": (1, 2), "recommendation": (0, 1), "solved": ("no",), "effort": (1, 2)}
    db.session.execute(
        insert(PosterEvent),
        [
            {"interview_id": number, "position": place, "kind": "answer", "question_id": name, "step": ""}
            | {"value": chance.choice(worst[name]), "in_turn": True, "at": NOW, "idempotency_key": f"{number}:{name}"}
            for number in ids
            for place, name in enumerate(ASKED)
        ],
    )
    db.session.commit()


def test_a_thousand_answers_at_a_poster_move_no_figure_no_ladder_no_report_no_page_and_no_binder(app, drawn):
    client = signed_in(app, create_user("quality"))
    before = everything(app, drawn, client)
    assert any(row["estimate"] for row in before["report"]["results"])
    poster = db.session.scalars(db.select(Poster)).one()
    scan(poster, MANY, random.Random(1))
    for value in ("1", "1", "2"):
        begin(visitor(app), f"/q/{key_of(poster, SECRET)}", value)
    after = everything(app, drawn, client)
    assert [name for name in before if before[name] != after[name]] == []
    # And they are there: the page of the poster counts them.
    assert "1 000" in client.get(f"/surveys/posters/{poster.id}").text.replace("\u202f", " ").replace("\u00a0", " ")
