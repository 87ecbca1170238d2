"""Complaining without an account, and following with reference and code."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from complaints import services
from complaints.models import Case, CaseMessage
from complaints.services.texts import code_of
from foundation.accounts.security import limiter
from foundation.database import db
from notifications.models import OutboxMessage
from tests.complaints.factories import create_case, create_decided, create_principal
from tests.conftest import NOW, SETTINGS, create_user, submit_with, token_in, visitor

TOO_LATE = datetime(2027, 1, 23, 23, 0, tzinfo=UTC)


def complain(client, principal, **changes):
    fields = {"principal": principal.key, "words": "Personne ne rappelle.", "key": "k" * 32}
    return submit_with(client, "/complain", **{**fields, **changes})


def follow(client, case, **changes):
    fields = {"reference": case.reference, "code": code_of(case), **changes}
    return submit_with(client, "/follow", **fields)


def test_a_complaint_gets_reference_code_and_a_dated_copy(app, client):
    principal = create_principal()
    response = complain(client, principal, email="Hoarau@Example.org")
    page = client.get(response.location).text
    case = db.session.scalars(select(Case)).one()
    assert case.reference in page and code_of(case) in page
    assert "Personne ne rappelle." in page and "23 nov. 2026, 10 h 00" in page
    assert "au plus tard le lundi 7 décembre 2026" in page
    assert (case.email, case.channel, case.language) == ("hoarau@example.org", "web", "fr")
    assert db.session.scalars(select(OutboxMessage)).one().recipient == "hoarau@example.org"


def test_a_double_click_makes_one_case_and_shows_the_same_code(app, client, committed):
    principal = create_principal()
    pages = [client.get(complain(client, principal).location).text for _ in range(2)]
    codes = {re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", page)[0] for page in pages}
    assert committed(Case) == 1 and len(codes) == 1


def test_without_an_address_the_customer_is_told_to_write_both_down(app, client):
    page = client.get(complain(client, create_principal()).location).text
    assert "Notez les deux" in page


def test_what_was_typed_is_never_lost(app, client):
    principal = create_principal()
    refused = complain(client, principal, words="Un long récit.", phone="12", email="nulle part")
    assert refused.status_code == 400
    for typed in ("Un long récit.", "12", "nulle part"):
        assert typed in refused.text
    expired = client.post("/complain", data={"words": "Un long récit.", "principal": principal.key})
    assert expired.status_code == 400 and "Un long récit." in expired.text


def test_the_company_is_chosen_where_there_are_several(app, client):
    create_principal(brand="EDR")
    rhone = create_principal(brand="Eaux du Rhône")
    page = client.get("/complain").text
    assert "De quelle entreprise" in page
    assert submit_with(client, "/complain", words="Une fuite.").status_code == 400
    complain(client, rhone)
    assert db.session.scalars(select(Case)).one().principal_id == rhone.id


def test_english_visitors_are_served_in_english(app):
    principal = create_principal()
    client = visitor(app, "en")
    page = client.get(complain(client, principal).location).text
    assert "Your complaint is registered" in page and "by Monday 7 December 2026 at the latest" in page


def test_without_any_company_the_page_says_so(app, client):
    assert "Aucune entreprise" in client.get("/complain").text


def test_a_receipt_is_shown_to_its_own_browser_only(app, client):
    complain(client, create_principal())
    assert visitor(app).get("/complain/receipt").location == "/complain"


@pytest.mark.parametrize(
    "shape", [str, str.lower, lambda text: text.replace("-", ""), lambda text: text.replace("-", " ")]
)
def test_reference_and_code_open_the_case_however_typed(app, client, shape):
    case = create_case()
    assert follow(client, case, reference=shape(case.reference), code=shape(code_of(case))).status_code == 302
    page = client.get("/follow").text
    assert case.reference in page and "Nous avons reçu votre réclamation" in page


def test_a_wrong_code_and_an_unknown_reference_get_the_same_words(app, client):
    case, other = create_case(), create_case()
    wrong = follow(client, case, code=code_of(other))
    unknown = follow(client, case, reference="R-2026-000123-K")
    nonsense = follow(client, case, reference="bonjour")
    sentence = "Cette référence et ce code ne vont pas ensemble."
    assert [page.status_code for page in (wrong, unknown, nonsense)] == [400, 400, 400]
    assert all(sentence in page.text for page in (wrong, unknown, nonsense))
    assert client.get("/follow").text.count(case.reference) == 0


@pytest.fixture
def slow_house(tmp_path, monkeypatch):
    """An application that counts tries, on a database of its own."""
    monkeypatch.setenv("SATISFECIT_INSTANCE", str(tmp_path))
    own = {"DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}", "RATELIMIT_ENABLED": True}
    house = create_app({**SETTINGS, **own})
    with house.app_context():
        db.create_all()
        yield house
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False  # one limiter serves every application of the run


def test_guessing_is_slowed_down(slow_house):
    case = create_case()
    somebody = visitor(slow_house)
    statuses = [follow(somebody, case, code=f"wrong {number}").status_code for number in range(21)]
    assert statuses == [400] * 20 + [429]


def test_whoever_complains_too_often_keeps_what_was_typed(slow_house):
    create_principal()
    somebody = visitor(slow_house)
    words = "Trente et une fois que je l’écris,\nsans réponse."
    answers = [submit_with(somebody, "/complain", words="", name="Mme Hoarau") for _ in range(30)]
    assert {answer.status_code for answer in answers} == {400}
    token = token_in(somebody.get("/complain").text)
    answer = somebody.post("/complain", data={"csrf_token": token, "words": words, "name": "Mme Hoarau"})
    assert answer.status_code == 429
    assert "sans réponse." in answer.text and "Mme Hoarau" in answer.text and "toujours là" in answer.text


def test_a_case_stays_open_on_a_device_for_half_an_hour(app, client, set_clock):
    case = create_case()
    follow(client, case)
    set_clock(NOW + timedelta(minutes=29))
    assert case.reference in client.get("/follow").text
    page = client.get("/follow/message").text
    set_clock(NOW + timedelta(minutes=31))
    assert case.reference not in client.get("/follow").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    late = client.post("/follow/message", data={"csrf_token": token, "words": "Tapé longtemps.", "key": "k" * 32})
    assert late.status_code == 403 and "Tapé longtemps." in late.text


def test_leaving_closes_the_case(app, client):
    case = create_case()
    follow(client, case)
    submit_with(client, "/follow/leave", page="/follow")
    assert case.reference not in client.get("/follow").text


def test_messages_go_both_ways_and_notes_never(app, client):
    case, alice = create_case(), create_user("handler")
    services.send_message(case.id, "Quel est votre relevé ?", alice.id, NOW)
    services.note(case.id, "Client difficile.", alice.id, NOW)
    db.session.commit()
    follow(client, case)
    for _ in range(2):
        submit_with(client, "/follow/message", words="4 212 kWh.", key="m" * 32)
    page = client.get("/follow").text
    assert "Quel est votre relevé ?" in page and page.count("4 212 kWh.") == 1
    assert "Client difficile." not in page


def test_the_answer_is_read_and_appealed_against_on_the_page(app, client, committed):
    case, _ = create_decided(email=None)
    follow(client, case)
    page = client.get("/follow").text
    assert "Le relevé du technicien fait foi." in page
    assert "Vous pouvez former un recours jusqu’au samedi 23 janvier 2027 inclus." in page
    for _ in range(2):
        response = submit_with(client, "/follow/appeal", page="/follow", words="", key="a" * 32)
        assert response.status_code == 302
    page = client.get("/follow").text
    assert "Votre recours est enregistré." in page and "au plus tard le lundi 21 décembre 2026" in page
    db.session.expire_all()
    assert db.session.get(Case, case.id).state == "appealed"
    assert len(db.session.scalars(select(CaseMessage).filter_by(kind="appeal")).all()) == 1


def test_a_late_appellant_is_told_before_and_after(app, client, set_clock):
    case, _ = create_decided()
    set_clock(TOO_LATE)
    follow(client, case)
    before = client.get("/follow/appeal").text
    assert "a pris fin le samedi 23 janvier 2027" in before
    submit_with(client, "/follow/appeal", words="J’étais absente.", key="a" * 32)
    page = client.get("/follow").text
    assert "Nous avons reçu votre recours, après le délai" in page and "J’étais absente." in page


def test_the_customer_is_told_which_case_goes_on(app, client, set_clock):
    case, _ = create_decided()
    services.file_appeal(case.id, TOO_LATE)
    linked = services.refer_late_appeal(case.id, create_user("manager").id, TOO_LATE)
    db.session.commit()
    set_clock(TOO_LATE)
    follow(client, case)
    assert linked.reference in client.get("/follow").text


def test_a_complaint_is_withdrawn_after_asking(app, client):
    case = create_case()
    follow(client, case)
    assert "Vous pouvez réclamer à nouveau" in client.get("/follow/withdraw").text
    submit_with(client, "/follow/withdraw", key="w" * 32)
    assert "Votre réclamation est retirée" in client.get("/follow").text
    assert client.get("/follow/withdraw").status_code == 409


def test_an_appeal_before_any_answer_is_refused_and_the_words_kept(app, client):
    case = create_case()
    follow(client, case)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/follow/message").text)[1]
    refused = client.post("/follow/appeal", data={"csrf_token": token, "words": "Déjà fâché.", "key": "a" * 32})
    assert refused.status_code == 409
    assert "il n’y a pas encore de réponse à contester" in refused.text and "Déjà fâché." in refused.text


def test_a_late_answer_is_owned_up_to(app, client, set_clock):
    case = create_case()
    set_clock(datetime(2026, 12, 9, 9, 0, tzinfo=UTC))
    follow(client, case)
    assert "Elle est en retard, et nous vous prions de nous en excuser." in client.get("/follow").text


def test_pages_speak_the_language_of_the_case(app, client):
    case = create_case(language="en")
    follow(client, case)
    assert "We have received your complaint" in client.get("/follow").text


def test_customer_pages_are_small(app, client):
    create_principal()
    style = Path(app.static_folder, "css", "customer.css").stat().st_size
    for path in ("/complain", "/follow"):
        assert len(client.get(path).data) + style < 14_000


def test_the_privacy_notice_of_the_company_is_there_before_one_sends(app, client):
    create_principal(
        controller="EDR, 1 rue du Test, Lyon", privacy_notice={"fr": "Vos droits ici.", "en": "Your rights."}
    )
    page = client.get("/complain").text
    assert "qui utilise vos données, et vos droits" in page
    assert "EDR, 1 rue du Test, Lyon" in page and "Vos droits ici." in page
    assert "Your rights." in client.get("/complain?lang=en").text
    create_principal(brand="Belline", privacy_notice={"fr": "Notice de Belline."})
    page = client.get("/complain?lang=fr").text
    assert "Vos droits ici." in page and "Notice de Belline." in page


def test_after_two_months_the_page_names_the_mediator_whole(app, client, set_clock):
    case = create_case()
    set_clock(NOW.replace(year=2027, month=1, day=24))
    follow(client, case)
    page = client.get("/follow").text
    assert "Médiateur de l’énergie, 1 rue de la Médiation, 75001 Paris, https://mediateur.example.org" in page
