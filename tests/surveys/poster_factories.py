"""A poster at a site, and people who scan it."""

import re

from foundation.database import db
from surveys.models import PosterEvent, PosterInterview, Programme
from surveys.services.posters import key_of, open_posters
from tests.conftest import token_in, visitor
from tests.surveys.anonymous_factories import DEFINITION
from tests.surveys.answer_factories import NOW, SECRET, create_draw, create_version
from tests.surveys.factories import create_site

CALM = DEFINITION | {"key": "poster"}
#: What somebody satisfied answers, screen by screen; somebody who is not is asked why.
PLEASED = ("4", "bill")


def create_poster(draw=None, site=None, now=NOW, **changes):
    """A poster of a web programme (with a draw of its own, as programmes have), and its address."""
    values = {"collection": "web", "promise": "confidential"} | changes
    draw = draw or create_draw(version=create_version(CALM), **values)
    programme = db.session.get_one(Programme, draw.programme_id)
    site = site or create_site(name="Agence de Lille")
    poster = open_posters(programme, [site.id], SECRET, now)[0]
    db.session.commit()
    return poster, f"/q/{key_of(poster, SECRET)}"


def fields_of(page):
    """What the form of a page holds beside the answers."""
    named = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("step", "key", "lang", "asked")}
    return named | {"csrf_token": token_in(page)}


def send(client, link, page, value="", act="answer", **changes):
    """Post that page with an answer to the question on it."""
    fields = fields_of(page)
    return client.post(link, data={**fields, f"q.{fields['asked']}": value, "act": act, **changes})


def begin(client, link, value="4"):
    """Answer the first page; returns the interview's own link."""
    response = send(client, link, client.get(link).text, value)
    assert response.status_code == 303, response.text
    return response.location


def complete(app, link, values=PLEASED, client=None):
    """Somebody with a browser of their own answers every screen; returns the last page."""
    client = client or visitor(app)
    own, page = begin(client, link, values[0]), ""
    for value in values[1:]:
        page = send(client, own, client.get(own).text, value).text
    return page


def begun():
    db.session.rollback()
    return list(db.session.scalars(db.select(PosterInterview).order_by(PosterInterview.id)))


def stored():
    db.session.rollback()
    rows = db.session.scalars(db.select(PosterEvent).order_by(PosterEvent.id))
    return [(row.kind, row.question_id, row.value) for row in rows]
