"""The editor, as a quality lead uses it without JavaScript: nothing typed is lost, nobody overwrites anybody unseen."""

import html
import json
import re
from pathlib import Path

import pytest

from foundation.database import db
from surveys import editing
from surveys.models import DraftRevision, QuestionnaireVersion
from surveys.queries.drafts import opened
from surveys.questionnaires import content_hash
from surveys.questions.registry import TYPES
from surveys.services.questionnaires import save_draft
from surveys.storage import model_definition
from tests.conftest import token_in
from tests.surveys.factories import NOW, published_version

EVERY_TYPE = Path(__file__).parent / "questionnaires" / "every_type.json"
EDIT = "/surveys/questionnaires/post_contact/edit"


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


@pytest.fixture
def draft(app):
    save_draft(model_definition("post_contact"), NOW)
    db.session.commit()


@pytest.fixture
def published(app):
    published_version()
    db.session.commit()


def now_of():
    db.session.rollback()
    version = db.session.scalars(db.select(QuestionnaireVersion)).first()
    return opened(version.questionnaire)


def ids():
    return [raw["id"] for raw in now_of().definition["questions"]]


def hidden(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def fields_in(page):
    """What a browser would post of the form of a question: every field as it stands."""
    form = re.search(r"<form[^>]*question-form.*?</form>", page, re.DOTALL)[0]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (('type="checkbox"' not in tag and 'type="radio"' not in tag) or " checked" in tag):
            fields[name[1]] = html.unescape(value[1] if value else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        fields[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        fields[name] = html.unescape(chosen[1])
    return fields


def post(client, address, page=None, **fields):
    page = page or client.get(EDIT).text
    return client.post(address, data={"csrf_token": token_in(page), "seen": hidden(page, "seen"), **fields})


def save(client, question_id, shown=None, **changes):
    address = f"{EDIT}/questions/{question_id}"
    page = shown or client.get(address).text
    return client.post(address, data={**fields_in(page), "act": "save", **changes})


def test_the_outline_shows_each_question_with_its_logic_at_a_glance(quality, draft):
    page = quality.get(EDIT).text
    assert re.findall(r'<li id="q-(\w+)"', page) == ids()
    assert "web seulement" in page.lower() or "web" in page
    assert "{satisfaction} &lt;= {low_score}" in page


def test_a_get_makes_no_draft_and_the_first_change_does(quality, published, committed):
    for path in ("", "/questions/effort", "/settings", "/history"):
        assert quality.get(EDIT + path).status_code == 200
    assert (committed(QuestionnaireVersion), committed(DraftRevision)) == (1, 1)
    response = post(quality, EDIT, up="effort")
    assert (response.status_code, response.location.partition("#")[2]) == (303, "q-effort")
    assert committed(QuestionnaireVersion) == 2
    assert ids()[:3] == ["satisfaction", "effort", "recommendation"]


def test_questions_are_moved_duplicated_and_deleted_and_undo_brings_everything_back(quality, draft):
    before = now_of().digest
    post(quality, EDIT, down="satisfaction")
    post(quality, EDIT, duplicate="solved")
    deleted = quality.get(post(quality, EDIT, delete="satisfaction").location).text
    assert ids()[:4] == ["recommendation", "effort", "solved", "solved_2"]
    assert "complaint" in deleted, "it says where a deleted question is still named"
    for _ in range(3):
        assert post(quality, f"{EDIT}/undo").status_code == 303
    assert now_of().digest == before
    assert post(quality, f"{EDIT}/undo").status_code == 409
    post(quality, f"{EDIT}/redo")
    assert ids()[:2] == ["recommendation", "satisfaction"]


def test_a_question_of_every_type_is_added_and_its_form_opens(quality, draft):
    for name in sorted(TYPES):
        response = post(quality, f"{EDIT}/add", type=name, after="effort")
        added = ids()[3]
        assert response.location.endswith(f"/questions/{added}")
        assert 'name="title.fr"' in quality.get(response.location).text
        assert quality.get(f"/surveys/questionnaires/post_contact/preview/{added}?wording=en").status_code == 200


def test_a_form_that_nobody_touched_saves_nothing(quality, app, committed):
    definition = {**json.loads(EVERY_TYPE.read_text()), "key": "post_contact"}
    save_draft(definition, NOW)
    db.session.commit()
    for raw in definition["questions"]:
        assert save(quality, raw["id"]).status_code == 303
    assert now_of().digest == content_hash(definition)
    assert committed(DraftRevision) == 1


def test_every_field_of_a_question_is_edited_on_one_form(quality, draft):
    page = quality.get(post(quality, f"{EDIT}/add", type="multiple", after="solved").location).text
    changes = {
        "id": "reasons", "title.fr": "Pourquoi ?", "title.en": "Why?", "hint.fr": "Plusieurs", "hint.en": "Several",
        "choices.0.id": "bill", "choices.0.label.fr": "Facture", "choices.0.label.en": "Bill",
        "choices.0.words.fr": "facture, fact", "choices.0.wants": "complaint", "choices.0.order": "2",
        "choices.1.id": "none", "choices.1.label.fr": "Rien", "choices.1.label.en": "Nothing",
        "choices.1.exclusive": "1", "choices.1.fixed": "1", "choices.1.order": "3",
        "choices.2.id": "fault", "choices.2.label.fr": "Panne", "choices.2.label.en": "Fault",
        "choices.2.visible_if": "{solved} = 'no'", "choices.2.order": "1",
        "sms_mode": "own", "sms.fr": "Pourquoi ? 1 panne 2 facture 3 rien", "sms.en": "Why? 1 fault 2 bill 3 nothing",
        "visible_if": "{solved} notempty", "required": "1", "required_if": "{solved} = 'no'", "random_order": "1",
        "jumps.0.if": "{solved} = 'yes'", "jumps.0.to": "comment", "page": "p1", "theme": "handling",
        "least": "1", "most": "2", "parts": "1", "not_applicable.fr": "Sans objet", "not_applicable.en": "N/A",
        "prefer_not.fr": "Je préfère ne pas répondre", "prefer_not.en": "I prefer not to answer",
    }  # fmt: skip
    assert save(quality, "multiple", shown=page, **changes).status_code == 303
    assert editing.question_in(now_of().definition, "reasons") == {
        "id": "reasons",
        "type": "multiple",
        "title": {"fr": "Pourquoi ?", "en": "Why?"},
        "hint": {"fr": "Plusieurs", "en": "Several"},
        "choices": [
            {"id": "fault", "label": {"fr": "Panne", "en": "Fault"}, "visible_if": "{solved} = 'no'"},
            {"id": "bill", "label": {"fr": "Facture", "en": "Bill"}, "words": {"fr": ["facture", "fact"]},
             "wants": "complaint"},
            {"id": "none", "label": {"fr": "Rien", "en": "Nothing"}, "fixed": True, "exclusive": True},
        ],
        "sms": {"fr": "Pourquoi ? 1 panne 2 facture 3 rien", "en": "Why? 1 fault 2 bill 3 nothing"},
        "visible_if": "{solved} notempty",
        "required": True,
        "required_if": "{solved} = 'no'",
        "random_order": True,
        "jumps": [{"if": "{solved} = 'yes'", "to": "comment"}],
        "page": "p1",
        "theme": "handling",
        "least": 1,
        "most": 2,
        "parts": 1,
        "not_applicable": {"fr": "Sans objet", "en": "N/A"},
        "prefer_not": {"fr": "Je préfère ne pas répondre", "en": "I prefer not to answer"},
    }  # fmt: skip


def test_what_is_wrong_is_saved_and_said_beside_its_field(quality, draft):
    changes = {"visible_if": "{nobody} = 1", "title.en": ""}
    response = save(quality, "effort", **changes)
    page = quality.get(response.location).text
    assert response.location.endswith("/questions/effort")
    assert 'aria-describedby="h-title e-title.en"' in page
    assert 'aria-invalid="true"' in page
    outline = quality.get(EDIT).text
    assert re.search(r'<li id="q-effort".*?class="problems"', outline, re.DOTALL)
    save(quality, "effort", **{"title.en": "Was it easy?"})
    assert 'aria-describedby="h-visible_if e-visible_if"' in quality.get(f"{EDIT}/questions/effort").text


def test_more_rows_and_the_preview_keep_what_was_typed_and_save_nothing(quality, draft):
    before = now_of().digest
    for act in ("preview", "choices", "jumps"):
        page = save(quality, "solved", **{"title.fr": "Est-ce réglé <b> ?", "jumps.0.if": "{a", "act": act})
        assert page.status_code == 200
        assert "Est-ce réglé &lt;b&gt; ?" in page.text
        assert fields_in(page.text)["jumps.0.if"] == "{a"
    assert now_of().digest == before


def test_an_id_that_is_taken_is_refused_and_everything_typed_is_kept(quality, draft):
    page = save(quality, "solved", **{"id": "effort", "hint.fr": "Une longue phrase."})
    assert page.status_code == 400
    assert fields_in(page.text)["id"] == "effort"
    assert fields_in(page.text)["hint.fr"] == "Une longue phrase."
    assert "solved" in ids()


def test_two_people_on_one_question_the_second_gets_both_texts(app, draft, sign_in):
    first, second = sign_in("quality", name="Anne"), sign_in("quality", name="Brice")
    page = second.get(f"{EDIT}/questions/solved").text
    save(first, "solved", **{"title.fr": "Le texte d’Anne"})
    refused = save(second, "solved", shown=page, **{"title.fr": "Le texte de Brice"})
    assert refused.status_code == 409
    assert "Le texte d’Anne" in refused.text and "Anne" in refused.text
    assert fields_in(refused.text)["title.fr"] == "Le texte de Brice"
    assert editing.question_in(now_of().definition, "solved")["title"]["fr"] == "Le texte d’Anne"
    assert save(second, "solved", shown=refused.text).status_code == 303
    assert editing.question_in(now_of().definition, "solved")["title"]["fr"] == "Le texte de Brice"


def test_two_people_on_two_questions_keep_both_changes(app, draft, sign_in):
    first, second = sign_in("quality"), sign_in("quality")
    page = second.get(f"{EDIT}/questions/solved").text
    save(first, "effort", **{"title.fr": "Effort"})
    refused = save(second, "solved", shown=page, **{"title.fr": "Réglé"})
    assert refused.status_code == 409
    save(second, "solved", shown=refused.text)
    titles = {raw["id"]: raw["title"]["fr"] for raw in now_of().definition["questions"]}
    assert (titles["effort"], titles["solved"]) == ("Effort", "Réglé")


def test_a_question_deleted_while_another_writes_it_can_be_put_back_with_what_was_typed(app, draft, sign_in):
    first, second = sign_in("quality"), sign_in("quality")
    page = second.get(f"{EDIT}/questions/solved").text
    post(first, EDIT, delete="solved")
    refused = save(second, "solved", shown=page, **{"title.fr": "Réglé"})
    assert refused.status_code == 409
    assert save(second, "solved", shown=refused.text).status_code == 303
    assert ids()[-1] == "solved"


@pytest.mark.parametrize("path, fields", [("", {"delete": "effort"}), ("/add", {"type": "comment"}), ("/undo", {}),
                                          ("/redo", {}), ("/languages", {"language": "de"}), ("/discard", {}),
                                          ("/settings", {"parts": "3"}), ("/restore", {"revision": "1"})])  # fmt: skip
def test_an_act_on_a_draft_that_has_changed_is_not_done(quality, draft, path, fields):
    page = quality.get(EDIT).text
    post(quality, EDIT, up="effort")
    digest = now_of().digest
    assert post(quality, EDIT + path, page=page, **fields).status_code == 409
    assert now_of().digest == digest


def test_the_settings_are_the_title_the_messages_and_the_parts(quality, draft):
    page = quality.get(f"{EDIT}/settings").text
    fields = fields_in(page) | {"title.fr": "Un titre", "parts": "3", "messages.thanks.fr": "{brand} : merci bien."}
    assert quality.post(f"{EDIT}/settings", data=fields).status_code == 303
    definition = now_of().definition
    assert (definition["title"]["fr"], definition["parts"]) == ("Un titre", 3)
    assert definition["messages"] == {"thanks": {"fr": "{brand} : merci bien."}}
    page = quality.get(f"{EDIT}/settings").text
    assert "e-messages.thanks.en" in page, "the missing translation is said beside its field"
    quality.post(f"{EDIT}/settings", data=fields_in(page) | {"messages.thanks.fr": ""})
    assert not now_of().definition.get("messages")


def test_languages_come_and_go(quality, draft):
    post(quality, f"{EDIT}/languages", language="de")
    assert 'name="title.de"' in quality.get(f"{EDIT}/questions/solved").text
    refused = post(quality, f"{EDIT}/languages", language="deutsch")
    assert refused.status_code == 400
    post(quality, f"{EDIT}/languages", remove="de")
    assert now_of().definition["languages"] == ["fr", "en"]


def test_the_history_names_who_did_what_and_goes_back(app, draft, sign_in):
    anne = sign_in("quality", name="Anne Aubry")
    before = now_of().digest
    post(anne, EDIT, delete="effort")
    page = anne.get(f"{EDIT}/history").text
    assert "Anne Aubry" in page and "effort" in page
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert post(anne, f"{EDIT}/restore", revision=revision).status_code == 303
    assert now_of().digest == before
    assert post(anne, f"{EDIT}/restore", revision="99999999999999999999").status_code == 404


def test_a_draft_of_a_published_version_can_be_discarded_and_had_back(quality, published):
    post(quality, EDIT, delete="effort")
    assert post(quality, f"{EDIT}/discard").status_code == 303
    assert not now_of().is_draft
    post(quality, f"{EDIT}/undo")
    assert "effort" not in ids()


def test_who_may_only_read_sees_everything_and_changes_nothing(app, draft, sign_in):
    reader = sign_in("auditor")
    for path in ("", "/questions/effort", "/settings", "/history"):
        page = reader.get(EDIT + path)
        assert page.status_code == 200
        assert 'name="seen"' not in page.text or "disabled" in page.text
    assert "<button" not in re.search(r'<ol class="outline">.*?</ol>', reader.get(EDIT).text, re.DOTALL)[0]


def test_a_file_that_is_no_questionnaire_says_what_is_wrong_with_it(quality, app):
    save_draft(
        {"key": "post_contact", "format": "satisfecit-questionnaire/1", "languages": ["fr"], "questions": 3}, NOW
    )
    db.session.commit()
    page = quality.get(EDIT)
    assert page.status_code == 409
    assert "questions" in page.text


def test_the_preview_shows_each_language_with_parts_and_the_most_it_costs(quality, draft):
    for language, words in (("fr", "Recommanderiez-vous Votre marque"), ("en", "Would you recommend Your brand")):
        page = quality.get(f"/surveys/questionnaires/post_contact/preview?wording={language}").text
        assert words in page
        assert "GSM-7" in page
    assert quality.get("/surveys/questionnaires/post_contact/preview/nobody").status_code == 404


def test_a_fresh_statement_is_for_the_web_and_a_fault_names_language_and_type_as_the_editor_does(quality, draft):
    added = quality.get(post(quality, f"{EDIT}/add", type="statement").location).text
    save(quality, "statement", added, **{"title.fr": "Nous pouvons vous citer."})
    page = quality.get(f"{EDIT}/questions/statement").text
    assert re.search("le texte en «.English.» est vide", page)
    save(quality, "statement", **{"title.en": "We may quote you.", "sms_mode": "title"})
    page = quality.get(f"{EDIT}/questions/statement").text
    assert re.search("question de type «.Texte à lire ou consentement.»", page)


def test_the_preview_and_the_page_before_publishing_count_the_same_parts(quality, draft):
    shown = quality.get("/surveys/questionnaires/post_contact/preview?wording=fr").text
    total = re.search(r'data-label="SMS">(\d+)', shown)[1]
    assert re.search(f"coûte {total} SMS envoyés", quality.get("/surveys/questionnaires/post_contact?wording=fr").text)


def test_a_message_outside_the_sms_alphabet_is_shown_as_such(quality, draft):
    save(quality, "solved", **{"sms.fr": "Réglé ? ✓ Répondez OUI ou NON."})
    page = quality.get(f"{EDIT}/questions/solved").text
    assert "UCS-2" in page and "✓" in page


def test_the_preview_of_what_is_being_typed_comes_without_the_page(quality, draft):
    page = quality.get(f"{EDIT}/questions/solved").text
    shown = quality.post(f"{EDIT}/questions/solved/preview", data=fields_in(page) | {"title.fr": "Tout neuf ?"})
    assert "Tout neuf ?" in shown.text and "<html" not in shown.text


def test_a_draft_with_mistakes_everywhere_can_still_be_looked_at(quality, draft):
    mistakes = {"visible_if": "{x", "choices.0.label.fr": "", "title.fr": "", "title.en": "", "parts": "many"}
    save(quality, "solved", **mistakes, least="x")
    post(quality, f"{EDIT}/add", type="number")
    save(quality, "number", **{"least": "ten", "decimals": "two", "jumps.0.to": "nowhere"})
    for path in (EDIT, f"{EDIT}/questions/solved", f"{EDIT}/questions/number", EDIT.replace("edit", "preview"),
                 EDIT.replace("edit", "preview/number"), EDIT.replace("edit", "try")):  # fmt: skip
        assert quality.get(path).status_code == 200
