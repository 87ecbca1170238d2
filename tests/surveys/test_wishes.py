"""What answers ask of us, whatever the type of the question they were given to."""

import copy

from surveys.interview_events import Event
from surveys.questionnaires import compile_version
from surveys.storage import model_definition
from surveys.wishes import score, wishes


def version(type_name):
    """The model questionnaire with its question of complaint made of another type."""
    definition = copy.deepcopy(model_definition("post_contact"))
    next(raw for raw in definition["questions"] if raw["id"] == "complaint")["type"] = type_name
    return compile_version(definition)


def test_each_choice_that_was_taken_asks_what_it_wants():
    taken = Event("answer", "complaint", ("yes", "call_back"))
    assert wishes(version("multiple"), [taken]) == {"complaint", "callback"}
    assert wishes(version("choice"), [Event("answer", "complaint", "yes")]) == {"complaint"}


def test_to_rank_a_choice_and_to_decline_ask_nothing():
    assert wishes(version("ranking"), [Event("answer", "complaint", ("yes", "note"))]) == set()
    assert wishes(version("multiple"), [Event("answer", "complaint", "_na")]) == set()


def test_who_declines_to_say_how_satisfied_they_are_gives_no_score():
    events = [Event("answer", "satisfaction", "_na", words="sans objet")]
    assert score(version("choice"), events) is None
    assert wishes(version("choice"), events) == set()
