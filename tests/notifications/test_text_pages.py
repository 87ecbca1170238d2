"""The pages of texts: who may read and write, what is refused and kept as typed, and what stands in force."""

from html import unescape

import pytest

from foundation.database import db
from foundation.ledger.models import Entry
from notifications.models import MessageText, MessageTextVersion, SmsPrice
from notifications.queries.texts import in_force
from tests.conftest import submit_with, token_in
from tests.notifications.factories import create_message

PLACE = "/notifications/texts/surveys.invitation_web/sms/fr"
ENGLISH = PLACE.replace("/fr", "/en")
WORDS = "{brand}, {contact}. Dites-nous tout : {link} Refus : STOP"


def save(client, words=WORDS, version=0, place=PLACE, **fields):
    return submit_with(client, place, body=words, version=version, act="save", **fields)


def text_of(page):
    return " ".join(unescape(page).split()).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def quality(sign_in):
    return sign_in("quality", name="Q. Lead")


def test_every_text_stands_on_the_list_in_both_languages(quality):
    page = quality.get("/notifications/texts").text
    for text in in_force().catalogue:
        for language in ("fr", "en"):
            assert f'href="/notifications/texts/{text.key}/{text.channel}/{language}"' in page


@pytest.mark.parametrize(
    "role, may_write", [("quality", True), ("manager", True), ("auditor", False), ("admin", False)]
)
def test_quality_and_managers_write_others_read(sign_in, role, may_write):
    client = sign_in(role)
    page = client.get(PLACE)
    assert page.status_code == 200 and "Votre avis en une minute" in page.text
    assert ("<textarea" in page.text) == may_write
    token = token_in(client.get("/accounts/password").text)
    answer = client.post(PLACE, data={"csrf_token": token, "body": WORDS, "version": 0, "act": "save"})
    assert answer.status_code == (302 if may_write else 403)


def test_who_sees_one_principal_only_reads(sign_in, committed):
    client = sign_in("quality", principal_ids=[1])
    page = client.get(PLACE).text
    assert "<textarea" not in page and "Seul qui les voit tous peut le modifier" in text_of(page)
    token = token_in(client.get("/accounts/password").text)
    for place in (PLACE, f"{PLACE}/restore", "/notifications/texts/price"):
        data = {"csrf_token": token, "body": WORDS, "version": 0, "number": 0, "amount": "1", "currency": "EUR"}
        assert client.post(place, data=data).status_code == 403
    assert committed(MessageText) == committed(SmsPrice) == 0


def test_what_does_not_exist_is_not_found(quality):
    for place in ("nothing/sms/fr", "surveys.thanks/email/fr", "surveys.thanks/sms/de", "surveys.thanks/fax/fr"):
        assert quality.get(f"/notifications/texts/{place}").status_code == 404
    assert quality.get(f"{PLACE}/compare?old=0&new=3").status_code == 404


def test_saving_puts_the_words_in_force_and_says_who_and_why(quality, committed):
    answer = save(quality, note="Plus court", folded="y")
    assert answer.status_code == 302
    assert in_force().of("surveys.invitation_web", "sms", "fr").body == WORDS
    page = text_of(quality.get(PLACE).text)
    assert "version 1 en vigueur" in page and "Plus court" in page and "Q. Lead" in page
    (entry,) = db.session.scalars(db.select(Entry).filter_by(kind="notifications.text"))
    assert entry.subject == "text:surveys.invitation_web:sms:fr" and '"in_force":1' in entry.facts
    assert committed(MessageTextVersion) == 1


@pytest.mark.parametrize(
    "words, told",
    [
        ("{brand}, {contact} : {lien} STOP", "{lien} n’est pas un champ de ce texte. Vouliez-vous dire {link} ?"),
        ("{brand} : {contact} STOP", "{link} manque : l’adresse personnelle du questionnaire."),
        ("{brand} : {link}", "Le mot STOP manque"),
        ("{brand} : {link} STOP { ici", "Il y a un { sans son autre moitié"),
        ("{brand} : {link} STOP {Marque}", "{Marque} n’est pas un champ de ce texte."),
        ("{brand} : {link} STOP Profitez de -20 %", "Ceci est de la publicité : « Profitez de », « -20 % »."),
        ("", "Le texte est vide"),
        ("{brand} {link} STOP " + "mot " * 400, "SMS ; 10 est le maximum"),
    ],
)
def test_bad_words_are_refused_with_the_remedy_and_kept_as_typed(quality, committed, words, told):
    answer = save(quality, words, folded="y", note="Essai")
    page = text_of(answer.text)
    assert answer.status_code == 400
    assert told in page
    assert words.strip() in page and 'value="Essai"' in answer.text
    assert committed(MessageTextVersion) == 0


def test_an_email_needs_a_subject_and_may_name_its_places_there(quality):
    place = "/notifications/texts/complaints.message/email/fr"
    body = "Bonjour,\n\n{words}\n\n{link} {reference}\n\n{brand}"
    refused = save(quality, body, place=place, subject=" ")
    assert refused.status_code == 400 and "Il faut un objet à un courriel." in text_of(refused.text)
    assert save(quality, body, place=place, subject="{brand} : {reference}").status_code == 302
    assert in_force().of("complaints.message", "email", "fr").subject == "{brand} : {reference}"


def test_a_preview_shows_and_keeps_nothing(quality, committed):
    answer = submit_with(quality, PLACE, body="{brand} : {lien}", version=0, act="preview")
    assert answer.status_code == 200 and committed(MessageText) == 0
    assert "Vouliez-vous dire {link}" in text_of(answer.text) and "{brand} : {lien}</textarea>" in unescape(answer.text)


def test_the_live_preview_is_the_same_piece_alone(quality):
    answer = submit_with(quality, f"{PLACE}/preview", page=PLACE, body=WORDS, version=0, folded="y")
    assert answer.status_code == 200 and answer.text.strip().startswith("<div") and "<html" not in answer.text
    assert "Mutuelle Belline, votre appel du 17 nov. (facturation). Dites-nous tout" in text_of(answer.text)


def test_folding_is_offered_with_both_prices_and_never_silent(quality):
    submit_with(
        quality, "/notifications/texts/price", page="/notifications/texts", amount="0,0725", currency="EUR", seen=""
    )
    words = "{brand}, {contact} : vous êtes concerné. Votre avis, à l’adresse {link} Refus : STOP"
    plain = text_of(submit_with(quality, PLACE, body=words, version=0, act="preview").text)
    assert "chaque SMS contient donc 67 caractères au lieu de 153" in plain
    assert "<mark>ê</mark>" in plain and "Coût maximal : 4 SMS, soit 0,29 €." in plain
    folded = text_of(submit_with(quality, PLACE, body=words, version=0, act="preview", folded="y").text)
    assert "Voici ce qui part à leur place" in folded and "vous etes concerné. Votre avis, à l'adresse" in folded
    assert "Coût maximal : 2 SMS, soit 0,145 €." in folded and "0,29 €" in folded


def test_without_a_price_the_cost_is_said_in_parts(quality):
    page = text_of(quality.get(PLACE).text)
    assert "Coût maximal : 2 SMS. Le prix d’un SMS n’est pas encore indiqué." in page and "€" not in page


def test_a_long_sms_shows_where_each_part_begins(quality):
    page = text_of(quality.get("/notifications/texts/surveys.invitation/sms/fr").text)
    assert "SMS 1 sur 2" in page and "SMS 2 sur 2" in page


def test_the_second_to_save_gets_both_texts(sign_in, committed):
    first, second = sign_in("quality"), sign_in("manager")
    assert save(first, WORDS).status_code == 302
    mine = "{brand}, {contact}. Une minute, svp : {link} Refus : STOP"
    answer = save(second, mine, version=0)
    page = text_of(answer.text)
    assert answer.status_code == 409 and committed(MessageTextVersion) == 1
    assert f"{mine}</textarea>" in page and 'name="version" type="hidden" value="1"' in answer.text
    assert "<del>Dites-nous</del>" in page and "<ins>minute, svp</ins>" in page
    assert save(second, mine, version=1).status_code == 302
    assert in_force().of("surveys.invitation_web", "sms", "fr").body == mine


def test_older_words_and_the_words_as_delivered_come_back(quality):
    save(quality, WORDS)
    save(quality, WORDS.replace("tout", "un mot"), version=1)
    compared = text_of(quality.get(f"{PLACE}/compare?old=1&new=2").text)
    assert "<del>tout</del>" in compared and "<ins>un mot</ins>" in compared
    restore = f"{PLACE}/restore"
    assert submit_with(quality, restore, page=PLACE, number=1, version=2).status_code == 302
    assert in_force().of("surveys.invitation_web", "sms", "fr").body == WORDS
    assert submit_with(quality, restore, page=PLACE, number=0, version=3).status_code == 302
    assert "Votre avis en une minute" in in_force().of("surveys.invitation_web", "sms", "fr").body
    assert submit_with(quality, restore, page=PLACE, number=9, version=4).status_code == 404
    assert submit_with(quality, restore, page=PLACE, number=1, version=2).status_code == 409


def test_a_message_leads_to_the_version_it_was_written_from(quality):
    save(quality)
    written = in_force().of("surveys.invitation_web", "sms", "fr")
    messages = create_message(text_id=written.version_id), create_message()
    pages = [quality.get(f"/notifications/{message.id}").text for message in messages]
    assert [PLACE in page for page in pages] == [True, False]


def test_the_same_words_again_are_no_version(quality, committed):
    default = in_force().of("surveys.invitation_web", "sms", "fr")
    answer = save(quality, default.body, folded="y")
    assert answer.status_code == 400 and "Ce texte est déjà en vigueur." in text_of(answer.text)
    assert committed(MessageTextVersion) == 0


def test_each_language_has_words_of_its_own(quality):
    save(quality, WORDS)
    assert "Your opinion in one minute" in quality.get(ENGLISH).text
    assert in_force().of("surveys.invitation_web", "sms", "en").version_id is None


def test_the_price_of_a_part_is_written_down_once(sign_in):
    first, second = sign_in("quality"), sign_in("manager")
    page, price = "/notifications/texts", "/notifications/texts/price"
    assert submit_with(first, price, page=page, amount="-1", currency="EUR", seen="").status_code == 400
    assert submit_with(first, price, page=page, amount="0,0725", currency="EUR", seen="").status_code == 302
    assert db.session.get(SmsPrice, 1).millionths == 72500
    late = submit_with(second, price, page=page, amount="0,08", currency="EUR", seen="")
    assert late.status_code == 409 and "0,0725 €" in text_of(late.text) and 'value="0,08"' in late.text
    assert submit_with(second, price, page=page, amount="0,08", currency="EUR", seen="72500 EUR").status_code == 302
    assert "0,16 €" in text_of(first.get(page).text)


def test_what_was_written_is_never_run(quality):
    words = "{brand} <script>alert(1)</script> {link} STOP"
    assert "<script>alert" not in save(quality, words).text
    assert "<script>alert" not in quality.get(PLACE).text
