"""Random questionnaires and random respondents: no answer on another question, nothing asked twice, always an end."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.definitions import compiled
from surveys.engine import FileRow, advance
from surveys.questionnaires import compile_version
from surveys.storage import model_definition
from tests.surveys.respondents import Respondents
from tests.surveys.strategies import definitions

EXAMPLES = 4000 if os.environ.get("LONG") else 60
KINDS = (
    ["open", "post"] * 4 + ["text", "deliver"] * 4 + ["again", "speak", "person", "go_on", "stop", "refuse", "expire"]
)
ACTS = st.tuples(st.sampled_from(KINDS), st.integers(0, 1), st.integers(0, 999))
STORIES = st.lists(ACTS, max_size=40)
SLOWLY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
MODEL = compile_version(model_definition("post_contact"))


@settings(max_examples=EXAMPLES, **SLOWLY)
@given(definitions(), STORIES, st.booleans())
def test_no_story_breaks_an_interview_and_the_web_ends_it(definition, story, rest):
    people = Respondents(compiled(definition, "", 2))
    for act in story:
        people.act(*act)
    people.finish_on_the_web()
    assert people.over


@settings(max_examples=EXAMPLES, **SLOWLY)
@given(definitions(), STORIES, st.sampled_from(["zzz", "1", "oui", "0"]))
def test_no_story_breaks_an_interview_and_replies_end_it(definition, story, body):
    people = Respondents(compiled(definition, "", 2))
    for act in story:
        people.act(*act)
    people.finish_by_sms(body)


@settings(max_examples=EXAMPLES, **SLOWLY)
@given(STORIES)
def test_no_story_breaks_the_model_interview(story):
    people = Respondents(MODEL)
    for act in story:
        people.act(*act)
    people.finish_on_the_web()


@settings(max_examples=EXAMPLES // 2, **SLOWLY)
@given(definitions(), STORIES)
def test_a_file_may_correct_whatever_happened(definition, story):
    people = Respondents(compiled(definition, "", 2))
    for act in story:
        people.act(*act)
    name = people.version.questions[0].id
    outcome = advance(people.version, people.events, FileRow(((name, "1"),)), people.closed, people.seed)
    assert all(event.question_id in (name, None) or event.kind == "void" for event in outcome.events)
