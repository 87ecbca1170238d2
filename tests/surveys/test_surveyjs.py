"""SurveyJS documents: out and in again is the same, and nothing of a foreign one is lost without a word."""

import copy
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.formats.report import NotReadable
from surveys.formats.surveyjs_in import from_surveyjs
from surveys.formats.surveyjs_out import to_surveyjs
from surveys.questionnaires import problems
from surveys.storage import model_definition, model_keys
from tests.surveys.strategies import definition_of, definitions


def asked(definition, question_id):
    return next(each for each in definition["questions"] if each["id"] == question_id)


def there_and_back(definition):
    document = json.loads(json.dumps(to_surveyjs(definition)))
    imported = from_surveyjs(document)
    assert imported.dropped == []
    assert imported.definition == definition
    assert {fate.state for fate in imported.fates} == {"kept"}
    return document


@settings(max_examples=100, deadline=None)
@given(definitions())
def test_surveyjs_gives_back_what_it_was_given(definition):
    there_and_back(definition)


@pytest.mark.parametrize("seed", range(20))
def test_a_questionnaire_with_every_feature_survives_surveyjs(seed):
    there_and_back(definition_of(seed))


@pytest.mark.parametrize("key", sorted(model_keys()))
def test_the_models_survive_surveyjs(key):
    there_and_back(model_definition(key))


def plain(**keys):
    question = {"id": "a", "type": "choice", "title": {"fr": "A ?"}, **keys}
    question.setdefault("choices", [{"id": "x", "label": {"fr": "X"}}, {"id": "y", "label": {"fr": "Y"}}])
    last = {"id": "b", "type": "text", "title": {"fr": "B ?"}}
    base = {"format": "satisfecit-questionnaire/1", "key": "made", "languages": ["fr"], "title": {"fr": "T"}}
    return {**base, "questions": [question, {**last, "id": "c"}, last]}


def test_one_jump_about_its_own_answer_becomes_a_trigger_and_others_travel_beside():
    one = plain(jumps=[{"if": "{a} = 'x'", "to": "b"}])
    assert there_and_back(one)["triggers"] == [{"type": "skip", "expression": "{a} = 'x'", "gotoName": "b"}]
    ends = plain(jumps=[{"if": "not ({a} = 'x')", "to": "end"}])
    trigger = there_and_back(ends)["triggers"][0]
    assert (trigger["type"], trigger["expression"]) == ("complete", "!({a} = 'x')")
    two = plain(jumps=[{"if": "{a} = 'x'", "to": "b"}, {"to": "end"}])
    document = there_and_back(two)
    assert "triggers" not in document
    assert document["pages"][0]["elements"][0]["satisfecit"]["jumps"] == two["questions"][0]["jumps"]


def test_a_condition_in_words_that_surveyjs_has_not_is_written_in_its_own_and_comes_back_as_it_was():
    choices = [{"id": "x", "label": {"fr": "X"}}, {"id": "y", "label": {"fr": "Y"}, "visible_if": "not ({c} empty)"}]
    definition = plain(choices=choices)
    definition["questions"].reverse()
    definition["questions"][1]["visible_if"] = "not ({b} empty)"
    document = there_and_back(definition)
    assert document["pages"][1]["elements"][0]["visibleIf"] == "!({b} empty)"
    assert document["pages"][2]["elements"][0]["choices"][1]["visibleIf"] == "!({c} empty)"


def test_a_draft_with_a_condition_nobody_can_read_can_be_taken_out():
    assert to_surveyjs(plain(visible_if="not that"))["pages"][0]["elements"][0]["visibleIf"] == "not that"


def test_a_statement_says_its_words_as_they_are_although_surveyjs_reads_html():
    definition = plain(type="statement", title={"fr": "1 < 2 & <b>non</b>"}, choices=[])
    del definition["questions"][0]["choices"]
    html = there_and_back(definition)["pages"][0]["elements"][0]["html"]
    assert html == {"fr": "1 &lt; 2 &amp; &lt;b&gt;non&lt;/b&gt;"}


# --- documents that are not ours -----------------------------------------------------------------------------------
TEXT = ["Wie?", {"default": "Wie?", "fr": "Comment ?"}, {"de": "Wie?", "fr-CA": "Comment?"}]
CHOICES = [["Gut", "Nicht gut"], [1, 2, 3], [{"value": "a", "text": "A", "visibleIf": "{q1} notempty"}, "b"],
           [{"value": "a", "isExclusive": True}, {"value": "b", "enableIf": "{q1} = 1", "text": "B"}]]  # fmt: skip
ANY = {
    "title": TEXT, "description": TEXT, "isRequired": [True],
    "visibleIf": ["{q1} = 1", "today() > 1", "{q1} anyof [1]"],
    "requiredIf": ["{q1} > 1", "{q1} + 1"], "startWithNewLine": [False], "validators": [[{"type": "email"}]],
    "readOnly": [True], "defaultValue": [1], "hideNumber": [True], "minWidth": ["10px"],
}  # fmt: skip
LIST = {
    "choices": CHOICES, "choicesOrder": ["random", "asc"], "showOtherItem": [True], "showNoneItem": [True],
    "noneText": TEXT, "showRefuseItem": [True], "refuseText": TEXT, "showDontKnowItem": [True], "colCount": [2],
    "choicesByUrl": [{"url": "https://x.example/"}], "maxSelectedChoices": [2], "minSelectedChoices": [1, "1"],
}  # fmt: skip
OF_TYPES = {
    "rating": {"rateMin": [0, 2], "rateMax": [10, 7, 3], "minRateDescription": TEXT, "rateType": ["stars"],
               "rateValues": [[1, 2, 3, 4, 5], [{"value": n, "text": f"N{n}", "icon": "x"} for n in range(1, 6)]]},
    "boolean": {"labelTrue": TEXT, "labelFalse": TEXT, "valueTrue": ["ja"], "renderAs": ["checkbox"], "label": TEXT},
    "text": {"inputType": ["number", "date", "email", "range"], "min": [1, "2026-01-01"], "max": [9], "step": [0.1, 3],
             "maxLength": [20], "placeholder": TEXT},
    "comment": {"rows": [3], "maxLength": [20], "minRateDescription": TEXT},
    "html": {"html": ["<p>Hallo</p>", "Sieh <a href='x'>hier</a>", {"fr": "<b>Oui</b>", "xx-y": "z"}]},
    "radiogroup": LIST, "dropdown": LIST, "checkbox": LIST, "tagbox": LIST,
    "ranking": LIST | {"selectToRankEnabled": [True], "longTap": [False]},
    "matrix": {"columns": [[1, 2]], "rows": [["a", "b"]]},
}  # fmt: skip
TRIGGERS = [
    {"type": "skip", "expression": "{q1} = 1", "gotoName": "q2"},
    {"type": "skip", "expression": "{q1} = 1", "gotoName": "nowhere"},
    {"type": "complete", "expression": "{q1} = 1", "executeOnNext": True},
    {"type": "setvalue", "expression": "{q1} = 1", "setToName": "q2", "setValue": 3},
    {"type": "skip", "expression": "today() = 1", "gotoName": "q2"},
]
PAGES = {"name": ["Seite 1", "s"], "title": TEXT, "visibleIf": ["{q1} = 1", "x"], "readOnly": [True]}
TOP = {"locale": ["de", "pt-br"], "title": TEXT, "questionsOnPageMode": ["questionPerPage", "singlePage"],
       "completedHtml": ["<p>Danke</p>"], "showTimer": [True]}  # fmt: skip


def some(rng, vocabulary, chance=0.4):
    return {key: copy.deepcopy(rng.choice(values)) for key, values in vocabulary.items() if rng.random() < chance}


def foreign_document(rng):
    """A document as somebody may have written it: every property that we read, and many that we do not."""
    number, pages = 0, []
    for _ in range(rng.randint(1, 2)):
        elements = []
        for _ in range(rng.randint(1, 3)):
            number += 1
            kind = rng.choice(sorted(OF_TYPES))
            element = {"type": kind, "name": f"q{number}"} | some(rng, ANY, 0.2) | some(rng, OF_TYPES[kind])
            panel = {"type": "panel", "elements": [element], **some(rng, PAGES, 0.3)}
            elements.append(panel if rng.random() < 0.2 else element)
        pages.append({"elements": elements, **some(rng, PAGES)})
    triggers = rng.sample(TRIGGERS, rng.randint(0, 2))
    return some(rng, TOP) | {"pages": pages} | ({"triggers": copy.deepcopy(triggers)} if triggers else {})


def places(node, path=()):
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def without(document, path):
    changed = copy.deepcopy(document)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return changed


def meaning(document):
    """What a reader makes of it: with one word less, this or what it says of it must be different."""
    try:
        return from_surveyjs(document).definition
    except NotReadable:
        return None


def is_panel(document, path):
    found = document
    for step in path:
        found = found[step]
    return path[-1] == "type" and found == "panel"


def silently_lost(document):
    """Places of a document that can be taken away without a trace in the questionnaire, and that no note speaks of."""
    imported = from_surveyjs(copy.deepcopy(document))
    noted = [note.where for note in imported.dropped]
    for path in places(document):
        where = ".".join(map(str, path))
        spoken = any(where == note or where.startswith(note + ".") or note.startswith(where + ".") for note in noted)
        if is_panel(document, path):  # it has no meaning of its own: what stands in it has
            continue
        if not spoken and meaning(without(document, path)) == imported.definition:
            yield where


#: Said twice in one document, or as it is said anyway, so that it may go: the span of a scale, one page a question.
USUAL = ("rateMax", "rateMin", "rateValues", "questionsOnPageMode")


def holds_for(seed):
    document = foreign_document(Random(seed))
    lost = [where for where in silently_lost(document) if not where.endswith(USUAL)]
    assert lost == [], document


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_key_of_a_foreign_document_is_either_in_the_questionnaire_or_named(seed):
    holds_for(seed)


def test_a_scale_whose_bounds_are_said_beside_its_values_is_read_from_its_values():
    element = {"type": "rating", "name": "q", "rateMin": 0, "rateMax": 3, "rateValues": [1, 2, 3, 4, 5]}
    assert asked(from_surveyjs({"elements": [element]}).definition, "q")["type"] == "satisfaction"


def test_a_condition_follows_the_choices_it_names_to_their_new_ids():
    first = {"type": "checkbox", "name": "Warum?", "choices": ["Zu teuer", 2]}
    second = {"type": "text", "name": "b", "visibleIf": "{Warum?} anyof ['Zu teuer', 2] and {ok} = 'Ja'"}
    boolean = {"type": "boolean", "name": "ok", "valueTrue": "Ja"}
    read = from_surveyjs({"elements": [first, boolean, second]}).definition
    assert asked(read, "b")["visible_if"] == "{warum} anyof ['zu_teuer', '2'] and {ok} = 'yes'"


def test_two_names_that_look_alike_get_ids_of_their_own_and_words_of_ours_none():
    elements = [{"type": "text", "name": name} for name in ("A b", "a_b", "A-B", "end", "site")]
    read = from_surveyjs({"elements": elements})
    assert [each["id"] for each in read.definition["questions"]] == ["a_b", "a_b_2", "a_b_3", "end_2", "site_2"]
    assert not {"duplicate-id", "reserved-id"} & {problem.code for problem in problems(read.definition)}


def test_more_questions_than_anybody_answers_are_refused():
    with pytest.raises(NotReadable) as refused:
        from_surveyjs({"elements": [{"type": "text", "name": f"q{number}"} for number in range(501)]})
    assert (refused.value.code, refused.value.facts) == ("too-many-questions", {"most": 500})


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
        ("words", "date"),
    ]
    assert read["languages"] == ["de", "fr"]
    assert asked(read, "why")["visible_if"] == asked(read, "words")["visible_if"] == "{ok} = 'no'"
    assert [choice["id"] for choice in asked(read, "why")["choices"]] == ["zu_teuer", "2"]
    assert [(each.where, each.code) for each in imported.dropped] == [
        ("showProgressBar", "unknown-property"),
        ("pages.0.elements.0", "renamed"),
        ("pages.0.elements.2", "unknown-scale"),
        ("pages.0.elements.3", "unknown-type"),
        ("pages.0.elements.5.name", "unknown-property"),
        ("pages.0.elements.5.elements.0.choices.0", "renamed"),
        ("pages.0.elements.5.elements.1.visibleIf", "bad-condition"),
    ]
    assert {each["page"] for each in read["questions"]} == {"first"}
    assert [(fate.source.name, fate.state) for fate in imported.fates] == [
        ("Zufriedenheit gesamt", "changed"),
        ("nps", "kept"),
        ("stars", "dropped"),
        ("grid", "dropped"),
        ("ok", "kept"),
        ("why", "changed"),
        ("words", "changed"),
    ]
    assert [each.where for each in imported.elsewhere] == ["showProgressBar", "pages.0.elements.5.name"]
    assert any(problem.code == "missing-translation" for problem in problems(read))


@pytest.mark.parametrize(
    "document", [[], {}, "x", {"pages": 3}, {"pages": [3]}, {"elements": [{"type": "rating", "rateMin": "a"}]}]
)
def test_what_is_no_surveyjs_is_refused_by_name(document):
    try:
        from_surveyjs(document)
    except NotReadable:
        return
    assert isinstance(document, dict)


def test_commands_read_and_write_surveyjs_and_name_what_is_left_out(app, tmp_path):
    source = tmp_path / "Enquête client.json"
    source.write_text(json.dumps(FOREIGN), encoding="utf-8")
    run = app.test_cli_runner().invoke
    said = run(args=["surveys", "import", str(source)])
    assert said.exit_code == 3, said.output
    assert "enquete_client, version 1: a draft." in said.output
    assert "pages.0.elements.3, grid: not taken over" in said.output
    assert "pages.0.elements.3: there is no such type of question here: grid" in said.output
    exported = run(args=["surveys", "export", "enquete_client", "--surveyjs"])
    assert json.loads(exported.stdout)["pages"][0]["elements"][1]["name"] == "nps"


def test_the_page_of_an_import_names_what_is_left_out(app, sign_in, submit):
    import io

    content = (io.BytesIO(json.dumps(FOREIGN).encode()), "foreign.json")
    page = submit("/surveys/questionnaires/import", client=sign_in("quality"), file=content, model="")
    assert page.status_code == 200
    assert "ce type de question n’existe pas ici" in page.text
    assert "/surveys/questionnaires/foreign" in page.text
