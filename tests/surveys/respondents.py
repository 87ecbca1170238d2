"""People who answer in every order: two browsers, a telephone, lost and late messages; with a record of what they saw.

The record is kept apart from the engine: which question was last delivered to the telephone, and what each page showed.
"""

from random import Random

from surveys.engine import Ask, ChooseLanguage, Done, Ending, LeftToPerson, SendLink, SmsReply, WebPage, advance
from surveys.engine import next_step as step_of
from surveys.interview_events import ENDINGS, state_of
from surveys.paths import path

GARBAGE = ["", " ", "zzz", "99999", "-1", "_na", "a", "oui", "5", "0", "x" * 300, "\x00", "2026-13-45", "é😀"]
BODIES = ["1", "2 mais j'attends toujours", "3", "8/10", "oui", "non", "0", "zzz", "bonjour", "WEB", "12/03/2026", "a"]
COMMANDS = {"WEB", "EN", "Français", "STOP", "Suite"}
FILED = {"answer", "skip", "unread", "person", "late"}


def valid_raw(question, order=()):
    """Something a form may post for the question."""
    ids = [choice.id for choice in question.choices if not order or choice.id in order]
    name = question.type.name
    if name in ("multiple", "ranking"):
        free = [choice.id for choice in question.choices if choice.id in ids and not choice.exclusive]
        return tuple(free[: max(1, int(question.least or 1))]) or (ids[0],)
    if name in ("choice", "yes_no", "satisfaction"):
        return (ids[0],)
    if name in ("recommendation", "effort"):
        return ("5",)
    if name == "number":
        return (str(question.least or 3),)
    if name == "date":
        return (str(question.least or "2026-06-01"),)
    if name == "statement":
        return ("yes",) if question.consent else ()
    return ("des mots",)


class Respondents:
    """``act`` lets one thing happen, and checks what must hold after each."""

    def __init__(self, version, seed="public-id"):
        self.version, self.seed = version, seed
        self.events = []
        self.closed = False
        self.pages, self.posts = {}, {}
        first = path(version, state_of([]), "sms")
        self.on_phone = first[0].id if first else None
        self.to_go_out, self.unsent = None, 0
        self.asked = {self.on_phone: 1}

    @property
    def state(self):
        return state_of(self.events)

    @property
    def over(self):
        return self.closed or self.state.ended is not None

    def act(self, kind, device, number):
        getattr(self, f"_{kind}")(device, number)

    def _open(self, device, number):
        state = self.state
        ids = [question.id for question in path(self.version, state, "web")]
        at = ids[number % len(ids)] if number % 3 == 0 and ids else None
        self.pages[device] = step_of(self.version, state, "web", at, self.seed)

    def _post(self, device, number):
        page, rng = self.pages.get(device), Random(number)
        if isinstance(page, Ask):
            self._send(device, WebPage(page.step, {one.question.id: self._raw(one, rng) for one in page.asked}))

    def _again(self, device, _number):
        if device in self.posts:
            self._send(device, self.posts[device])

    def _raw(self, asked, rng):
        drawn = rng.random()
        if drawn < 0.5:
            return valid_raw(asked.question, asked.order)
        if drawn < 0.7:
            return ()
        if drawn < 0.9:
            return (rng.choice(GARBAGE),)
        return tuple(choice.id for choice in asked.question.choices)[: rng.randrange(4)]

    def _send(self, device, page):
        self.posts[device] = page
        before = self.state
        outcome = self._take(page)
        answered = {event.question_id: event for event in outcome.events if event.kind in FILED}
        assert set(answered) <= set(page.answers)
        for name, raw in page.answers.items():
            question = self.version.question(name)
            event = answered.get(name)
            if event is not None and event.kind in ("answer", "late"):
                reading = question.type.parse_web(question, raw, event.order)
                assert (event.value, event.words) == (reading.value, reading.words)
            if event is None and any(text.strip() for text in raw) and name not in outcome.refusals:
                # Nothing is lost: it is the answer already, or what an older page merely shows again.
                shown = state_of(self.events[: page.events_shown]).answers
                reading = question.type.parse_web(question, raw)
                assert reading.value in (before.answers.get(name, "none"), shown.get(name, "none"))
        self.pages[device] = outcome.step
        if isinstance(outcome.step, Ask) and not outcome.refusals:
            assert any(not self.state.settles(one.question.id) for one in outcome.step.asked)

    def _text(self, _device, number):
        self._reply(BODIES[number % len(BODIES)])

    def _speak(self, device, number):
        if device:
            self._reply(["EN", "Français"][number % 2])
        else:
            self._take(ChooseLanguage(["en", "fr", "xx"][number % 3], "web"))

    def _person(self, _device, number):
        self._reply(["je porte plainte", "2 je vais mourir"][number % 2], ["complaint", "distress"][number % 2])

    def _go_on(self, _device, _number):
        self._reply("Suite")

    def _deliver(self, _device, _number):
        if self.to_go_out is not None:
            self.on_phone, self.to_go_out, self.unsent = self.to_go_out, None, 0

    def _stop(self, _device, number):
        if number % 4 == 0:
            self._reply("STOP")
            assert self.over

    def _refuse(self, _device, number):
        if number % 5 == 0:
            self._take(Ending(["refused", "wrong_person"][number % 2], "web"))

    def _expire(self, _device, number):
        """The timer: it may fire late, or twice; it stores nothing, and later answers are late."""
        self.closed = self.closed or number % 4 == 0

    def _reply(self, body, for_person=""):
        if self.on_phone is None:
            return
        over, before = self.over, self.state
        language = self.version.speaks(before.language or "fr")
        outcome = self._take(SmsReply(body, language, self.unsent, for_person))
        filed = [event for event in outcome.events if event.kind in FILED]
        assert {event.question_id for event in filed} <= {self.on_phone}
        if not over and body not in COMMANDS:
            assert filed
        if for_person and not over and any(event.kind == "person" for event in filed):
            assert isinstance(outcome.step, LeftToPerson)
        asked = [event for event in outcome.events if event.kind == "asked"]
        assert len(asked) <= 1
        for event in asked:
            self._note_asked(event, outcome.events, body)
        if before.with_person and not over and body not in COMMANDS:
            assert not asked

    def _note_asked(self, event, events, body):
        """A question takes the place of the one that waits to go out; none is asked twice without a reason."""
        unread = any(one.kind == "unread" and one.question_id == event.question_id for one in events)
        if not (any(one.kind == "language" for one in events) or body == "Suite"):
            self.asked[event.question_id] = self.asked.get(event.question_id, 0) + 1
            assert self.asked[event.question_id] <= (2 if unread else 1), event
        if self.to_go_out is not None and self.asked.get(self.to_go_out):
            self.asked[self.to_go_out] -= 1
        self.to_go_out, self.unsent = event.question_id, self.unsent + 1

    def _take(self, incoming):
        before, over = self.state, self.over
        outcome = advance(self.version, self.events, incoming, self.closed, self.seed)
        assert outcome == advance(self.version, self.events, incoming, self.closed, self.seed)
        self.events += outcome.events
        self._check(before, over, outcome)
        return outcome

    def _check(self, before, over, outcome):
        after = self.state
        if over:
            assert {event.kind for event in outcome.events} <= {"late"}
            assert (after.ended, after.answers) == (before.ended, before.answers)
            assert isinstance(outcome.step, Done)
        assert sum(event.kind in ENDINGS for event in self.events) <= 1
        on_path = {question.id for question in path(self.version, after, "web")}
        assert {*after.answers, *after.passed} <= on_path
        # What was no longer asked for a while may be asked again.
        self.asked = {name: times for name, times in self.asked.items() if name in on_path}
        assert isinstance(outcome.step, Ask | Done | SendLink | LeftToPerson)

    def finish_on_the_web(self):
        """Somebody answers whatever is asked; returns after how many pages it ended."""
        for rounds in range(2 * len(self.version.questions) + 2):
            step = step_of(self.version, self.state, "web", seed=self.seed)
            if self.over or isinstance(step, Done):
                return rounds
            answers = {one.question.id: valid_raw(one.question, one.order) for one in step.asked}
            outcome = self._take(WebPage(step.step, answers))
            assert outcome.refusals == {}, (answers, outcome.refusals)
        raise AssertionError("it does not end")

    def finish_by_sms(self, body):
        """Somebody replies the same to whatever is asked; returns after how many messages it ended."""
        for rounds in range(3 * len(self.version.questions) + 3):
            self._deliver(0, 0)
            if self.over:
                return rounds
            waits = step_of(self.version, self.state, "sms", seed=self.seed)
            if isinstance(waits, Done) or waits.question.id != self.on_phone:
                return rounds  # it goes on by web, where the reply corrects what was asked by SMS before
            self._reply("Suite" if self.state.with_person else body)
        raise AssertionError("it does not end")
