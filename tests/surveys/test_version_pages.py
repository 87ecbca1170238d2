"""Pages of versions: what was changed, in words and with its class; retiring; the bank of models."""

import copy

import pytest

from foundation.database import db
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.services.questionnaires import publish, retire, save_draft
from surveys.storage import model_definition, model_keys
from tests.surveys.factories import NOW, create_principal, create_programme_of, published_version

PAGE = "/surveys/questionnaires/post_contact"
FORM = "/surveys/questionnaires/new"


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


def draft(change):
    definition = copy.deepcopy(model_definition("post_contact"))
    change({raw["id"]: raw for raw in definition["questions"]}, definition["questions"])
    return save_draft(definition, NOW)


@pytest.fixture
def edited(app):
    """Version 1 published, and a draft with an edit of each class."""
    published_version()

    def change(by_id, _all):
        by_id["effort"].update(polarity="lower")
        by_id["solved"]["title"]["fr"] = "Votre demande est-elle réglée ?"
        by_id["comment"]["title"]["fr"] = "Souhaitez-vous ajouter quelque chose"

    made = draft(change)
    db.session.commit()
    return made


def test_two_versions_stand_side_by_side_with_the_class_of_each_change(quality, edited):
    page = quality.get(f"{PAGE}/compare?from=1&to=2").text
    assert "<del>" in page and "<ins>" in page
    for words in ("Échelle", "Énoncé", "Forme", "Sens de l’échelle"):
        assert words in page
    assert "2 séries recommencent" in page
    assert "<code>effort</code>" in page and "<code>solved</code>" in page


def test_without_numbers_the_last_is_compared_with_the_one_before(quality, edited):
    assert quality.get(f"{PAGE}/compare").text == quality.get(f"{PAGE}/compare?from=1&to=2").text


def test_the_same_version_twice_says_the_same(quality, edited):
    assert "Les deux disent la même chose" in quality.get(f"{PAGE}/compare?from=1&to=1").text


@pytest.mark.parametrize(
    "address", [f"{PAGE}/compare?to=9", f"{PAGE}/compare?from=0", "/surveys/questionnaires/x/compare"]
)
def test_a_version_there_is_none_of_is_not_found(quality, edited, address):
    assert quality.get(address).status_code == 404


def test_a_draft_that_is_no_questionnaire_is_not_compared_but_said(quality, app):
    version = published_version()
    db.session.add(
        QuestionnaireVersion(
            questionnaire_id=version.questionnaire_id, number=2, definition={"questions": "x"}, created_at=NOW
        )
    )
    db.session.commit()
    answer = quality.get(f"{PAGE}/compare")
    assert answer.status_code == 200
    assert "n’est pas un questionnaire lisible" in answer.text


def test_a_question_put_first_is_told_once_for_all_that_follow(quality, app):
    published_version()
    new = {"id": "reason", "type": "comment", "title": {"fr": "<b>Pourquoi</b> ?", "en": "Why?"}}
    draft(lambda _by_id, questions: questions.insert(0, new))
    db.session.commit()
    page = quality.get(f"{PAGE}/compare").text
    assert "Cette question est nouvelle" in page
    assert "&lt;b&gt;Pourquoi&lt;/b&gt;" in page
    assert page.count("Questions désormais précédées") == 1
    assert "11 séries recommencent" in page


def test_what_publishing_would_break_is_said_before_publishing(quality, edited):
    page = quality.get(PAGE).text
    assert "Depuis la version 1" in page
    assert "aucun chiffre d’avant n’est jamais joint" in page
    assert f"{PAGE}/compare?from=1&amp;to=2" in page
    assert page.index("Depuis la version 1") < page.index("Publier la version 2")


def test_a_version_is_retired_from_its_page(quality, submit, app):
    version = published_version()
    programme = create_programme_of(create_principal())
    db.session.commit()
    page = quality.get(PAGE).text
    assert "Retirer la version 1" in page and programme.name in page
    # The button stands behind a question, which opens without a script.
    asked, button = page.split("<summary>Retirer la version 1</summary>")[1].split("Oui, retirer la version 1")
    assert "En êtes-vous sûr" in asked and "</details>" not in asked and "</details>" in button
    answer = submit(f"{PAGE}/1/retire", client=quality, page=FORM)
    assert answer.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(QuestionnaireVersion, version.id).retired_at is not None
    page = quality.get(PAGE).text
    assert "Retirée le" in page and "Retirer la version 1" not in page
    assert "version 1" not in quality.get("/surveys/programmes/new").text
    submit(f"{PAGE}/1/retire", client=quality, page=FORM)
    assert "est déjà retirée" in quality.get(PAGE).text


def test_a_draft_offers_no_retiring_and_an_unknown_version_is_not_found(quality, submit, edited):
    assert "Retirer la version" not in quality.get(PAGE).text
    assert submit(f"{PAGE}/9/retire", client=quality, page=FORM).status_code == 404


def test_a_reader_sees_versions_and_cannot_retire(sign_in, edited):
    reader = sign_in("auditor")
    assert reader.get(f"{PAGE}/compare").status_code == 200
    assert "Retirer la version" not in reader.get(f"{PAGE}/1").text


def test_the_bank_lists_every_model_with_what_it_measures(quality):
    page = quality.get("/surveys/questionnaires/bank").text
    assert page.count('class="panel"') == len(model_keys())
    assert "Gestion des recours" in page and "Une fois l’an" in page


@pytest.mark.parametrize("key", model_keys())
def test_a_model_is_shown_with_its_questions_and_sources_in_both_languages(quality, key):
    definition = model_definition(key)
    for language in ("fr", "en"):
        page = quality.get(f"/surveys/questionnaires/bank/{key}?lang={language}&wording={language}").text
        assert all(f"<code>{raw['id']}</code>" in page for raw in definition["questions"])
        assert ("Utiliser ce modèle" if language == "fr" else "Use this model") in page


def test_using_a_model_makes_a_draft_and_leaves_a_questionnaire_of_its_key_alone(quality, submit, app):
    published_version()
    db.session.commit()
    for expected in ("post_contact_2", "post_contact_3"):
        answer = submit("/surveys/questionnaires/bank/post_contact/use", client=quality, page=FORM)
        assert answer.location.endswith(f"/surveys/questionnaires/{expected}/edit")
    db.session.rollback()
    made = db.session.scalars(db.select(Questionnaire).filter_by(key="post_contact_2")).one()
    assert [version.published_at for version in made.versions] == [None]
    assert made.versions[0].definition["key"] == "post_contact_2"
    assert submit("/surveys/questionnaires/bank/x/use", client=quality, page=FORM).status_code == 404


def test_the_table_of_versions_links_the_edits_of_each(quality, edited):
    publish(edited.questionnaire_id, None, NOW)
    retire(edited.questionnaire_id, 1, NOW)
    db.session.commit()
    page = quality.get(PAGE).text
    assert f'href="{PAGE}/compare?to=2">Échelle' in page
    assert "retirée le" in page
