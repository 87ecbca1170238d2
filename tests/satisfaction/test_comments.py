"""The words of customers: which are read, by whom, and that no anonymous one stands among few."""

import csv
import io
import re

import pytest

from contacts.models import Site
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Access
from satisfaction.comments import Wanted, scores_may_be_told
from satisfaction.queries.anonymous_comments import anonymous_comments
from satisfaction.queries.comments import asked_in, comments
from surveys.models import AnonymousAnswer, AnswerText
from surveys.models.answers import AnswerEvent
from tests.satisfaction.factories import (
    MADE_AT,
    add_event,
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

PAGE = "/satisfaction/comments"


def write(invitation, words, question="comment"):
    """Let somebody say something in their own words; returns the event."""
    add_event(invitation, question, None)
    event = db.session.scalars(
        db.select(AnswerEvent).filter_by(invitation_id=invitation.id).order_by(AnswerEvent.position.desc())
    ).first()
    db.session.add(AnswerText(answer_event_id=event.id, text=words))
    db.session.commit()
    return event


@pytest.fixture
def belline(app):
    """Lille and Lyon, one dissatisfied and one satisfied comment each."""
    principal = create_principal("belline")
    lille, lyon = create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 40, 10), ("lyon", lyon, "email", 40, 10)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    scores = [{"satisfaction": 1}, {"satisfaction": 5}]
    first, second = answer(draw, lille, "phone", scores)
    third, fourth = answer(draw, lyon, "email", scores)
    for invitation, words in (
        (first, "Personne ne rappelle."),
        (second, "Merci à Lille."),
        (third, "Courriel sans réponse."),
        (fourth, "Très clair, 100 % d’accord."),
    ):
        write(invitation, words)
    principal.first = first
    return principal


def quotes(client, **asked):
    page = client.get(PAGE, query_string=asked)
    assert page.status_code == 200
    return [" ".join(one.split()) for one in re.findall(r"<blockquote[^>]*><p>(.*?)</p>", page.text, re.DOTALL)]


def test_the_newest_words_come_first(sign_in, belline):
    assert quotes(sign_in("quality")) == [
        "Très clair, 100 % d’accord.", "Courriel sans réponse.", "Merci à Lille.", "Personne ne rappelle."
    ]  # fmt: skip


FOUND = [
    ({"site": "lille"}, ["Merci à Lille.", "Personne ne rappelle."]),
    ({"channel": "email"}, ["Très clair, 100 % d’accord.", "Courriel sans réponse."]),
    ({"score": "low"}, ["Courriel sans réponse.", "Personne ne rappelle."]),
    ({"score": "high", "site": "lyon"}, ["Très clair, 100 % d’accord."]),
    ({"score": "middle"}, []),
    ({"q": "RAPPELLE"}, ["Personne ne rappelle."]),
    ({"q": "100 %"}, ["Très clair, 100 % d’accord."]),
    ({"q": "%"}, ["Très clair, 100 % d’accord."]),
    ({"period": "2026-10", "q": "merci"}, ["Merci à Lille."]),
    ({"period": "2026-09"}, []),
    ({"survey": "apres-appel", "q": "merci"}, ["Merci à Lille."]),
]


def test_words_are_found_by_what_is_known_of_them(sign_in, belline):
    client = sign_in("quality")
    for asked, found in FOUND:
        assert quotes(client, **asked) == found, asked


def test_what_does_not_exist_is_not_found(sign_in, belline):
    client = sign_in("quality")
    for name in ("principal", "survey", "site", "channel", "score", "theme", "period"):
        assert client.get(f"{PAGE}?{name}=x").status_code == 404, name


def test_words_that_were_corrected_or_taken_back_are_not_read(sign_in, belline):
    write(belline.first, "Finalement on m’a rappelé.")
    shown = quotes(sign_in("quality"))
    assert shown[0] == "Finalement on m’a rappelé." and "Personne ne rappelle." not in shown
    belline.first.disposition = "refused"
    db.session.commit()
    assert len(quotes(sign_in("quality"))) == 3


def test_who_sees_one_site_reads_no_other(sign_in, belline):
    lille = db.session.scalars(db.select(db.metadata.tables["sites"].c.id).filter_by(key="lille")).one()
    assert quotes(sign_in("manager", site_ids=[lille])) == ["Merci à Lille.", "Personne ne rappelle."]
    other = create_principal("rhone")
    db.session.commit()
    assert quotes(sign_in("quality", principal_ids=[other.id])) == []
    assert sign_in("quality", principal_ids=[other.id]).get(f"{PAGE}?principal=belline").status_code == 404


def test_a_principal_reads_no_words(sign_in, belline):
    assert sign_in("principal", principal_ids=[belline.id]).get(PAGE).status_code == 403


def test_further_comments_follow_and_none_comes_twice(sign_in, belline):
    for number in range(26):
        write(belline.first, f"Mot {number}", question=f"words_{number}")
    client = sign_in("quality")
    page = client.get(PAGE).text
    older = re.search(r'href="(/satisfaction/comments[^"]*before=\d+[^"]*)"', page)[1].replace("&amp;", "&")
    first = re.findall(r"<blockquote[^>]*><p>(.*?)</p>", page)
    then = re.findall(r"<blockquote[^>]*><p>(.*?)</p>", client.get(older).text)
    assert len(first) == 25 and len(then) == 5 and not set(first) & set(then)


@pytest.fixture
def secret(app):
    """An anonymous draw over two strata: Lille with six answers, Lyon with four."""
    principal = create_principal("belline")
    lille, lyon = create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 40, 10), ("lyon", lyon, "phone", 40, 10)]
    programme = create_programme(principal, promise="anonymous", strata=["site"])
    draw = create_draw(programme, create_period(principal), rows)
    for stratum, how_many in (("lille", 6), ("lyon", 4)):
        for number in range(how_many):
            said = [["satisfaction", 1, ""], ["comment", None, f"{stratum} {number}"]]
            db.session.add(AnonymousAnswer(draw_id=draw.id, stratum=stratum, day=MADE_AT.date(), answers=said))
    db.session.commit()
    principal.programme = programme
    return principal


def test_no_anonymous_words_of_a_cell_under_five_are_read(sign_in, secret):
    client = sign_in("quality")
    assert sorted(quotes(client, kind="anonymous")) == [f"lille {number}" for number in range(6)]
    assert quotes(client, kind="anonymous", site="lyon") == []
    assert quotes(client) == []
    assert "moins de 5 réponses" in " ".join(client.get(f"{PAGE}?kind=anonymous").text.split())


def test_anonymous_words_have_no_day_and_a_score_only_among_enough(sign_in, secret):
    client = sign_in("quality")
    page = client.get(f"{PAGE}?kind=anonymous").text
    assert "<time" not in page and page.count("Insatisfait") > 6
    assert len(quotes(client, kind="anonymous", score="low")) == 6
    draw_id = db.session.scalars(db.select(AnonymousAnswer.draw_id)).first()
    said = [["satisfaction", 5, ""], ["comment", None, "lille content"]]
    db.session.add(AnonymousAnswer(draw_id=draw_id, stratum="lille", answers=said))
    db.session.commit()
    assert quotes(client, kind="anonymous", score="low") == [] == quotes(client, kind="anonymous", score="high")
    assert "lille content" in quotes(client, kind="anonymous")


def test_who_sees_one_site_reads_anonymous_words_of_its_strata_only(secret):
    lyon = db.session.scalars(db.select(db.metadata.tables["sites"].c.id).filter_by(key="lyon")).one()
    wanted, asked = Wanted(secret.id, anonymous=True), asked_in([secret.programme.id])
    assert len(anonymous_comments(wanted, EVERYTHING, asked, "fr").comments) == 6
    assert anonymous_comments(wanted, Scope(site_ids=frozenset({lyon})), asked, "fr").comments == ()


@pytest.mark.parametrize(
    "scores, told",
    [
        ([1] * 5, True),
        ([1] * 4, False),
        ([1] * 5 + [5] * 4, False),
        ([1, 2, 1, 2, 1, 4, 5, 4, 5, 4], True),
        ([], False),
    ],
    ids=["enough", "few", "few-of-one", "bands", "none"],
)
def test_a_score_stands_beside_anonymous_words_only_if_every_band_has_enough(scores, told):
    assert scores_may_be_told(scores) is told


def taken(client, **asked):
    """The rows of the file, each a dict."""
    reply = client.get("/satisfaction/comments.csv", query_string=asked)
    assert reply.status_code == 200
    return list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig"))))


def test_the_file_has_what_the_page_shows_with_its_place_and_score_and_it_is_noted(belline, sign_in):
    write(belline.first, "=1+1")
    quality = sign_in("quality")
    rows = taken(quality)
    assert {row["words"] for row in rows} > {"Merci à Lille.", "'=1+1"} and len(rows) == 4
    assert {row["site"] for row in taken(quality, site="lille")} == {"Lille"}
    assert [row["score"] for row in taken(quality, q="Merci")] == ["5"]
    assert db.session.scalars(db.select(Access).filter_by(subject="comments:belline")).all()


def test_whoever_sees_one_site_takes_its_comments_alone_and_others_none(belline, sign_in):
    site = db.session.scalar(db.select(Site.id).filter_by(key="lyon"))
    assert {row["site"] for row in taken(sign_in("manager", site_ids=[site]))} == {"Lyon"}
    assert sign_in("agent").get("/satisfaction/comments.csv").status_code == 403


def test_the_file_goes_through_every_page(belline, sign_in, monkeypatch):
    monkeypatch.setattr(comments, "__defaults__", (1,))
    rows = taken(sign_in("quality"))
    assert len(rows) == len({row["comment"] for row in rows}) == 4
