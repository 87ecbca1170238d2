"""Every text a complainant is sent, in both languages: whole, and short enough for an SMS."""

import string

import pytest

from complaints.wording import appeals, letters, messages
from complaints.wording.texts import Wording
from notifications.segments import cost, fold

TEXTS = {
    f"{name} {language}": text[language]
    for module in (messages, appeals, letters)
    for name, text in vars(module).items()
    if isinstance(text, dict) and isinstance(text.get("fr"), Wording)
    for language in ("fr", "en")
}
VALUES = {
    "brand": "Mutuelle Belline",
    "reference": "R-2026-000123-K",
    "new_reference": "R-2026-000124-M",
    "code": "4XM2-7KY4-JX39-AL5H",
    "link": "https://avis.exemple-centre.fr/follow",
}
#: The only one that carries a code besides reference, date and address.
TWO_PARTS = ("RECEIPT fr", "RECEIPT en")


def filled(name: str) -> Wording:
    text = TEXTS[name]
    used = {
        field for part in (text.subject, text.body, text.short) for _, field, _, _ in string.Formatter().parse(part)
    }
    days = {field: "01/12/2026" for field in used if field}
    return text.fill(**(days | VALUES))


def test_no_text_is_forgotten():
    assert len(TEXTS) == 2 * 9


@pytest.mark.parametrize("name", TEXTS)
def test_an_sms_keeps_to_the_gsm_alphabet_and_to_one_part(name):
    price = cost(fold(filled(name).short))
    assert (price.encoding, price.culprits) == ("gsm7", ())
    assert price.parts == (2 if name in TWO_PARTS else 1)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_says_who_writes_and_about_which_case(name):
    text = filled(name)
    assert text.short.startswith("Mutuelle Belline")
    assert all("R-2026-000123-K" in part for part in (text.subject, text.short))
    assert text.body.endswith("Mutuelle Belline")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_decision_leads_to_the_appeal_and_to_the_mediator(language):
    body = letters.DECISION[language].body
    assert all(f"{{{name}}}" in body for name in ("window_until", "link", "appeal_days", "mediator_now", "reasons"))
    assert "{mediator_now}" in letters.APPEAL_DECISION[language].body
    assert all("{mediator}" in text[language] for text in (letters.MEDIATOR_NOW, messages.MEDIATOR_AFTER))


@pytest.mark.parametrize("name", [name for name in TEXTS if "DECISION" not in name and "MESSAGE" not in name])
def test_what_comes_before_the_answer_says_until_when(name):
    assert "01/12/2026" in filled(name).body or name.startswith("LATE_APPEAL_REFERRED")
