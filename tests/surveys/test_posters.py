"""Posters as staff see them: opened at their own sites, printed again, closed; their answers are counted apart."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from foundation.database import db
from foundation.ledger.models import Access, Entry
from surveys.cli.work import let_go_posters, settle
from surveys.models import Poster, PosterAnswer, PosterEvent, PosterInterview, PosterPool, Programme
from surveys.qr_codes import svg
from surveys.refusals import SurveyRefused
from surveys.services.posters import close_poster, key_of, open_posters
from tests.conftest import create_user, signed_in, submit_with, visitor
from tests.surveys.answer_factories import NOW, SECRET, create_draw, create_principal, create_version
from tests.surveys.factories import create_site
from tests.surveys.poster_factories import CALM, PLEASED, begin, complete, create_poster


@pytest.fixture
def quality(app):
    return signed_in(app, create_user("quality"))


def web_programme(definition=CALM, principal=None, **changes):
    values = {"collection": "web", "promise": "confidential"} | changes
    draw = create_draw(principal, version=create_version(definition), **values)
    db.session.commit()
    return db.session.get_one(Programme, draw.programme_id)


def asking(**changes):
    """The questionnaire with its first question changed."""
    first, *rest = CALM["questions"]
    return CALM | {"questions": [first | changes, *rest]}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_poster_is_opened_at_each_site_chosen_dated_and_in_the_ledger(app, quality):
    programme, sites = web_programme(), [create_site(name=name) for name in ("Lille", "Lyon", "Metz")]
    db.session.commit()
    address = f"/surveys/programmes/{programme.key}/posters"
    assert submit_with(quality, address, sites=[sites[0].id, sites[2].id]).status_code == 302
    page = quality.get(address).text
    assert "2 affiches sont ouvertes" in page and page.count("ouverte depuis le") == 2
    db.session.rollback()
    found = db.session.scalars(db.select(Poster).order_by(Poster.number)).all()
    assert [(one.number, one.site.name, one.opened_at.date()) for one in found] == [
        (1, "Lille", NOW.date()),
        (2, "Metz", NOW.date()),
    ]
    keys = {key_of(one, SECRET) for one in found}
    assert len(keys) == 2 and all(visitor(app).get(f"/q/{key}").status_code == 200 for key in keys)
    entries = db.session.scalars(db.select(Entry.facts).where(Entry.kind == "poster.opened")).all()
    assert len(entries) == 2 and all("non-probability" in str(facts) for facts in entries)
    assert not any(key in str(facts) for key in keys for facts in entries)


def test_no_site_chosen_is_said_beside_the_field(quality):
    programme = web_programme()
    create_site()
    db.session.commit()
    answered = submit_with(quality, f"/surveys/programmes/{programme.key}/posters")
    assert answered.status_code == 400 and "Choisissez au moins un site." in answered.text


@pytest.mark.parametrize(
    "definition, changes, code, words",
    [
        (CALM, {"collection": "sms"}, "poster-needs-web", "Par SMS, seul peut répondre"),
        (CALM, {"collection": "file"}, "poster-needs-web", "par fichier"),
        (asking(purpose="complaint"), {}, "poster-asks-person", "satisfaction propose une réclamation"),
        (asking(title={"fr": "Le {date} ?", "en": "{date}?"}), {}, "poster-names-contact", "Un texte dit {date}"),
    ],
)
def test_a_programme_that_cannot_be_asked_of_strangers_gets_no_poster_and_is_told_why(
    quality, definition, changes, code, words
):
    programme = web_programme(definition, **changes)
    site = create_site()
    db.session.commit()
    page = quality.get(f"/surveys/programmes/{programme.key}/posters").text
    assert words in page and 'name="sites"' not in page
    with pytest.raises(SurveyRefused) as refused:
        open_posters(programme, [site.id], SECRET, NOW)
    assert refused.value.code == code


def test_a_text_may_name_the_site_where_the_poster_hangs(app):
    programme = web_programme(asking(title={"fr": "Content de {site} ?", "en": "Happy with {site}?"}))
    poster = open_posters(programme, [create_site(name="L’agence de Lille").id], SECRET, NOW)[0]
    db.session.commit()
    assert "Content de L’agence de Lille ?" in visitor(app).get(f"/q/{key_of(poster, SECRET)}").text


def test_staff_open_and_see_posters_of_their_own_sites_and_principals_only(app):
    mine, other = create_site(name="Lille"), create_site(name="Lyon")
    poster, _link = create_poster(site=other)
    narrow = signed_in(app, create_user("quality", site_ids=[mine.id]))
    stranger = signed_in(app, create_user("quality", principal_ids=[create_principal().id]))
    address = f"/surveys/programmes/{poster.programme.key}/posters"
    page = narrow.get(address).text
    assert "Lyon" not in page and "Pas encore d’affiche" in page
    assert submit_with(narrow, address, sites=other.id).status_code == 400
    assert stranger.get(address).status_code == 404
    for client in (narrow, stranger):
        assert client.get(f"/surveys/posters/{poster.id}").status_code == 404
        assert client.get(f"/surveys/posters/{poster.id}/sheet/fr/a4").status_code == 404
        for act in ("close", "replace"):
            assert submit_with(client, f"/surveys/posters/{poster.id}/{act}", "/surveys").status_code == 404
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(Poster)) == 1


def test_who_may_read_sees_counts_and_neither_prints_nor_opens_nor_closes(app):
    poster, link = create_poster()
    reader = signed_in(app, create_user("auditor"))
    address = f"/surveys/programmes/{poster.programme.key}/posters"
    for page in (reader.get(address).text, reader.get(f"/surveys/posters/{poster.id}").text):
        assert link.removeprefix("/q/") not in page and "sheet/" not in page and '<h2 id="open"' not in page
    assert submit_with(reader, address, "/surveys", sites=poster.site_id).status_code == 403


@pytest.mark.parametrize("language, words", [("fr", "libre de répondre"), ("en", "free to answer or not")])
@pytest.mark.parametrize("size", ["a4", "a5"])
def test_the_sheet_has_brand_code_address_controller_and_that_answering_is_free(quality, language, words, size):
    poster, link = create_poster()
    page = quality.get(f"/surveys/posters/{poster.id}/sheet/{language}/{size}").text
    assert f'<html lang="{language}">' in page and f'<body class="{size}">' in page and words in page
    assert "Mutuelle Belline" in page and "Mutuelle Belline, Lyon" in page and "Agence de Lille" in page
    assert f"localhost{link}<" in page and svg(f"http://localhost{link}") in page
    assert "style=" not in page and "<script" not in page


def test_a_closed_poster_stays_closed_and_another_one_has_another_address(app, quality):
    poster, link = create_poster()
    page = f"/surveys/posters/{poster.id}"
    made = submit_with(quality, f"{page}/replace", page)
    assert made.status_code == 302 and made.location != page
    for act in ("close", "replace"):
        assert submit_with(quality, f"{page}/{act}", "/surveys").location == page
    db.session.rollback()
    old, new = db.session.scalars(db.select(Poster).order_by(Poster.number)).all()
    assert (old.closed_at.date(), new.closed_at, new.site_id) == (NOW.date(), None, old.site_id)
    assert visitor(app).get(link).status_code == 410
    assert visitor(app).get(f"/q/{key_of(new, SECRET)}").status_code == 200
    assert quality.get(f"{page}/sheet/fr/a4").status_code == 404
    kinds = db.session.scalars(db.select(Entry.kind).where(Entry.kind.like("poster.%")).order_by(Entry.id)).all()
    assert kinds == ["poster.opened", "poster.opened", "poster.closed"]


def test_answers_are_counted_with_their_n_and_neither_share_nor_interval(app, quality):
    poster, link = create_poster(low_score=2)
    for value in ("5", "5", "4", "4", "4", "1"):
        complete(app, link, (value, "bill", "") if value == "1" else (value, "fault"))
    begin(visitor(app), link, "3")
    page = quality.get(f"/surveys/posters/{poster.id}").text
    assert "on ignore pour qui ils parlent" in page and "Aucun intervalle" in page
    assert "Satisfait ? (n = 6)" in page.replace("\u202f", " ").replace("\u00a0", " ")
    told = re.findall(r'<th scope="row">([^<]*)</th><td class="num">(\d+)</td>', page)
    assert told[:5] == [("1 sur 5", "1"), ("2 sur 5", "0"), ("3 sur 5", "0"), ("4 sur 5", "3"), ("5 sur 5", "2")]
    assert ("bill", "1") in told and ("fault", "5") in told
    assert "%" not in page


def test_fewer_than_five_are_counted_and_not_shown(app, quality):
    poster, link = create_poster(low_score=2)
    for value in ("1", "2", "5", "5"):
        complete(app, link, (value, "bill", "Parce que.") if value < "3" else (value, "bill"))
    page = quality.get(f"/surveys/posters/{poster.id}").text
    assert "Moins de 5 sont complètes" in page and "sur 5</th>" not in page
    complete(app, link, ("5", "bill"))
    page = quality.get(f"/surveys/posters/{poster.id}").text
    assert "5 sur 5</th>" in page
    # The question that only two were asked.
    assert "Moins de 5 personnes ont répondu" in page


def test_a_second_one_of_a_browser_is_told_apart_and_counted(app, quality):
    poster, link = create_poster()
    client = visitor(app)
    for _ in range(6):
        complete(app, link, client=client)
    page = quality.get(f"/surveys/posters/{poster.id}").text
    assert "5 d’entre elles viennent d’un navigateur" in page and "(n = 6)" in page.replace("\u00a0", " ")


def test_the_file_of_posters_is_apart_and_says_in_each_row_that_it_is_no_sample(app, quality):
    poster, link = create_poster(low_score=2)
    complete(app, link, ("1", "bill", "=Assez attendu."))
    complete(app, link, PLEASED)
    key = poster.programme.key
    drawn, hung = (quality.get(f"/surveys/programmes/{key}/{name}.csv").text for name in ("answers", "posters"))
    assert rows_of(drawn) == []
    rows = rows_of(hung)
    assert {(row["poster"], row["collection"], row["sample"]) for row in rows} == {("1", "open", "non-probability")}
    assert [(row["satisfaction"], row["subject"], row["completed_on"]) for row in rows] == [
        ("1", "bill", "2026-11-23"), ("4", "bill", "2026-11-23"),
    ]  # fmt: skip
    assert "attendu" not in hung
    assert db.session.scalars(db.select(Access.subject)).all()[-1] == "surveys:posters"
    run = app.test_cli_runner().invoke
    assert rows_of(run(args=["surveys", "answers", "export", key]).stdout) == []
    told = run(args=["surveys", "answers", "export", key, "--posters", "--words"])
    assert [row["why (words)"] for row in rows_of(told.stdout)] == ["'=Assez attendu.", ""]
    assert "2 interviews at posters: not a sample" in told.stderr


def test_a_manager_of_one_site_takes_the_file_of_that_site(app):
    poster, link = create_poster()
    site, other = create_site(name="Metz"), create_site(name="Lens")
    hung = open_posters(poster.programme, [site.id], SECRET, NOW)[0]
    db.session.commit()
    for address in (link, f"/q/{key_of(hung, SECRET)}"):
        complete(app, address)
    for place, names in ((site, ["Metz"]), (other, [])):
        client = signed_in(app, create_user("manager", site_ids=[place.id]))
        told = rows_of(client.get(f"/surveys/programmes/{poster.programme.key}/posters.csv").text)
        assert [row["site"] for row in told] == names


def test_anonymous_answers_of_a_poster_go_in_crowds_and_those_too_few_are_deleted_at_its_end(app, quality):
    poster, link = create_poster(promise="anonymous", low_score=2)
    few, few_link = create_poster(promise="anonymous")
    for _ in range(4):
        complete(app, few_link)
    for number in range(9):
        complete(app, link, PLEASED if number else ("2", "move", "Mes mots à moi."))
    let_go_posters(NOW)
    assert db.session.scalar(db.select(db.func.count()).select_from(PosterAnswer)) == 0
    assert "Aucune que l’on puisse montrer" in quality.get(f"/surveys/posters/{poster.id}").text
    complete(app, link)
    let_go_posters(NOW)
    page = quality.get(f"/surveys/posters/{poster.id}").text
    assert "5 réponses ont été libérées" in page
    begin(visitor(app), link)
    for one in (poster, few):
        close_poster(db.session.get_one(Poster, one.id), NOW)
    db.session.commit()
    over = NOW + timedelta(days=8)
    let_go_posters(over)
    # Somebody who has begun may still finish: that poster is not over before its last link is.
    assert [(one.ended_on is None) for one in db.session.scalars(db.select(Poster).order_by(Poster.id))] == [
        True,
        False,
    ]
    settle(over)
    let_go_posters(over)
    let_go_posters(over)
    db.session.rollback()
    counts = dict(
        db.session.execute(db.select(PosterAnswer.poster_id, db.func.count()).group_by(PosterAnswer.poster_id)).all()
    )
    assert counts == {poster.id: 10}
    pools = db.session.scalars(db.select(PosterPool)).all()
    assert all((pool.size, pool.responses) == (0, []) for pool in pools) and len(pools) == 2
    assert db.session.scalar(db.select(db.func.count()).select_from(PosterInterview)) == 0
    assert "(n = 10)" in quality.get(f"/surveys/posters/{poster.id}").text.replace("\u00a0", " ")
    rows = rows_of(quality.get(f"/surveys/programmes/{poster.programme.key}/posters.csv").text)
    assert len(rows) == 10 and {(row["interview"], row["again"]) for row in rows} == {("", "")}


def test_what_happened_at_a_poster_is_only_ever_added(app):
    _poster, link = create_poster()
    complete(app, link)
    event_row = db.session.scalars(db.select(PosterEvent)).first()
    event_row.value = 1
    with pytest.raises(SurveyRefused):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.scalars(db.select(PosterEvent)).first())
    with pytest.raises(SurveyRefused):
        db.session.flush()


def test_the_door_of_posters_never_reads_or_writes_what_belongs_to_those_who_were_drawn(app):
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    _poster, link = create_poster(low_score=2)
    event.listen(db.engine, "before_cursor_execute", note)
    complete(app, link, ("1", "bill", "Assez attendu."))
    visitor(app).get(link)
    event.remove(db.engine, "before_cursor_execute", note)
    drawn = re.compile(r"\b(invitations|answer_events|answer_texts|draws|contacts|customers|jobs|outbox_messages)\b")
    assert said and [statement for statement in said if drawn.search(statement)] == []
