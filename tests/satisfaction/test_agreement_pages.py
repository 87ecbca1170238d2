"""Commitments are written, signed, changed and judged by page; who reads some sites reads what was said of these."""

from datetime import date

import pytest

from foundation.database import db
from satisfaction.models import TargetAgreement, TargetVersion
from surveys.models import Invitation
from tests.satisfaction.factories import create_principal, create_programme, create_site
from tests.satisfaction.test_commitments_on_home import belline  # noqa: F401
from tests.satisfaction.test_looks import NOW, agree, take_looks
from tests.satisfaction.test_satisfaction_page import text_of

TYPED = {
    "title": "Satisfaction de 80 %", "indicator": "satisfaction", "target": "80", "tolerance": "2",
    "decision": "proven", "confidence_level": "0.95", "minimum_answers": "30", "minimum_response": "10",
    "cadence": "period", "site": "*", "channel": "", "first_day": "2026-12-01", "last_day": "",
}  # fmt: skip
SIGNED = {"signed_for_principal": "A. Martin", "signed_for_provider": "N. Aubry", "signed_on": "2026-11-20"}


@pytest.fixture
def programme(app):
    create_site("lille")
    made = create_programme(create_principal("belline"))
    db.session.commit()
    return made


def write(submit, client, programme, **changes):
    fields = TYPED | {"programme_id": str(programme.id)} | changes
    return submit("/satisfaction/agreements/new?principal=belline", client=client, **fields)


def test_a_commitment_is_written_signed_and_changed_by_page(programme, sign_in, submit):
    client = sign_in("quality")
    assert write(submit, client, programme).status_code == 302
    [version] = db.session.scalars(db.select(TargetVersion)).all()
    assert (version.target, version.tolerance, version.minimum_response) == (0.8, 0.02, 0.1)
    assert (version.population_name, version.site, version.first_day) == (
        "eligible_after_suppression",
        "*",
        date(2026, 12, 1),
    )
    here = f"/satisfaction/agreements/{version.agreement_id}"
    assert "non signée" in text_of(client.get(here).text)
    signed = submit(f"{here}/sign", client=client, page=here, seen="1", **SIGNED)
    assert signed.status_code == 302
    assert "A. Martin" in client.get(here).text and "20 nov. 2026" in client.get(here).text
    changed = submit(
        f"{here}/change", client=client, **TYPED | {"programme_id": str(programme.id), "target": "82", "seen": "1"}
    )
    assert changed.status_code == 302
    assert [one.target for one in db.session.get_one(TargetAgreement, version.agreement_id).versions] == [0.82, 0.8]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": "180"}, "ne peut pas prendre une telle valeur"),
        ({"programme_id": "0"}, "choisissez le programme"),
        ({"minimum_answers": "3"}, "En dessous de cinq réponses"),
        ({"last_day": "2026-11-01"}, "précède le premier"),
        ({"indicator": "complaints_in_time", "channel": "phone", "minimum_response": "20"}, None),
    ],
)
def test_what_cannot_be_agreed_is_said_beside_its_field_and_what_was_typed_is_kept(
    programme, sign_in, submit, changes, said
):
    answered = write(submit, sign_in("quality"), programme, **changes)
    if said is None:  # a register has neither channel nor response: they are passed over
        assert answered.status_code == 302
        return
    assert answered.status_code == 400
    assert said in text_of(answered.text) and "Satisfaction de 80" in answered.text


def test_the_second_of_two_editors_is_told(programme, sign_in, submit):
    client = sign_in("quality")
    write(submit, client, programme)
    here = f"/satisfaction/agreements/{db.session.scalars(db.select(TargetAgreement.id)).one()}"
    fields = TYPED | {"programme_id": str(programme.id), "target": "82"}
    assert submit(f"{here}/change", client=client, **fields | {"seen": "1"}).status_code == 302
    late = submit(f"{here}/change", client=client, **fields | {"seen": "1"})
    assert late.status_code == 400 and "entre-temps" in text_of(late.text)


def test_the_page_gives_verdicts_with_what_it_takes_to_turn_them_and_the_chance_in_them(sign_in, belline):  # noqa: F811
    agree(*belline)
    take_looks(NOW)
    db.session.commit()
    client = sign_in("quality")
    matrix = text_of(client.get("/satisfaction/agreements").text)
    for words in (
        "✓ Atteint",
        "✕ Non atteint",
        "◐ Au-dessus, non prouvé",
        "4 verdicts ont été rendus",
        "manqué, avec tous les sites jugés ensemble",
    ):
        assert words in matrix, words
    page = text_of(client.get("/satisfaction/agreements/1").text)
    assert "sauf s’ils sont moins satisfaits de plus de" in page
    assert "quatre fois sur cinq" in page


def test_an_auditor_reads_and_writes_nothing_and_another_principal_sees_nothing(programme, sign_in, submit):
    write(submit, sign_in("quality"), programme)
    here = f"/satisfaction/agreements/{db.session.scalars(db.select(TargetAgreement.id)).one()}"
    auditor = sign_in("auditor")
    assert auditor.get(here).status_code == 200 and f"{here}/sign" not in auditor.get(here).text
    assert auditor.get("/satisfaction/agreements/new?principal=belline").status_code == 403
    other = create_principal("autre")
    db.session.commit()
    stranger = sign_in("principal", principal_ids=[other.id])
    assert stranger.get(here).status_code == 404


def test_without_an_agreement_the_page_says_so(programme, sign_in):
    assert "sans verdict" in text_of(sign_in("quality").get("/satisfaction/agreements").text)


def test_before_the_field_is_over_the_page_shows_the_range_and_what_is_open_and_no_verdict(sign_in, belline):  # noqa: F811
    agree(*belline)
    db.session.execute(db.update(Invitation).where(Invitation.disposition == "expired").values(disposition="sent"))
    db.session.commit()
    page = text_of(sign_in("quality").get("/satisfaction/agreements/1").text)
    assert "À ce jour, pour octobre 2026" in page and "Aucun verdict ne repose sur ces chiffres" in page
    assert "✓" not in page and "✕" not in page
