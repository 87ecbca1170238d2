"""Every edit has a class, and a series breaks exactly where an edit is more than cosmetic."""

import copy
import random

import pytest
from hypothesis import given, settings

from surveys.edit_classes import COSMETIC, SCALE, WORDING, breaking, changes, heaviest, summary
from surveys.questionnaires import compile_version
from surveys.series import is_broken, marks, series_numbers
from surveys.storage import model_definition
from surveys.typography import same_words
from tests.surveys.strategies import definition_of, definitions

MODEL = model_definition("post_contact")


def question(definition, name):
    return next(raw for raw in definition["questions"] if raw["id"] == name)


def changed(change):
    definition = copy.deepcopy(MODEL)
    change(definition)
    return definition


def classes_of(change):
    return {(one.question, one.field): one.kind for one in changes(MODEL, changed(change))}


@pytest.mark.parametrize(
    "one, other",
    [
        ("Êtes-vous satisfait ?", "êtes vous satisfait"),
        ("l’attente", "l'attente"),
        ("« oui »", '"Oui"'),
        ("le cœur, 1,5 heure", "Le coeur 1.5 heure"),
        ("ne\N{ZERO WIDTH SPACE}plus", "neplus"),
        ("en 2 mots", "en 2\N{NO-BREAK SPACE}mots…"),
    ],
)
def test_typography_says_nothing(one, other):
    assert same_words(one) == same_words(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("de -5 à 5", "de 5 à 5"),
        ("Dites {brand}", "Dites brand"),
        ("Dites {brand}", "Dites {site}"),
        ("50 %", "50"),
        ("a été", "à été"),
        ("\N{GRINNING FACE}", "\N{POUTING FACE}"),
        ("1.5", "15"),
        ("!", "?"),
        ("re-sign", "resign"),
    ],
)
def test_what_would_be_read_aloud_differently_differs(one, other):
    assert same_words(one) != same_words(other)


@pytest.mark.parametrize(
    "change, field, kind",
    [
        (lambda d: question(d, "effort")["title"].update(en="How easy was it to get an answer to your request"),
         ("effort", "title.en"), COSMETIC),
        (lambda d: question(d, "effort")["title"].update(en="Was it easy?"), ("effort", "title.en"), WORDING),
        (lambda d: question(d, "complaint")["hint"].update(en="Other."), ("complaint", "hint.en"), WORDING),
        (lambda d: question(d, "effort").update(hint={"fr": "a", "en": "b"}), ("effort", "hint.fr"), WORDING),
        (lambda d: question(d, "solved")["sms"].update(fr="Réglée ?"), ("solved", "sms.fr"), WORDING),
        (lambda d: question(d, "solved").update(sms=False), ("solved", "asked_by_sms"), WORDING),
        (lambda d: question(d, "solved")["choices"][0]["label"].update(en="Yes, it was"),
         ("solved", "choices.yes.label.en"), WORDING),
        (lambda d: question(d, "comment").update(visible_if="{solved} = 'no'"), ("comment", "visible_if"), WORDING),
        (lambda d: question(d, "complaint").update(visible_if="{satisfaction}<={low_score}"),
         ("complaint", "visible_if"), COSMETIC),
        (lambda d: question(d, "complaint").update(required=True), ("complaint", "required"), COSMETIC),
        (lambda d: question(d, "complaint").update(page="last"), ("complaint", "page"), COSMETIC),
        (lambda d: question(d, "complaint").update(random_order=True), ("complaint", "random_order"), WORDING),
        (lambda d: question(d, "access").update(theme="handling"), ("access", "theme"), WORDING),
        (lambda d: question(d, "recommendation").update(theme="overall"), ("recommendation", "theme"), COSMETIC),
        (lambda d: question(d, "complaint")["choices"][1].pop("wants"),
         ("complaint", "choices.note.wants"), COSMETIC),
        (lambda d: question(d, "complaint")["choices"][0].update(wants="callback"),
         ("complaint", "choices.yes.wants"), WORDING),
        (lambda d: question(d, "solved").update(type="comment"), ("solved", "type"), SCALE),
        (lambda d: question(d, "complaint")["choices"].pop(), ("complaint", "choices"), SCALE),
        (lambda d: question(d, "complaint")["choices"].reverse(), ("complaint", "choices"), SCALE),
        (lambda d: question(d, "effort").update(polarity="lower"), ("effort", "polarity"), SCALE),
        (lambda d: question(d, "effort").update(polarity="higher"), ("effort", "polarity"), COSMETIC),
        (lambda d: question(d, "effort").update(not_applicable={"fr": "Sans objet", "en": "Does not apply"}),
         ("effort", "not_applicable"), SCALE),
        (lambda d: question(d, "effort").update(
            low_end=question(d, "effort")["high_end"], high_end=question(d, "effort")["low_end"]),
         ("effort", "low_end.fr"), SCALE),
        (lambda d: question(d, "effort")["low_end"].update(en="hard"), ("effort", "low_end.en"), WORDING),
        (lambda d: question(d, "comment").update(least=0), ("comment", "least"), SCALE),
        (lambda d: d["title"].update(fr="Votre avis"), ("", "title.fr"), WORDING),
        (lambda d: d.update(parts=3), ("", "parts"), COSMETIC),
        (lambda d: d.update(languages=["en", "fr"]), ("", "first_language"), WORDING),
        (lambda d: d.update(messages={"thanks": {"fr": "Merci", "en": "Thanks"}}), ("", "messages.thanks.fr"), WORDING),
    ],
)  # fmt: skip
def test_an_edit_has_the_class_that_the_rules_say(change, field, kind):
    found = classes_of(change)
    assert found[field] == kind
    assert heaviest(changes(MODEL, changed(change))) == kind


def test_labels_that_change_places_turn_the_scale_round():
    def swap(definition):
        first, *_rest, last = question(definition, "satisfaction")["choices"]
        first["label"], last["label"] = last["label"], first["label"]

    found = classes_of(swap)
    assert found["satisfaction", "choices.1.label.fr"] == found["satisfaction", "choices.5.label.fr"] == SCALE


def test_a_label_that_moves_on_and_leaves_its_place_to_a_new_one_turns_the_scale_too():
    def shift(definition):
        first, *_rest, last = question(definition, "satisfaction")["choices"]
        first["label"], last["label"] = last["label"], {"fr": "Ravi", "en": "Delighted"}

    found = classes_of(shift)
    assert found["satisfaction", "choices.1.label.fr"] == found["satisfaction", "choices.5.label.fr"] == SCALE


def test_a_new_choice_is_told_once():
    def add(definition):
        question(definition, "complaint")["choices"].append({"id": "mail", "label": {"fr": "Écrivez", "en": "Write"}})

    assert list(classes_of(add)) == [("complaint", "choices")]


def test_a_new_title_without_an_sms_of_its_own_is_told_once():
    one = copy.deepcopy(MODEL)
    del question(one, "solved")["sms"]
    other = copy.deepcopy(one)
    question(other, "solved")["title"].update(fr="Réglée ?")
    assert [change.field for change in changes(one, other)] == ["title.fr"]


def test_a_question_put_first_changes_what_stands_before_all_others():
    new = {"id": "reason", "type": "comment", "title": {"fr": "Pourquoi ?", "en": "Why?"}}
    found = changes(MODEL, changed(lambda d: d["questions"].insert(0, new)))
    assert (found[0].question, found[0].field, found[0].before) == ("reason", "question", None)
    assert breaking(found) == {raw["id"]: WORDING for raw in MODEL["questions"]}


def test_a_question_put_last_breaks_nothing():
    new = {"id": "reason", "type": "comment", "title": {"fr": "Pourquoi ?", "en": "Why?"}}
    found = changes(MODEL, changed(lambda d: d["questions"].append(new)))
    assert heaviest(found) == WORDING
    assert breaking(found) == {}


def test_a_jump_changes_the_questions_it_leads_past():
    jump = {"if": "{solved} = 'yes'", "to": "conclusion"}
    found = changes(MODEL, changed(lambda d: question(d, "solved").update(jumps=[jump])))
    assert breaking(found) == dict.fromkeys(("access", "taking_charge", "handling"), WORDING)
    assert {(one.question, one.kind) for one in found if one.field == "jumps"} == {("solved", COSMETIC)}


def in_german(definition):
    texts = lambda said: {**said, "de": f"DE {said['en']}"}  # noqa: E731
    made = copy.deepcopy(definition)
    made["languages"], made["title"] = [*made["languages"], "de"], texts(made["title"])
    for raw in made["questions"]:
        for key in ("title", "hint", "low_end", "high_end", "sms"):
            if isinstance(raw.get(key), dict):
                raw[key] = texts(raw[key])
        for choice in raw.get("choices", ()):
            choice["label"] = texts(choice["label"])
    return made


def test_a_new_translation_is_wording_for_those_alone_who_read_it():
    found = changes(MODEL, in_german(MODEL))
    assert [(one.field, one.after, one.kind, one.language) for one in found] == [("language", "de", WORDING, "de")]
    assert breaking(found) == {}
    reworded = in_german(MODEL)
    question(reworded, "effort")["title"]["de"] = "Anders gefragt"
    assert breaking(changes(in_german(MODEL), reworded)) == {"effort": WORDING}
    assert not is_broken([marks(MODEL)["effort"], marks(in_german(MODEL))["effort"]])
    assert is_broken([marks(each)["effort"] for each in (in_german(MODEL), MODEL, reworded)])


def test_a_series_has_a_number_that_grows_at_each_break_only():
    reworded = changed(lambda d: question(d, "effort")["title"].update(en="Was it easy?"))
    typographic = copy.deepcopy(reworded)
    question(typographic, "effort")["title"]["en"] = "was it easy"
    without = changed(lambda d: d["questions"].pop(2))
    found = series_numbers([MODEL, in_german(MODEL), reworded, typographic, without, typographic, MODEL])
    assert [numbers.get("effort") for numbers in found] == [1, 1, 2, 2, None, 2, 3]
    assert [numbers["satisfaction"] for numbers in found] == [1] * 7


def test_a_language_that_was_away_and_comes_back_otherwise_breaks_the_series():
    reworded = in_german(MODEL)
    question(reworded, "effort")["title"]["de"] = "Anders gefragt"
    found = series_numbers([in_german(MODEL), MODEL, in_german(MODEL), MODEL, reworded])
    assert [numbers["effort"] for numbers in found] == [1, 1, 1, 1, 2]


def test_the_ledger_is_told_the_class_the_counts_and_the_breaks():
    found = changes(MODEL, changed(lambda d: question(d, "effort").update(polarity="lower", page="a")))
    assert summary(found) == {
        "edit_class": SCALE, "changes": {COSMETIC: 1, WORDING: 0, SCALE: 1}, "breaks": {"effort": SCALE},
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(definitions(), definitions())
def test_classes_are_the_same_both_ways(one, other):
    there, back = changes(one, other), changes(other, one)
    assert {(change.question, change.field): change.kind for change in there} == {
        (change.question, change.field): change.kind for change in back
    }
    assert {(c.question, c.field, c.language): (c.before, c.after) for c in there} == {
        (c.question, c.field, c.language): (c.after, c.before) for c in back
    }
    assert heaviest(there) == heaviest(back)


@settings(max_examples=40, deadline=None)
@given(definitions())
def test_a_definition_differs_in_nothing_from_itself(definition):
    assert changes(definition, copy.deepcopy(definition)) == []


@settings(max_examples=60, deadline=None)
@given(definitions(), definitions())
def test_other_values_are_always_a_change_of_scale(one, other):
    kinds = breaking(changes(one, other))
    before, after = (compile_version(each) for each in (one, other))
    for old in before.questions:
        new = after.question(old.id)
        if new is not None and old.type.domain(old) != new.type.domain(new):
            assert kinds[old.id] == SCALE


@settings(max_examples=60, deadline=None)
@given(definitions(), definitions())
def test_a_series_breaks_exactly_where_a_change_is_more_than_cosmetic(one, other):
    old, new = marks(one), marks(other)
    broken = {name for name in old if name in new and is_broken([old[name], new[name]])}
    assert broken == set(breaking(changes(one, other)))


def retyped(text, rng):
    """The same words, typed otherwise."""
    swapped = text.swapcase() if "{" not in text else text
    return rng.choice([f" {text}!", swapped, text.replace(" ?", "?"), text.replace("'", "’"), f"« {text} »"])


@pytest.mark.parametrize("seed", range(8))
def test_typing_the_same_words_otherwise_is_cosmetic_and_breaks_nothing(seed):
    rng, one = random.Random(seed), definition_of(seed)
    other = copy.deepcopy(one)
    for raw in other["questions"]:
        for key in ("title", "hint", "low_end", "high_end", "not_applicable", "prefer_not", "consent", "sms"):
            if isinstance(raw.get(key), dict):
                raw[key] = {language: retyped(text, rng) for language, text in raw[key].items()}
        for choice in raw.get("choices", ()):
            choice["label"] = {language: retyped(text, rng) for language, text in choice["label"].items()}
    assert heaviest(changes(one, other)) == COSMETIC
    assert marks(one) == marks(other)
