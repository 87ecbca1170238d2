"""Definitions: what may be published, conditions, and SurveyJS in and out."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.segments import cost
from surveys import sms_texts
from surveys.conditions import BadCondition, parse_condition
from surveys.message_texts import MESSAGES
from surveys.questionnaires import compile_version, content_hash, problems
from surveys.questions.choices import YesNo
from surveys.questions.registry import DuplicateType, registry
from surveys.storage import model_definition
from surveys.surveyjs import NotSurveyJS, from_surveyjs, to_surveyjs


def changed(change):
    definition = model_definition("post_contact")
    change(definition)
    return [(problem.code, problem.where) for problem in problems(definition)]


def question(definition, question_id):
    return next(each for each in definition["questions"] if each["id"] == question_id)


@pytest.mark.parametrize(
    "change, code, where",
    [
        (lambda d: d.update(format="x"), "unknown-format", "format"),
        (lambda d: d.update(languages=[]), "no-languages", "languages"),
        (lambda d: d.update(questions=[]), "no-questions", "questions"),
        (lambda d: d.update(colour="red"), "unknown-name", "colour"),
        (lambda d: d["title"].pop("en"), "missing-translation", "title"),
        (lambda d: d["title"].update(de="Hallo"), "unknown-language", "title"),
        (lambda d: question(d, "solved").update(type="matrix"), "unknown-type", "questions.solved"),
        (lambda d: question(d, "solved").update(id="Solved ?"), "bad-id", "questions.Solved ?"),
        (lambda d: question(d, "solved").update(id="effort"), "duplicate-id", "questions.effort"),
        (lambda d: question(d, "solved")["title"].update(fr=" "), "empty-label", "questions.solved.title"),
        (lambda d: question(d, "solved")["choices"].pop(), "wrong-choices", "questions.solved"),
        (lambda d: question(d, "effort").update(choices=[{"id": "1"}]), "no-choices-here", "questions.effort"),
        (lambda d: question(d, "complaint").update(choices=[]), "too-few-choices", "questions.complaint"),
        (lambda d: question(d, "complaint").update(purpose="spy"), "unknown-purpose", "questions.complaint"),
        *(
            (lambda d, written=written: question(d, "complaint").update(visible_if=written), code, where)
            for where in ["questions.complaint.visible_if"]
            for written, code in [
                ("{nothing} = 1", "unknown-name"),
                ("{call_back} = 'no'", "later-question"),
                ("{satisfaction} <= 9", "wrong-value"),
                ("{solved} = 'perhaps'", "wrong-value"),
                ("{solved} <= {low_score}", "wrong-operator"),
                ("{satisfaction} <= 2; drop", "bad-condition"),
                ("__import__('os')", "bad-condition"),
                (3, "bad-condition"),
                ("{effort} <= 2", "not-asked-by-sms"),
            ]
        ),
        (lambda d: question(d, "solved")["sms"].update(fr="é" * 400), "too-many-parts", "questions.solved.sms"),
        (lambda d: question(d, "solved")["sms"].update(fr="Réglée ? ✓"), "sms-letters", "questions.solved.sms"),
    ],
)
def test_a_fault_is_named_with_its_place(change, code, where):
    assert (code, where) in changed(change)


@pytest.mark.parametrize("rubbish", [{}, {"format": "satisfecit-questionnaire/1"}])
def test_rubbish_has_problems_and_breaks_nothing(rubbish):
    assert problems(rubbish) != []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_single_change_of_the_model_breaks_the_check(data):
    definition = model_definition("post_contact")
    node = definition
    while isinstance(node, (dict, list)) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], (dict, list)) or data.draw(st.integers(0, 3)) == 0:
            node[key] = data.draw(st.sampled_from([None, 3, "", [], {}, "x", True, [1], {"fr": 1}, ["a"]]))
            break
        node = node[key]
    assert problems(definition) or compile_version(definition).questions


def test_a_hash_does_not_depend_on_the_order_of_keys():
    definition = model_definition("post_contact")
    assert content_hash(dict(reversed(definition.items()))) == content_hash(definition)


def test_two_types_of_one_name_do_not_start():
    with pytest.raises(DuplicateType):
        registry([YesNo(), YesNo()])


@pytest.mark.parametrize(
    "written, answers, holds",
    [
        ("{a} <= 2", {"a": 2}, True),
        ("{a} <= 2", {"a": 3}, False),
        ("{a} <= 2", {}, False),
        ("{a} <> 'x'", {}, True),
        ("{a} != 'x'", {"a": "x"}, False),
        ("{a} = 'x' or {b} > 3", {"b": 4}, True),
        ("{a} = 'x' and {b} > 3", {"b": 4}, False),
        ("{a} empty", {}, True),
        ("{a} notempty", {"a": None}, True),
        ("{a} < 'x'", {"a": 1}, False),
    ],
)
def test_a_condition_compares_what_was_answered(written, answers, holds):
    assert parse_condition(written).holds(answers) is holds


@pytest.mark.parametrize(
    "written",
    ["", "{a}", "{a} <=", "a <= 2", "{a} <= 2 and", "{A} = 1", "{a} = {b}"],
)
def test_a_condition_outside_the_subset_is_refused(written):
    with pytest.raises(BadCondition):
        parse_condition(written)


OPERANDS = st.one_of(st.integers(-9, 99).map(str), st.from_regex(r"'[a-z_ ]{0,5}'", fullmatch=True))
TESTS = st.builds("{{{}}} {} {}".format, st.sampled_from("abc"), st.sampled_from("= <> < > <= >=".split()), OPERANDS)


@given(st.lists(TESTS, min_size=1, max_size=4), st.sampled_from([" and ", " or "]))
def test_a_condition_is_written_as_it_was_read(tests, joiner):
    written = joiner.join(tests)
    assert str(parse_condition(written)) == written


WORDS = st.text("abc éÀ'’?!0", min_size=1, max_size=12).filter(str.strip)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@st.composite
def definitions(draw):
    """Definitions without faults of form, as they are written: nothing that is only a default."""
    languages = draw(st.sampled_from([["fr"], ["en"], ["fr", "en"], ["en", "fr"], ["fr", "de"]]))
    texts = st.fixed_dictionaries(dict.fromkeys(languages, WORDS))
    ids = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    questions = [draw(questions_of(texts, name, ids[:number])) for number, name in enumerate(ids)]
    base = {"format": "satisfecit-questionnaire/1", "key": draw(NAMES), "languages": languages}
    messages = draw(st.dictionaries(st.sampled_from(sorted(MESSAGES)), texts, max_size=2))
    return {**base, "title": draw(texts), "questions": questions, **({"messages": messages} if messages else {})}


@st.composite
def questions_of(draw, texts, name, earlier):
    kind = draw(st.sampled_from(["satisfaction", "recommendation", "effort", "yes_no", "choice", "comment"]))
    ids = {"satisfaction": list("12345"), "yes_no": ["yes", "no"]}.get(kind, [])
    if kind == "choice":
        ids = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    optional = {"hint": texts, "theme": NAMES, "required": st.just(True), "sms": st.one_of(texts, st.booleans())}
    optional["purpose"] = st.sampled_from(["complaint", "call_back"])
    if kind in ("recommendation", "effort"):
        optional |= {"low_end": texts, "high_end": texts}
    if earlier:
        optional["visible_if"] = st.builds(
            "{{{}}} {}".format, st.sampled_from(earlier), st.sampled_from(["empty", "<= 2"])
        )
    extras = {"wants": st.sampled_from(["complaint", "none"]), "words": st.just({"fr": ["oui"]})}
    fixed = {"id": st.just(name), "type": st.just(kind), "title": texts}
    if ids:
        labelled = [st.fixed_dictionaries({"id": st.just(each), "label": texts}, optional=extras) for each in ids]
        fixed["choices"] = st.tuples(*labelled).map(list)
    return draw(st.fixed_dictionaries(fixed, optional=optional))


@settings(max_examples=150, deadline=None)
@given(definitions())
def test_surveyjs_gives_back_what_it_was_given(definition):
    document = json.loads(json.dumps(to_surveyjs(definition)))
    imported = from_surveyjs(document)
    assert imported.dropped == []
    assert imported.definition == definition


def test_the_model_survives_surveyjs():
    definition = model_definition("post_contact")
    assert from_surveyjs(to_surveyjs(definition)).definition == definition


FOREIGN = {
    "title": "Ihre Meinung",
    "locale": "de",
    "showProgressBar": "top",
    "pages": [
        {
            "name": "first",
            "elements": [
                {"type": "rating", "name": "Zufriedenheit gesamt", "title": "Zufrieden?", "rateMax": 5},
                {"type": "rating", "name": "nps", "rateMin": 0, "rateMax": 10, "isRequired": True},
                {"type": "rating", "name": "stars", "rateMax": 3},
                {"type": "matrix", "name": "grid"},
                {"type": "boolean", "name": "ok", "title": {"default": "Gut?", "fr": "Bien ?"}},
                {
                    "type": "panel",
                    "name": "more",
                    "visibleIf": "{ok} = false",
                    "elements": [
                        {"type": "dropdown", "name": "why", "choices": ["Zu teuer", {"value": 2, "text": "Zu lang"}]},
                        {
                            "type": "text",
                            "name": "words",
                            "visibleIf": "{nps} <= 6 and age({x}) > 2",
                            "inputType": "date",
                        },
                    ],
                },
            ],
        }
    ],
}


def test_a_foreign_document_is_read_and_everything_left_out_is_named():
    imported = from_surveyjs(FOREIGN, key="foreign")
    read = imported.definition
    assert [(each["id"], each["type"]) for each in read["questions"]] == [
        ("zufriedenheit_gesamt", "satisfaction"),
        ("nps", "recommendation"),
        ("ok", "yes_no"),
        ("why", "choice"),
        ("words", "comment"),
    ]
    assert read["languages"] == ["de", "fr"]
    assert question(read, "why")["visible_if"] == question(read, "words")["visible_if"] == "{ok} = 'no'"
    assert [choice["id"] for choice in question(read, "why")["choices"]] == ["zu_teuer", "2"]
    assert [(each.where, each.code) for each in imported.dropped] == [
        ("showProgressBar", "unknown-property"),
        ("pages.0.name", "unknown-property"),
        ("pages.0.elements.0", "renamed"),
        ("pages.0.elements.2", "unknown-scale"),
        ("pages.0.elements.3", "unknown-type"),
        ("pages.0.elements.5.name", "unknown-property"),
        ("pages.0.elements.5.elements.0.choices.0", "renamed"),
        ("pages.0.elements.5.elements.1.visibleIf", "bad-condition"),
        ("pages.0.elements.5.elements.1.inputType", "unknown-property"),
    ]
    assert any(problem.code == "missing-translation" for problem in problems(read))


@pytest.mark.parametrize(
    "document", [[], {}, "x", {"pages": 3}, {"pages": [3]}, {"elements": [{"type": "rating", "rateMin": "a"}]}]
)
def test_what_is_no_surveyjs_is_refused_by_name(document):
    try:
        from_surveyjs(document)
    except NotSurveyJS:
        return
    assert isinstance(document, dict)


def test_the_messages_of_the_model_fit_in_two_parts_of_gsm():
    version = compile_version(model_definition("post_contact"))
    for language in version.languages:
        for asked in version.asked_by("sms"):
            price = cost(sms_texts.question(version, asked, "Mutuelle Belline", language).body)
            assert (price.encoding, price.parts) == ("gsm7", 1)


def test_the_invitation_names_company_and_reason_first():
    from datetime import date

    version = compile_version(model_definition("post_contact"))
    phrase = sms_texts.contact_phrase("phone", "in", date(2026, 8, 17), "Remboursement", "fr")
    text = sms_texts.invitation(version, "Mutuelle Belline", phrase, "https://b.example/s/234567", "fr").body
    assert text == (
        "Mutuelle Belline, votre appel du 17 aout (remboursement). 4 questions, 1 minute."
        " Cet échange vous a-t-il donné satisfaction ? Répondez de 1 (pas du tout) à 5 (tout à fait)."
        " Ou : https://b.example/s/234567 Refus : STOP"
    )
    assert cost(text).parts == 2


def test_a_questionnaire_may_bring_its_own_messages_and_braces_stay_text():
    definition = copy.deepcopy(model_definition("post_contact"))
    definition["messages"] = {"thanks": {"fr": "Merci {brand} {brand.x} {0}", "en": "Thanks"}}
    assert problems(definition) == []
    assert sms_texts.other(compile_version(definition), "thanks", "MB", "fr").body == "Merci MB {brand.x} {0}"


def test_commands_read_and_write_surveyjs_and_name_what_is_left_out(app, tmp_path):
    source = tmp_path / "Enquête client.json"
    source.write_text(json.dumps(FOREIGN), encoding="utf-8")
    run = app.test_cli_runner().invoke
    said = run(args=["surveys", "import", str(source)])
    assert said.exit_code == 3, said.output
    assert "enquete_client, version 1: a draft." in said.output
    assert "left out, pages.0.elements.3: there is no such type of question here: grid" in said.output
    exported = run(args=["surveys", "export", "enquete_client", "--surveyjs"])
    assert json.loads(exported.stdout)["pages"][0]["elements"][1]["name"] == "nps"


def test_the_page_of_an_import_names_what_is_left_out(app, sign_in, submit):
    import io

    content = (io.BytesIO(json.dumps(FOREIGN).encode()), "foreign.json")
    page = submit("/surveys/questionnaires/import", client=sign_in("quality"), file=content, model="")
    assert page.status_code == 200
    assert "ce type de question n’existe pas ici" in page.text
    assert "/surveys/questionnaires/foreign" in page.text
