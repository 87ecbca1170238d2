"""The staff pages of surveys, as a quality lead walks them and as others see them."""

import csv
import hashlib
import io
import json

import pytest

from contacts.models import Customer
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from notifications.models import OutboxMessage
from surveys.formats.surveyjs_out import to_surveyjs
from surveys.models import Draw, Programme, Questionnaire, QuestionnaireVersion, SeedCommitment
from surveys.storage import model_definition
from tests.conftest import token_in
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    published_version,
)

NEW = {
    "name": "Après un échange",
    "key": "apres-echange",
    "collection": "sms",
    "promise": "followed_up",
    "low_score": "2",
    "outcomes": ["answered"],
    "directions": ["in", "out"],
    "quarantine_days": "30",
    "strata": ["channel", "site"],
    "facts": "",
    "method": "proportional",
    "sample_size": "10",
    "minimum": "2",
    "fixed_sizes": "",
    "validity_days": "7",
    "window": "any",
    "max_age_days": "",
    "send_delay_hours": "2",
    "reminders": "1",
    "reminder_gap_hours": "72",
    "names_agent": "no",
}


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


@pytest.fixture
def centre(app):
    """A principal with thirty contacts at each of two sites and a closed October."""
    principal = create_principal()
    create_contacts(principal, (create_site("lille"), create_site("lyon")), each=30)
    create_period(principal)
    db.session.commit()
    return principal


def upload(document):
    return (io.BytesIO(json.dumps(document).encode()), "questionnaire.json")


def test_the_model_is_imported_looked_at_and_published(quality, submit):
    answer = submit("/surveys/questionnaires/import", client=quality, model="post_contact")
    page = quality.get(answer.location).text
    assert "Recommanderiez-vous Votre marque à un proche" in page
    assert "votre appel du 17 nov. 4 questions, 1 minute. Cet" in page
    assert "Refus : STOP" in page
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    answer = submit(f"{answer.location}/publish", client=quality, page=answer.location, seen=seen)
    page = quality.get(answer.location).text
    assert "La version 1 est publiée." in page
    version = db.session.scalars(db.select(QuestionnaireVersion)).one()
    assert version.content_hash == seen
    assert seen in page


def test_a_draft_that_changed_since_it_was_seen_is_not_published(quality, submit, committed):
    url = submit("/surveys/questionnaires/import", client=quality, model="post_contact").location
    answer = submit(f"{url}/publish", client=quality, page=url, seen="0" * 64)
    assert answer.status_code == 409
    assert "Le brouillon a changé" in answer.text
    assert db.session.scalars(db.select(QuestionnaireVersion.published_at)).one() is None


def test_a_draft_with_faults_says_them_and_offers_no_publishing(quality, submit):
    broken = model_definition("post_contact")
    del broken["questions"][0]["title"]["en"]
    answer = submit("/surveys/questionnaires/import", client=quality, model="", file=upload(broken))
    page = quality.get(answer.location).text
    assert "question «\u00a0satisfaction\u00a0», titre" in page
    assert "le texte en «\u00a0English\u00a0» manque" in page
    assert "Publier" not in page


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[1]", b"{", b""])
def test_a_file_that_is_no_questionnaire_is_refused_in_words(quality, submit, content, committed):
    answer = submit("/surveys/questionnaires/import", client=quality, file=(io.BytesIO(content), "x.json"), model="")
    assert answer.status_code == 400
    assert "JSON" in answer.text
    assert committed(Questionnaire) == 0


def test_a_published_questionnaire_imported_unchanged_makes_no_new_version(quality, submit, app, committed):
    published_version()
    db.session.commit()
    submit("/surveys/questionnaires/import", client=quality, model="post_contact")
    assert committed(QuestionnaireVersion) == 1


def test_a_changed_file_becomes_the_draft_of_the_next_version(quality, submit, app):
    published_version()
    db.session.commit()
    changed = model_definition("post_contact")
    changed["title"]["en"] = "Another title"
    for _ in range(2):
        submit("/surveys/questionnaires/import", client=quality, model="", file=upload(changed))
    versions = db.session.scalars(db.select(QuestionnaireVersion).order_by(QuestionnaireVersion.number)).all()
    assert [(one.number, one.published_at is None) for one in versions] == [(1, False), (2, True)]


def test_a_programme_is_made_and_waits_for_a_period(quality, submit, app):
    principal = create_principal()
    version = published_version()
    db.session.commit()
    fields = NEW | {"principal_id": str(principal.id), "version_id": str(version.id), "facts": " segment "}
    answer = submit("/surveys/programmes/new", client=quality, **fields)
    assert answer.location == "/surveys/programmes/apres-echange"
    programme = db.session.scalars(db.select(Programme)).one()
    terms = programme.latest
    assert terms.strata == ["site", "channel", "facts.segment"]
    assert (terms.sending_window, terms.quarantine_days, terms.low_score) == (None, 30, 2)
    assert "Attendre la clôture" in quality.get(answer.location).text


def test_more_than_three_strata_fields_are_refused_and_what_was_typed_is_kept(quality, submit, app, committed):
    principal, version = create_principal(), published_version()
    db.session.commit()
    fields = NEW | {"principal_id": str(principal.id), "version_id": str(version.id), "facts": "segment, offre"}
    answer = submit("/surveys/programmes/new", client=quality, **fields)
    assert answer.status_code == 400
    assert "segment, offre" in answer.text
    assert committed(Programme) == 0


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"key": "Après !"}, "Lettres minuscules"),
        ({"sample_size": ""}, 'href="#sample_size">Combien en tirer'),
        ({"method": "fixed", "fixed_sizes": ""}, 'href="#fixed_sizes">Nombre pour chaque strate'),
        ({"promise": "anonymous"}, 'href="#collection'),
        ({"method": "fixed", "fixed_sizes": "Lille forty"}, "Une strate par ligne"),
        ({"minimum": "-1"}, ""),
        ({"validity_days": "0"}, ""),
    ],
)
def test_a_programme_that_cannot_be_is_refused_in_words(quality, submit, app, committed, wrong, words):
    principal, version = create_principal(), published_version()
    db.session.commit()
    fields = NEW | {"principal_id": str(principal.id), "version_id": str(version.id)} | wrong
    answer = submit("/surveys/programmes/new", client=quality, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert committed(Programme) == 0


def test_a_key_that_is_taken_is_refused(quality, submit, centre, committed):
    programme = create_programme_of(centre)
    db.session.commit()
    fields = NEW | {
        "key": programme.key,
        "principal_id": str(centre.id),
        "version_id": str(programme.latest.version_id),
    }
    answer = submit("/surveys/programmes/new", client=quality, **fields)
    assert answer.status_code == 400
    assert programme.key in answer.text
    assert committed(Programme) == 1


def test_a_seed_is_committed_ahead_and_only_its_hash_is_shown(quality, submit, centre):
    programme = create_programme_of(centre)
    db.session.commit()
    url = f"/surveys/programmes/{programme.key}"
    days = {"first_day": "2026-12-01", "last_day": "2026-12-31"}
    assert submit(f"{url}/seed", client=quality, page=url, **days).status_code == 302
    seed = db.session.scalars(db.select(SeedCommitment)).one()
    page = quality.get(url).text
    assert seed.commitment in page
    assert seed.seed not in page
    assert not seed.late
    assert submit(f"{url}/seed", client=quality, page=url, **days).status_code == 409


def draw_through_the_page(quality, submit, programme, **fields):
    url = f"/surveys/programmes/{programme.key}"
    days = {"first_day": "2026-10-01", "last_day": "2026-10-31"}
    return submit(f"{url}/draw", client=quality, page=url, **days | fields)


def test_a_sample_is_drawn_behind_the_page_and_sent(quality, submit, centre, app):
    programme = create_programme_of(centre)
    db.session.commit()
    answer = draw_through_the_page(quality, submit, programme, size="12")
    assert "Le tirage est en cours" in quality.get(answer.location).text
    run_until_idle(app)
    page = quality.get(answer.location).text
    assert "Graine engagée tardivement" in page
    assert "Envoyer les invitations" in page
    assert db.session.scalars(db.select(Draw)).one().drawn == 12
    submit(f"{answer.location}/send", client=quality, page=answer.location)
    run_until_idle(app)
    assert db.session.scalar(db.select(db.func.count()).select_from(OutboxMessage)) == 12
    assert "Envoyer les invitations" not in quality.get(answer.location).text


@pytest.mark.parametrize("size", ["0", "-3", "beaucoup", "1.5"])
def test_a_number_that_is_none_is_refused_in_words(quality, submit, centre, committed, size):
    programme = create_programme_of(centre)
    db.session.commit()
    answer = draw_through_the_page(quality, submit, programme, size=size)
    assert answer.status_code == 400
    assert "en nombre entier" in answer.text
    assert committed(Draw) == 0


def test_pressing_draw_twice_leads_to_the_one_draw(quality, submit, centre, committed):
    programme = create_programme_of(centre)
    db.session.commit()
    first = draw_through_the_page(quality, submit, programme, size="")
    second = draw_through_the_page(quality, submit, programme, size="")
    assert first.location == second.location
    assert committed(Draw) == 1


def test_a_draw_that_is_too_big_says_the_numbers_and_may_be_asked_again(quality, submit, centre, app):
    programme = create_programme_of(centre)
    db.session.commit()
    answer = draw_through_the_page(quality, submit, programme, size="61")
    run_until_idle(app)
    page = quality.get(answer.location).text
    assert "61" in page
    assert "60 contacts" in page
    draw_through_the_page(quality, submit, programme, size="60")
    run_until_idle(app)
    assert db.session.scalars(db.select(Draw)).one().drawn == 60


def test_an_open_period_is_refused_in_words(quality, submit, app):
    principal = create_principal()
    create_period(principal, closed=False)
    programme = create_programme_of(principal)
    db.session.commit()
    answer = draw_through_the_page(quality, submit, programme)
    assert answer.status_code == 409
    assert "n’est pas close" in answer.text


def test_the_ladder_page_its_csv_and_the_frame_agree(quality, centre):
    create_contact(centre, create_site("=cmd"), None)
    programme = create_programme_of(centre)
    db.session.commit()
    draw = create_draw(programme)
    page = quality.get(f"/surveys/draws/{draw.id}").text
    assert "Tout concorde" in page
    rows = list(csv.DictReader(io.StringIO(quality.get(f"/surveys/draws/{draw.id}/ladder.csv").text.lstrip("\ufeff"))))
    overall = {(row["step"], row["reason"]): int(row["count"]) for row in rows if row["stratum"] == ""}
    assert overall["population", ""] == 61
    assert overall["suppressed", "no-address"] == 1
    assert overall["eligible", ""] == 60
    assert overall["drawn", ""] == 10
    assert {row["stratum"] for row in rows} == {"", "lille", "lyon", "'=cmd"}
    frame = quality.get(f"/surveys/draws/{draw.id}/frame.jsonl").data
    assert hashlib.sha256(frame).hexdigest() == draw.frame_hash
    phones = db.session.scalars(db.select(Customer.phone)).all()
    assert not any(phone in frame.decode() for phone in phones)


def test_empty_pages_say_what_to_do(quality):
    page = quality.get("/surveys").text
    assert "Aucun programme" in page
    assert "Pas encore de questionnaire" in page
    assert "Aucun questionnaire n’est publié" in quality.get("/surveys/programmes/new").text


def test_another_principals_programmes_and_draws_are_not_there(sign_in, centre):
    programme = create_programme_of(centre)
    db.session.commit()
    draw = create_draw(programme)
    charlie = sign_in("quality", principal_ids=[centre.id + 1])
    assert programme.name not in charlie.get("/surveys").text
    for url in (
        f"/surveys/programmes/{programme.key}",
        f"/surveys/draws/{draw.id}",
        f"/surveys/draws/{draw.id}/ladder.csv",
        f"/surveys/draws/{draw.id}/frame.jsonl",
    ):
        assert charlie.get(url).status_code == 404
    token = token_in(charlie.get("/surveys/questionnaires/import").text)
    for url in (f"/surveys/draws/{draw.id}/send", f"/surveys/programmes/{programme.key}/draw"):
        assert charlie.post(url, data={"csrf_token": token}).status_code == 404


def test_a_programme_for_another_principal_cannot_be_made(sign_in, submit, centre, committed):
    version = published_version()
    own = create_principal()
    db.session.commit()
    bob = sign_in("quality", principal_ids=[own.id])
    fields = NEW | {"principal_id": str(centre.id), "version_id": str(version.id)}
    assert submit("/surveys/programmes/new", client=bob, **fields).status_code == 400
    assert committed(Programme) == 0


@pytest.mark.parametrize(
    ("collection", "words"),
    [("file", "tiré, réponse pas encore fournie"), ("sms", "tiré, message pas encore envoyé")],
    ids=["file", "sms"],
)
def test_the_coverage_says_what_those_drawn_wait_for_as_their_answers_come(quality, centre, collection, words):
    programme = create_programme_of(centre, collection=collection)
    db.session.commit()
    draw = create_draw(programme)
    told = [
        quality.get(page).text
        for page in (f"/surveys/draws/{draw.id}", f"/surveys/programmes/{programme.key}/coverage")
    ]
    assert [words in page for page in told] == [True, True]


def test_an_auditor_sees_the_draw_and_no_button(sign_in, centre):
    programme = create_programme_of(centre)
    db.session.commit()
    draw = create_draw(programme)
    auditor = sign_in("auditor")
    page = auditor.get(f"/surveys/draws/{draw.id}").text
    assert draw.seed in page
    assert "Envoyer les invitations" not in page
    assert "<button>Tirer" not in auditor.get(f"/surveys/programmes/{programme.key}").text


def test_the_pages_speak_english_too(sign_in, centre):
    programme = create_programme_of(centre)
    db.session.commit()
    draw = create_draw(programme, now=NOW)
    client = sign_in("quality", language="en")
    assert "Where every contact went" in client.get(f"/surveys/draws/{draw.id}").text
    assert "Next step" in client.get("/surveys").text


def test_what_a_file_has_and_we_have_not_is_named_on_the_page(quality, submit, app):
    document = to_surveyjs(model_definition("post_contact")) | {"completedHtml": "<p>Merci</p>"}
    page = submit("/surveys/questionnaires/import", client=quality, model="", file=upload(document)).text
    assert "completedHtml" in page
    assert "&lt;p&gt;Merci" in page
