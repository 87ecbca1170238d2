"""Names, addresses and numbers struck out for those who may not know who complains."""

import pytest

from complaints.identity import without_identity

PERSON = {"name": "Mme Léa Hoarau-Petit", "email": "lea@example.org", "phone": "+33612345678"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bonjour Mme Léa Hoarau-Petit,", "Bonjour ••••,"),
        ("Ici hoarau, LÉA.", "Ici ••••, ••••."),
        ("Écrivez à LEA@example.org", "Écrivez à ••••"),
        ("Rappelez le 06 12 34 56 78.", "Rappelez le ••••."),
        ("ou le +33 6.12.34.56.78", "ou le ••••"),
        ("(0033)612345678", "••••"),
        ("Un petitfours, 412 €, R-2026-000123-K", "Un petitfours, 412 €, R-2026-000123-K"),
    ],
)
def test_a_person_is_struck_out_however_they_are_written(text, left):
    assert without_identity(text, **PERSON) == left


def test_without_a_person_the_words_stay():
    assert without_identity("Mme Hoarau") == "Mme Hoarau"
    assert without_identity("M. O paie 0612345678", name="M. O") == "•••• paie 0612345678"
