"""Questions by themselves, as a compiled version would hold them."""

from surveys.questions.base import Choice, Question
from surveys.questions.registry import TYPES

DECLINING = {
    "not_applicable": {"fr": "Sans objet", "en": "Not applicable"},
    "prefer_not": {"fr": "Je préfère ne pas répondre", "en": "I prefer not to answer"},
}
FRENCH, ENGLISH = "fr", "en"


def choice(name, label, english=None, **changes):
    return Choice(name, {"fr": label, "en": english or label}, **changes)


def question(type_name, **changes):
    """A question of that type, asked on the web and by SMS; ``changes`` are fields of Question."""
    texts = {"fr": "Une question ?", "en": "A question?"}
    known = {"id": "q", "title": texts, "hint": {}, "low_end": {}, "high_end": {}, "choices": (), "sms": texts}
    known |= {"theme": None, "purpose": None, "required": False, "condition": None}
    if type_name == "yes_no":
        known["choices"] = (choice("yes", "Oui", "Yes"), choice("no", "Non", "No"))
    return Question(type=TYPES[type_name], **known | changes)
