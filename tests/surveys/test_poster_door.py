"""The door of a poster: whoever scans it is asked on the same engine, nothing is stored twice, nothing is told."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from app import create_app
from complaints.models import Case, Proposal
from foundation.accounts.security import limiter
from foundation.database import db
from foundation.jobs.models import Job
from foundation.web import clock
from surveys.models import Poster, PosterInterview, PosterPool, PosterText, ProgrammeVersion
from surveys.services.poster_interviews import settle_expired
from surveys.services.posters import close_poster, key_of
from surveys.signals import complaint_requested, dissatisfaction_expressed, interview_completed
from tests.conftest import SETTINGS, token_in, visitor
from tests.surveys.answer_factories import NOW, SECRET
from tests.surveys.poster_factories import PLEASED, begin, begun, complete, create_poster, fields_of, send, stored
from tests.surveys.test_survey_pages import heard, statements


@pytest.fixture
def hung(app):
    return create_poster()


@pytest.fixture
def link(hung):
    return hung[1]


def test_the_first_question_is_there_at_once_with_who_asks_where_and_under_which_promise(client, link):
    page = client.get(link).text
    assert "Mutuelle Belline" in page and "Agence de Lille" in page and "Question 1 sur 2" in page
    assert "Mutuelle Belline, Lyon" in page and "libre de répondre" in page and "personne ne sait qui" in page
    assert "STOP" not in page and "pas mon appel" not in page


def test_a_get_changes_nothing_and_is_as_small_as_the_rest_of_the_survey(client, link, committed):
    with client.get("/static/css/customer.css") as answered:
        css = len(answered.data)
    for address in (link, f"{link}?score=4", f"{link}/privacy"):
        answered = client.get(address)
        assert answered.status_code == 200 and len(answered.data) + css <= 14 * 1024
        assert "<script" not in answered.text and answered.headers["Cache-Control"] == "no-store"
    assert committed(PosterInterview) == 0


def test_the_first_answer_begins_an_interview_that_its_own_link_goes_on_with(app, client, link):
    own = begin(client, link)
    assert re.fullmatch(r"/q/i/[a-z0-9]{14}", own)
    assert [(row.disposition, row.collection, row.language) for row in begun()] == [("started", "open", "fr")]
    # On another device: the link is all it takes.
    assert "Question 2 sur 2" in visitor(app).get(own).text
    assert stored() == [("answer", "satisfaction", 4)]


def test_a_whole_interview_is_thanked_and_led_to_a_complaint_that_carries_no_answer(app, link):
    page = complete(app, link)
    assert "Merci, vos réponses sont enregistrées" in page and 'href="/complain"' in page
    assert [kind for kind, _, _ in stored()] == ["answer", "answer", "completed"]
    assert begun()[0].disposition == "completed"


def test_a_first_page_sent_twice_or_corrected_by_the_back_button_is_one_interview(client, link):
    page = client.get(link).text
    first, second = send(client, link, page, "4"), send(client, link, page, "4")
    assert first.location == second.location and len(begun()) == 1
    assert stored() == [("answer", "satisfaction", 4)]
    assert send(client, link, page, "5").location == first.location
    assert stored()[1:] == [("answer", "satisfaction", 5)] and len(begun()) == 1


def test_a_form_sent_again_after_the_end_begins_nothing(app, link):
    for promise in ("confidential", "anonymous"):
        _poster, door = create_poster(promise=promise)
        client = visitor(app)
        page = client.get(door).text
        own = send(client, door, page, "4").location
        last = client.get(own).text
        send(client, own, last, "bill")
        before = len(begun())
        assert "Merci" in send(client, door, page, "4").text and "Merci" in send(client, own, last, "bill").text
        assert len(begun()) == before


@pytest.mark.parametrize("promise", ["confidential", "anonymous"])
def test_the_first_form_sent_twice_at_once_on_postgresql_is_one_interview(pg_app, promise):
    _poster, link = create_poster(promise=promise)
    client = visitor(pg_app)
    fields = fields_of(client.get(link).text) | {"q.satisfaction": "4", "act": "answer"}
    cookie = client.get_cookie("session").value
    db.session.rollback()
    barrier, places = Barrier(2), []

    def post():
        other = visitor(pg_app)
        other.set_cookie("session", cookie)
        barrier.wait()
        places.append(other.post(link, data=fields).location)

    threads = [Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(places)) == 1 and places[0].startswith("/q/i/")
    assert len(begun()) == 1


def test_two_devices_on_one_link_lose_nothing(app, client, link):
    own = begin(client, link, "1")
    pages = [(visitor(app), value) for value in ("bill", "move")]
    pages = [(one, value, one.get(own).text) for one, value in pages]
    for one, value, page in pages:
        assert send(one, own, page, value).status_code == 303
    assert [value for _, name, value in stored() if name == "subject"] == ["bill", "move"]


def test_going_back_to_the_poster_leads_on_to_what_was_begun_in_this_browser_alone(app, client, link):
    own = begin(client, link)
    assert f'href="{own}"' in client.get(link).text
    assert own not in visitor(app).get(link).text
    send(client, own, client.get(own).text, "bill")
    assert own not in client.get(link).text


def test_a_second_one_of_a_browser_on_a_day_is_marked_and_not_refused(app, client, link, set_clock):
    for _ in range(2):
        complete(app, link, client=client)
    complete(app, link)
    set_clock(NOW + timedelta(days=1))
    complete(app, link, client=client)
    assert [row.again for row in begun()] == [False, True, False, False]


def test_no_cookie_is_set_but_that_of_the_form(client, link):
    begin(client, link)
    cookies = client._cookies.values()
    assert [cookie.key for cookie in cookies] == ["session"]
    assert all(cookie.max_age is None and cookie.expires is None for cookie in cookies)


@pytest.mark.parametrize("promise", ["confidential", "followed_up", "anonymous"])
def test_a_low_score_with_words_proposes_no_complaint_and_tells_nobody(app, promise):
    _poster, link = create_poster(promise=promise, low_score=2)
    with heard(complaint_requested, dissatisfaction_expressed, interview_completed) as said:
        page = complete(app, link, ("1", "fault", "J'attends toujours."))
    assert said == [] and "désolés" in page and 'href="/complain"' in page
    for model in (Case, Proposal, Job):
        assert db.session.scalar(db.select(db.func.count()).select_from(model)) == 0


def test_the_promise_to_come_back_is_not_made_where_nobody_is_known(app):
    page = visitor(app).get(create_poster(promise="followed_up")[1]).text
    assert "ne sait pas qui vous êtes" in page and "peut revenir vers vous" not in page


def test_what_is_missing_is_asked_for_and_begins_nothing(client, link):
    page = client.get(link).text
    answered = send(client, link, page, "")
    assert answered.status_code == 400 and "choisir une réponse" in answered.text
    assert fields_of(answered.text)["key"] == fields_of(page)["key"]
    assert begun() == []


def test_an_old_form_comes_back_filled_in_and_begins_nothing(client, link):
    page = client.get(link).text
    answered = send(client, link, page, "4", csrf_token="old")
    assert answered.status_code == 400 and re.search(r'value="4"[^>]* checked', answered.text)
    assert begun() == []
    assert send(client, link, answered.text, "4").status_code == 303


def test_the_language_is_that_of_the_browser_and_may_be_changed_with_what_was_chosen(app, link):
    client = visitor(app)
    page = client.get(link, headers={"Accept-Language": "en"}).text
    assert "Satisfied?" in page and "free to answer or not" in page
    page = send(client, link, page, "3", act="speak.fr").text
    assert "Satisfait ?" in page and re.search(r'value="3"[^>]* checked', page)
    assert begun() == []
    send(client, link, page, "3")
    assert begun()[0].language == "fr"


@pytest.mark.parametrize("act", ["refuse", "wrong_person"])
def test_whoever_stops_is_counted_nowhere_and_before_the_first_answer_nothing_is_kept(client, link, act):
    assert send(client, link, client.get(link).text, "", act=act).status_code == 200
    assert begun() == []
    own = begin(client, link)
    assert "C’est noté" in send(client, own, client.get(own).text, "", act=act).text
    assert begun()[0].disposition == "refused"


def test_answers_are_taken_back_by_whoever_holds_the_link(app, client, hung):
    link = create_poster(low_score=2)[1]
    own = begin(client, link, "1")
    for value in ("bill", "Mme Hoarau était au guichet."):
        send(client, own, client.get(own).text, value)
    assert db.session.scalar(db.select(db.func.count()).select_from(PosterText)) == 1
    page = client.get(f"{own}/privacy").text
    answered = client.post(f"{own}/privacy", data={"csrf_token": token_in(page)}, follow_redirects=True)
    assert "sont retirées" in answered.text
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(PosterText)) == 0
    assert begun()[0].disposition == "withdrawn"
    old = {"csrf_token": token_in(page), "asked": "why", "q.why": "encore", "step": "why.2", "key": "k", "lang": "fr"}
    assert client.post(own, data=old).location == own and len(stored()) == 4


def test_a_closed_poster_says_one_kind_sentence_and_lets_those_finish_who_began(app, client, hung):
    poster, link = hung
    page, own = client.get(link).text, begin(visitor(app), link)
    close_poster(db.session.get_one(Poster, poster.id), NOW)
    db.session.commit()
    for answered in (client.get(link), send(client, link, page, "4")):
        assert answered.status_code == 410 and "Merci d’avoir voulu nous dire" in answered.text
        assert answered.text.count("<h1>") == 1
    assert len(begun()) == 1
    assert "Merci" in send(client, own, client.get(own).text, "bill").text


def test_an_unknown_key_shows_the_page_of_every_dead_link(client, link):
    for address in ("/q/bcdfghjkmnpqrs", "/q/x", "/q/i/bcdfghjkmnpqrs", "/q/bcdfghjkmnpqrs/privacy"):
        assert client.get(address).status_code == 404
    assert client.get(link.upper().replace("/Q/", "/q/")).status_code == 200


def test_a_programme_that_is_asked_otherwise_by_now_closes_its_posters_until_it_is_asked_on_the_web(client, hung):
    poster, link = hung
    first = db.session.scalars(db.select(ProgrammeVersion).filter_by(programme_id=poster.programme_id)).one()
    later = {**first.values, "collection": "sms", "programme_id": poster.programme_id, "created_at": NOW}
    db.session.add(ProgrammeVersion(number=2, in_force_from=NOW - timedelta(seconds=1), **later))
    db.session.execute(
        db.update(ProgrammeVersion).where(ProgrammeVersion.id == first.id).values(in_force_from=NOW - timedelta(days=1))
    )
    db.session.commit()
    assert client.get(link).status_code == 410


def test_interviews_that_nobody_goes_on_with_are_settled_as_others_are(app, link):
    _secret, anonymous = create_poster(promise="anonymous", low_score=2)
    begin(visitor(app), link)
    own = begin(visitor(app), anonymous)
    assert settle_expired(NOW + timedelta(days=6)) == 0
    assert settle_expired(NOW + timedelta(days=8)) == 2 and settle_expired(NOW + timedelta(days=8)) == 0
    db.session.commit()
    assert [(row.disposition, row.kept) for row in begun()] == [("partial", None), ("broken_off", None)]
    assert visitor(app).get(own).status_code == 404


def test_a_page_asks_the_database_little(app, client):
    for promise in ("confidential", "anonymous"):
        link = create_poster(promise=promise, low_score=2)[1]
        client.get(link)
        with statements(app) as read:
            page = client.get(link).text
        assert len(read) <= 1, read
        with statements(app) as written:
            own = send(client, link, page, "1").location
        assert len(written) <= 5, written
        for value in ("bill", "Assez attendu."):
            with statements(app) as read:
                page = client.get(own).text
            assert len(read) <= 2, read
            with statements(app) as written:
                send(client, own, page, value)
            assert len(written) <= 7, written


@pytest.fixture
def limited(tmp_path):
    """An application of its own, whose limits are on."""
    house = create_app(
        {**SETTINGS, "DATABASE_URL": f"sqlite:///{tmp_path / 'slow.sqlite3'}", "RATELIMIT_ENABLED": True}
    )
    with house.app_context():
        db.create_all()
        clock.start_at(NOW)
        yield house
        clock.start_at(None)
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False  # one limiter serves every application of the run


def test_too_many_from_one_address_are_asked_for_patience_with_what_they_typed(limited):
    link = create_poster()[1]
    client = visitor(limited)
    page = client.get(link).text
    codes = [send(client, link, page, "4").status_code for _ in range(60)]
    assert set(codes) == {303}
    answered = send(client, link, page, "2")
    assert answered.status_code == 429 and "un peu plus tard" in answered.text
    assert re.search(r'value="2"[^>]* checked', answered.text)
    # To change the language stores nothing and is no answer.
    assert send(client, link, page, "2", act="speak.en").status_code == 200
    assert len(begun()) == 1


def test_a_poster_takes_so_many_an_hour_from_wherever_they_come(limited):
    link = create_poster()[1]
    codes = []
    for number in range(11):
        client = visitor(limited)
        page = client.get(link).text
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        fields = fields_of(page) | {"q.satisfaction": "4", "act": "answer"}
        codes += [client.post(link, data=fields, environ_base=place).status_code for _ in range(55)]
    assert codes[:600] == [303] * 600 and set(codes[600:]) == {429}


def test_an_anonymous_one_keeps_neither_time_nor_answers_nor_mark_with_its_link(app, client):
    _poster, link = create_poster(promise="anonymous")
    for _ in range(2):
        complete(app, link, client=client)
    rows = begun()
    assert [(row.kept, row.again, row.language, row.seed) for row in rows] == [(None, False, "", "")] * 2
    noon = {moment.astimezone().strftime("%M:%S.%f") for row in rows for moment in (row.begun_at, row.ended_at)}
    assert noon == {"00:00.000000"} and stored() == []
    pool = db.session.scalars(db.select(PosterPool)).one()
    assert (pool.size, pool.again) == (2, 1)


def test_the_key_can_be_printed_again_and_is_stored_nowhere(app, hung):
    poster, link = hung
    assert link == f"/q/{key_of(db.session.get_one(Poster, poster.id), SECRET)}"
    row = db.session.execute(db.select(Poster.__table__)).one()
    assert link.removeprefix("/q/") not in repr(row)
    assert 28**14 > 2**64 and len(PLEASED) == 2
