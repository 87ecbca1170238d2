"""Random pages and messages through the real views and the real webhook: no error, nothing lost or mixed up.

Each story is one customer with two browsers and a telephone in one interview of a random questionnaire. What each page
showed and what the telephone last received is noted here, apart from the product.
"""

import html
import os
import re
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from foundation.database import db
from notifications.models import InboundMessage, OutboxMessage
from surveys.definitions import compiled
from surveys.models import AnswerEvent, AnswerText
from surveys.paths import path
from surveys.queries.interviews import interview_of
from surveys.questions.base import Unreadable
from tests.conftest import NOW, token_in, visitor
from tests.surveys.answer_factories import create_draw, create_invitation, create_version, link_of
from tests.surveys.respondents import BODIES, GARBAGE, valid_raw
from tests.surveys.strategies import definitions

LONG = bool(os.environ.get("LONG"))
ACTS_A_STORY = 25 if LONG else 10
STORIES = 600 if LONG else 12  # opening a page is no post: 600 stories bring some 11,000 posts and replies
PUBLIC, INBOUND = "https://centre.example", "/webhooks/twilio/inbound"
_phones, _messages = count(600_000_000), count(1)

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
SENT = st.sampled_from([*BODIES, "EN", "français", "Suite", "je vais mourir", "c’est une réclamation", "8 merci", "٨"])
ACTS = st.one_of(
    st.tuples(st.just("post"), st.integers(0, 1), st.integers(0, 9999), TEXTS),
    st.tuples(st.just("reply"), st.just(0), st.integers(0, 3), SENT | TEXTS),
    st.tuples(st.just("again"), st.integers(0, 1), st.just(0), st.just("")),
)
counted = {"posts": 0, "replies": 0}


class Customer:
    """One invitation, and what its customer sees and does."""

    def __init__(self, app, definition):
        self.app = app
        self.phone = f"+33{next(_phones)}"
        self.version = compiled(definition, "", 2)
        version = create_version(definition)
        self.invitation = create_invitation(create_draw(version=version), phone=self.phone)
        self.id, self.link = self.invitation.id, link_of(self.invitation)
        self.browsers = [visitor(app), visitor(app)]
        self.pages, self.posted = {}, {}
        first = path(self.version, self._interview().state, "sms")
        self.on_phone = first[0].id

    def _interview(self):
        db.session.rollback()
        return interview_of(self.id)

    def act(self, kind, device, number, words):
        before = self._interview()
        getattr(self, f"_{kind}")(before, device, number, words)

    def _post(self, before, device, number, words):
        page = self.pages.get(device)
        if page is None or number % 4:
            page = self.pages[device] = self.browsers[device].get(self.link).text
        asked = re.findall(r'name="asked" value="([^"]*)"', page)
        if not asked:
            return
        rng = Random(number)
        fields = [("csrf_token", token_in(page)), ("act", "answer")]
        for name in ("step", "key", "lang"):
            found = re.search(rf'name="{name}" value="([^"]*)"', page)
            fields.append((name, html.unescape(found[1]) if found else ""))
        if number % 10 == 0:
            fields += [("step", words), ("key", words), ("lang", words), ("asked", words)]
        for name in asked:
            fields += [("asked", name), *((f"q.{name}", raw) for raw in self._raw(name, rng, words))]
        self.posted[device] = fields
        self._send(before, device, fields, set(asked))

    def _raw(self, name, rng, words):
        drawn = rng.random()
        if drawn < 0.6:
            return valid_raw(self.version.question(name))
        return rng.choice([(), (words,), (rng.choice(GARBAGE),), (words, rng.choice(GARBAGE))])

    def _again(self, before, device, _number, _words):
        if device in self.posted:
            fields = self.posted[device]
            self._send(before, device, fields, {value for name, value in fields if name == "asked"})

    def _send(self, before, device, fields, asked):
        counted["posts"] += 1
        response = self.browsers[device].post(self.link, data=MultiDict(fields))
        assert response.status_code in (200, 303, 400, 404), response.status_code
        after = self._interview()
        new = after.events[len(before.events) :]
        assert {event.question_id for event in new if event.kind in ("answer", "skip", "late")} <= asked
        for name in asked & {question.id for question in self.version.questions}:
            raw = [value for field, value in fields if field == f"q.{name}"]
            self._nothing_lost(name, raw, before, after, new, response)

    def _nothing_lost(self, name, raw, before, after, new, response):
        """What was readable is an answer, or was one before, or the page came back with it."""
        question = self.version.question(name)
        try:
            reading = question.type.parse_web(question, raw)
        except Unreadable:
            return
        if reading.skipped:
            return
        if not any(text.strip() for text in raw) and before.state.settles(name):
            return  # a box left empty on an older page takes nothing back
        said = (name, reading.value, reading.words)
        known = [(event.question_id, event.value, event.words) for event in after.events if event.question_id == name]
        shown = {event.question_id: event.order for event in new}
        if said not in known and not (shown.get(name) or question.shuffled):
            assert response.status_code in (400, 404) or any(c.condition for c in question.choices), said

    def _reply(self, before, _device, number, words):
        if not words.strip():
            words = "8"
        counted["replies"] += 1
        if number:
            self._deliver()
        sid = f"SM{next(_messages):032d}"
        sent = {"MessageSid": sid, "From": self.phone, "To": "+33700000000", "Body": words, "NumMedia": "0"}
        signature = RequestValidator("new").compute_signature(PUBLIC + INBOUND, sent)
        response = self.browsers[0].post(INBOUND, data=sent, headers={"X-Twilio-Signature": signature})
        assert response.status_code in (200, 204), response.status_code
        db.session.rollback()
        kept = db.session.scalars(db.select(InboundMessage).filter_by(provider_id=sid)).one()
        assert (kept.last_error, kept.routed_at is not None) == (None, True)
        route = kept.routed_to
        after = self._interview()
        new = after.events[len(before.events) :]
        filed = [event for event in new if event.kind in ("answer", "skip", "unread", "person", "late")]
        assert {event.question_id for event in filed} <= {self.on_phone}, (self.on_phone, filed)
        if route == "interview" and not filed:
            # Only a command, or thanks after the end, leaves no trace in the answers.
            assert new or len(words.split()) <= 4
        waiting = db.select(db.func.count()).select_from(OutboxMessage)
        asks = waiting.where(OutboxMessage.recipient == self.phone, OutboxMessage.state == "queued")
        assert db.session.scalar(asks.where(OutboxMessage.business_key.like("%:ask:%"))) <= 1

    def _deliver(self):
        """Everything that waits goes out; the telephone shows the last question."""
        mine = (OutboxMessage.recipient == self.phone) & (OutboxMessage.state == "queued")
        db.session.execute(db.update(OutboxMessage).where(mine).values(state="delivered", sent_at=NOW))
        db.session.commit()
        asks = db.select(OutboxMessage.business_key).where(
            OutboxMessage.recipient == self.phone,
            OutboxMessage.state == "delivered",
            OutboxMessage.business_key.like("%:ask:%"),
        )
        last = db.session.scalars(asks.order_by(OutboxMessage.id.desc()).limit(1)).first()
        if last is not None:
            asked = [event.question_id for event in self._interview().events if event.kind == "asked"]
            self.on_phone = asked[int(last.rpartition(":")[2]) - 1]


@pytest.fixture
def twilio(app):
    before = {name: app.config[name] for name in ("PUBLIC_URL", "TWILIO_AUTH_TOKEN")}
    app.config |= {"PUBLIC_URL": PUBLIC, "TWILIO_AUTH_TOKEN": "new"}
    yield app
    app.config |= before


@settings(
    max_examples=STORIES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(definitions(), st.lists(ACTS, min_size=ACTS_A_STORY, max_size=ACTS_A_STORY))
def test_whatever_is_posted_or_sent_is_kept_where_it_belongs(twilio, definition, story):
    customer = Customer(twilio, definition)
    for act in story:
        customer.act(*act)
    positions = db.select(AnswerEvent.position).filter_by(invitation_id=customer.id)
    assert sorted(db.session.scalars(positions)) == list(range(len(customer._interview().events)))
    words = db.select(AnswerText.text).join(AnswerEvent, AnswerEvent.id == AnswerText.answer_event_id)
    assert all("\x00" not in text for text in db.session.scalars(words))


@pytest.mark.parametrize("kind", ["date", "number", "multiple", "ranking"])
def test_a_bounded_answer_that_is_none_comes_back_with_its_reason(twilio, kind):
    """Found by the long run: the page of a bounded date could not say why an answer was refused."""
    title = {"fr": "Quand ?"}
    bounds = {"date": ("2026-01-01", "2026-12-31"), "number": (0, 10)}.get(kind, (1, 2))
    asked = {"id": "q1", "type": kind, "title": title, "least": bounds[0], "most": bounds[1], "sms": False}
    if kind in ("multiple", "ranking"):
        asked["choices"] = [{"id": name, "label": {"fr": name}} for name in "abc"]
    first = {"id": "q0", "type": "comment", "title": title}
    languages = {"languages": ["fr"], "title": title, "key": "made", "format": "satisfecit-questionnaire/1"}
    link = link_of(create_invitation(create_draw(version=create_version(languages | {"questions": [first, asked]}))))
    browser = visitor(twilio)
    for raw in ("", "zzz"):
        page = browser.get(link).text
        fields = {
            name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("step", "key", "lang", "asked")
        }
        fields |= {f"q.{fields['asked']}": raw, "csrf_token": token_in(page), "act": "answer"}
        response = browser.post(link, data=fields)
    assert response.status_code == 400
    assert 'role="alert"' in response.text or "error" in response.text


@pytest.mark.skipif(not LONG, reason="counts what the long run did")
def test_the_long_run_was_ten_thousand_posts_and_replies():
    assert sum(counted.values()) >= 10_000, counted
