"""The interview engine: what it asks next, and that no answer lands on another question."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.engine import (
    Ask,
    Done,
    Ending,
    FileRow,
    GoOn,
    LeftToPerson,
    SendLink,
    SmsReply,
    WebPage,
    advance,
    next_step,
)
from surveys.interview_events import ENDINGS, state_of
from surveys.paths import path
from surveys.questionnaires import compile_version
from surveys.storage import model_definition

VERSION = compile_version(model_definition("post_contact"))


def interview(*incoming, version=VERSION, closed=False):
    """The events and the last outcome of an interview."""
    events = []
    outcome = None
    for one in incoming:
        outcome = advance(version, events, one, closed)
        events += outcome.events
    return events, outcome


def web(question_id, raw, step=0):
    return WebPage(f"{question_id}.{step}", {question_id: (str(raw),)})


def sms(body, sent=True):
    return SmsReply(body, "fr", 0 if sent else 1)


def kinds(events):
    return [(event.kind, event.question_id) for event in events]


def asked(outcome):
    assert isinstance(outcome.step, Ask)
    return outcome.step.question.id


def test_a_web_interview_asks_every_question_in_order():
    _, outcome = interview(web("satisfaction", 4))
    assert asked(outcome) == "recommendation"
    assert (outcome.step.number, outcome.step.total) == (2, 10)
    assert outcome.step.step == "recommendation.1"


def test_a_low_score_adds_the_complaint_question_after_the_comment():
    *_, outcome = interview(
        *(web("satisfaction", 2), web("recommendation", 3), web("effort", 2), web("solved", "no")),
        *(web(theme, 3) for theme in ("access", "taking_charge", "handling", "conclusion")),
        web("comment", "J'attends."),
    )
    assert asked(outcome) == "complaint"


def test_call_me_back_is_not_asked_twice():
    answers = [web("satisfaction", 1), *(web(q, "") for q in ("recommendation", "effort", "solved", "access"))]
    answers += [web(q, "") for q in ("taking_charge", "handling", "conclusion", "comment")]
    _, outcome = interview(*answers, web("complaint", "call_back"))
    assert outcome.step == Done("completed")
    _, outcome = interview(*answers, web("complaint", "note"))
    assert asked(outcome) == "call_back"


def test_the_programmes_threshold_decides_what_is_low():
    strict = compile_version(model_definition("post_contact"), 3)
    never = compile_version(model_definition("post_contact"), None)
    for version, expected in ((strict, True), (VERSION, False), (never, False)):
        events, _ = interview(web("satisfaction", 3), version=version)
        assert ("complaint" in [q.id for q in path(version, state_of(events), "web")]) is expected


def test_an_sms_interview_is_short_and_ends():
    events, outcome = interview(sms("4"), sms("9/10"), sms("oui"), sms("0"))
    assert outcome.step == Done("completed")
    assert kinds(events)[-1] == ("completed", None)
    assert [name for kind, name in kinds(events) if kind == "asked"] == ["recommendation", "solved", "comment"]


def test_an_interview_begun_by_sms_goes_on_by_web_at_the_next_question():
    events, _ = interview(sms("4"))
    step = next_step(VERSION, state_of(events), "web")
    assert isinstance(step, Ask) and step.question.id == "recommendation"


def test_an_sms_that_answers_a_question_since_answered_on_the_web_corrects_that_one():
    events, outcome = interview(sms("4"), web("recommendation", 3), web("effort", 5), sms("8"))
    assert state_of(events).answers["recommendation"] == 8
    assert "solved" not in state_of(events).answers
    assert asked(outcome) == "solved"


def test_two_quick_replies_do_not_answer_a_question_that_was_not_sent_yet():
    events, _ = interview(sms("4"), sms("5", sent=False))
    assert state_of(events).answers == {"satisfaction": 5}
    assert kinds(events) == [("answer", "satisfaction"), ("asked", "recommendation"), ("answer", "satisfaction")]
    assert not events[-1].in_turn


def test_a_reply_that_is_no_answer_is_asked_again_once_then_passed_over_and_noted():
    events, outcome = interview(sms("bonjour"), sms("42"))
    assert kinds(events) == [
        ("unread", "satisfaction"),
        ("asked", "satisfaction"),
        ("unread", "satisfaction"),
        ("skip", "satisfaction"),
        ("asked", "recommendation"),
    ]
    assert [event.words for event in events if event.kind == "unread"] == ["bonjour", "42"]
    assert asked(outcome) == "recommendation"


def test_a_reply_written_before_our_question_came_again_does_not_pass_it_over():
    events, _ = interview(sms("bonjour"), sms("il y a quelqu'un", sent=False))
    assert kinds(events) == [("unread", "satisfaction"), ("asked", "satisfaction"), ("unread", "satisfaction")]


def test_an_older_page_that_is_left_empty_undoes_no_answer():
    events, outcome = interview(sms("4"), WebPage("satisfaction.0", {"satisfaction": (), "recommendation": ("",)}))
    assert state_of(events).answers == {"satisfaction": 4}
    assert ("skip", "satisfaction") not in kinds(events)
    assert outcome.refusals == {}


def test_an_older_page_that_shows_an_answer_again_undoes_no_correction():
    events, _ = interview(web("satisfaction", 4), web("satisfaction", 2, 1), web("satisfaction", 4, 1))
    assert state_of(events).answers == {"satisfaction": 2}
    events, _ = interview(web("satisfaction", 4), web("satisfaction", 2, 1), web("satisfaction", 4, 2))
    assert state_of(events).answers == {"satisfaction": 4}


def test_the_readable_answers_of_a_page_are_stored_and_the_page_comes_back_for_the_others():
    page = WebPage("satisfaction.0", {"satisfaction": ("9",), "recommendation": ("8",), "effort": ("",)})
    events, outcome = interview(page)
    assert kinds(events) == [("answer", "recommendation"), ("skip", "effort")]
    assert outcome.refusals == {"satisfaction": "out-of-range"}
    assert asked(outcome) == "satisfaction"


def test_a_correction_that_cannot_be_read_shows_its_own_page_again():
    events, outcome = interview(web("satisfaction", 4), web("satisfaction", 9, 1))
    assert state_of(events).answers == {"satisfaction": 4}
    assert asked(outcome) == "satisfaction"


def test_a_correction_by_sms_does_not_end_what_goes_on_on_the_web():
    rest = [web(name, "") for name in ("effort", "solved", "access", "taking_charge", "handling", "conclusion")]
    events, _ = interview(sms("4"), web("recommendation", 9), *rest[:1], web("solved", "yes"), web("comment", ""))
    by_web = [*events, *interview_on(events, web("call_back", "no")).events]
    assert state_of(by_web).ended is None
    outcome = interview_on(by_web, sms("8"))
    assert kinds(outcome.events) == [("answer", "recommendation")]
    assert state_of([*by_web, *outcome.events]).ended is None


def test_a_person_goes_on_with_what_was_left_to_one():
    left = SmsReply("je vais mourir", "fr", for_person="distress")
    events, outcome = interview(sms("4"), left)
    assert outcome.step == LeftToPerson()
    assert kinds(interview_on(events, GoOn()).events) == [("asked", "recommendation")]
    for going in (events[:-1], []):
        assert kinds(interview_on(going, GoOn()).events) == []


def test_where_complaints_are_asked_about_the_word_is_no_new_complaint():
    definition = model_definition("post_contact")
    definition["questions"][0]["theme"] = "complaint_handling"
    about = compile_version(definition)
    said = SmsReply("2 ma réclamation dort", "fr", for_person="complaint")
    assert kinds(interview(said)[0])[-1] == ("person", "satisfaction")
    events, outcome = interview(said, version=about)
    assert ("person", "satisfaction") not in kinds(events)
    assert asked(outcome) == "recommendation"


def test_words_of_its_own_for_sms_number_the_choices_of_a_question_themselves():
    choices = [{"id": name, "label": {"fr": name}} for name in "abcdef"]
    first = {"id": "why", "type": "choice", "title": {"fr": "Quoi ?"}, "choices": choices, "random_order": True}
    for own, value in (({}, None), ({"sms": {"fr": "Quoi ? 1 a, 2 b, 3 c, 4 d, 5 e, 6 f"}}, "b")):
        version = compile_version({"languages": ["fr"], "title": {"fr": "?"}, "questions": [first | own]})
        given = {advance(version, [], sms("2"), seed=f"seed {number}").events[0].value for number in range(20)}
        assert given == {value} if value else len(given) > 2


def interview_on(events, incoming):
    return advance(VERSION, events, incoming)


def test_words_beside_a_number_are_kept():
    events, _ = interview(sms("2 mais j'attends toujours"))
    assert (events[0].value, events[0].words) == (2, "mais j'attends toujours")


def test_stop_ends_the_interview_at_any_point():
    events, outcome = interview(sms("4"), sms(" Stop. "))
    assert outcome.step == Done("stopped")
    assert kinds(events)[-1] == ("stopped", None)


def test_stop_with_more_words_is_read_as_a_reply():
    events, _ = interview(sms("STOP, c'est ma troisième réclamation"))
    assert events[0].kind == "unread"


def test_web_asks_for_the_link_and_records_nothing():
    events, outcome = interview(sms("WEB"))
    assert (events, outcome.step) == ([], SendLink())


def test_an_answer_after_the_end_is_kept_but_not_counted():
    events, outcome = interview(Ending("refused", "web"), web("satisfaction", 1))
    assert kinds(events) == [("refused", None), ("late", "satisfaction")]
    assert state_of(events).answers == {}
    assert outcome.step == Done("refused")


def test_an_answer_after_the_time_ran_out_is_kept_but_not_counted():
    events, outcome = interview(web("satisfaction", 1), closed=True)
    assert kinds(events) == [("late", "satisfaction")]
    assert outcome.step == Done("closed")


def test_a_corrected_score_voids_what_is_no_longer_asked():
    answers = [web("satisfaction", 1), *(web(q, "") for q in ("recommendation", "effort", "solved", "access"))]
    answers += [web(q, "") for q in ("taking_charge", "handling", "conclusion", "comment")]
    events, outcome = interview(*answers, web("complaint", "note"), web("satisfaction", 5))
    assert kinds(events)[-1] == ("void", "complaint")
    assert asked(outcome) == "call_back"


@pytest.mark.parametrize("raw", ["", "   "])
def test_the_one_required_question_wants_an_answer(raw):
    events, outcome = interview(web("satisfaction", raw))
    assert (events, outcome.refusals) == ([], {"satisfaction": "required"})
    assert asked(outcome) == "satisfaction"


@pytest.mark.parametrize(
    "question_id, raw, code",
    [
        ("satisfaction", "6", "out-of-range"),
        ("satisfaction", "bien", "not-a-number"),
        ("solved", "perhaps", "unknown-choice"),
        ("nothing", "1", "unknown-question"),
        ("comment", "x" * 4001, "too-long"),
    ],
)
def test_a_web_answer_outside_the_form_is_refused_and_stores_nothing(question_id, raw, code):
    events, outcome = interview(web(question_id, raw))
    assert (events, outcome.refusals) == ([], {question_id: code})


def test_a_second_file_corrects_the_first():
    events, _ = interview(FileRow((("satisfaction", "4"),)), FileRow((("satisfaction", "3"),)))
    assert state_of(events).answers == {"satisfaction": 3}
    assert kinds(events).count(("completed", None)) == 1


IDS = [question.id for question in VERSION.questions]
RAW = st.sampled_from(["", "0", "1", "2", "4", "5", "10", "yes", "no", "note", "call_back", "J'attends.", "42"])
BODIES = st.sampled_from(["1", "4", "8/10", "oui", "non", "WEB", "STOP", "bonjour", "3", "Merci", "0", "2 en colère"])
INCOMING = st.one_of(
    st.builds(web, st.sampled_from(IDS), RAW, st.integers(0, 30)),
    st.builds(SmsReply, BODIES, st.just("fr"), st.integers(0, 1)),
    st.builds(Ending, st.sampled_from(["refused", "wrong_person", "stopped"]), st.sampled_from(["web", "sms"])),
)
# Endings are rare, so that most interviews go somewhere.
STORIES = st.lists(st.one_of(INCOMING, st.builds(web, st.sampled_from(IDS), RAW)), max_size=25)


@settings(max_examples=300, deadline=None)
@given(STORIES)
def test_no_interleaving_breaks_an_interview(story):
    events = []
    for incoming in story:
        before = state_of(events)
        outcome = advance(VERSION, events, incoming)
        assert outcome == advance(VERSION, events, incoming)
        events += outcome.events
        after = state_of(events)
        filed = [event for event in outcome.events if event.kind in ("answer", "late", "unread")]
        if isinstance(incoming, WebPage):
            assert all(event.question_id == incoming.step.split(".")[0] for event in filed)
        if isinstance(incoming, SmsReply):
            sent = ["satisfaction", *before.asked]
            assert all(event.question_id in sent[-2:] for event in filed)
        if before.ended:
            assert (after.ended, after.answers) == (before.ended, before.answers)
        assert sum(event.kind in ENDINGS for event in events) <= 1
        assert {*after.answers, *after.passed} <= {question.id for question in path(VERSION, after, "web")}
        if isinstance(outcome.step, Ask) and not outcome.refusals:
            assert not after.settles(outcome.step.question.id)
        if after.ended == "completed" and not before.ended:
            assert all(after.settles(question.id) for question in path(VERSION, after, "sms"))
        assert len([event for event in outcome.events if event.kind == "asked"]) <= 1


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_a_question_is_never_asked_by_sms_a_third_time(story):
    events, _ = interview(*story)
    times = [event.question_id for event in events if event.kind == "asked"]
    voided = {event.question_id for event in events if event.kind == "void"}
    assert all(times.count(name) <= 2 for name in {*times} - voided)


def test_a_definition_is_compiled_once_for_each_threshold():
    definition = model_definition("post_contact")
    assert compile_version(definition) is compile_version({**definition})
    assert replace(compile_version(definition, 3), questions=()) == replace(
        compile_version(definition), questions=(), low_score=3
    )
