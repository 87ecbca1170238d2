"""The benchmark of the engine measures what it says: question 10 of 20, answered at both doors."""

from benchmarks.__main__ import main
from benchmarks.engine_step import ANSWERED, answered, twenty_questions
from surveys.engine import Ask, next_step
from surveys.interview_events import state_of


def test_nine_of_twenty_questions_are_answered_when_the_step_is_timed():
    version = twenty_questions()
    events = answered(version, ANSWERED)
    step = next_step(version, state_of(events), "web", seed="seed")
    assert isinstance(step, Ask)
    assert (len(version.questions), step.number, len(events)) == (20, 10, 9)
    assert sum(question.condition is not None for question in version.questions) == 10


def test_both_doors_are_timed_with_their_number(capsys):
    main(["engine-step", "--steps", "20"])
    said = capsys.readouterr().out
    assert "web: median" in said and "sms: median" in said and said.count("n = 20") == 2
