"""The simulator keeps the same contract as Twilio: each behaviour is asked of both, through the same interface."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from foundation.database import db
from foundation.web import clock
from notifications import simulator
from notifications.networks import Network
from notifications.providers import PERMANENT, STOP, Accepted, NotTaken, Outgoing, Refused, Unknown
from notifications.simulator import Simulator, network
from notifications.twilio_sms import Account, TwilioSms
from tests.notifications.twilio_fake import SID, TOKEN, TwilioFake

PHONE = "+33639981234"


class SimulatorSide:
    """The simulator, with the network that makes the next send go as wanted."""

    def __init__(self):
        self.provider = Simulator()

    def make(self, plan):
        weather = Network(lost_answers=100 if plan == "lost" else 0)
        network.set_weather(weather, 7 if plan == "429" else 0, clock.utc_now())
        db.session.commit()

    def number_for(self, code):
        return {"21211": "+33639980001", "21610": "+33639980010"}[code]

    def move(self, provider_id, status):
        simulator.give_receipts(clock.utc_now() + timedelta(seconds=1.2 if status == "sent" else 3))

    def close(self):
        db.session.rollback()


class TwilioSide:
    """The real client before a Twilio of our own."""

    def __init__(self, fake=None):
        self.fake = fake or TwilioFake()
        account = Account(SID, TOKEN, messaging_service_sid="MG" + "1" * 32, base_url=self.fake.url)
        self.provider = TwilioSms(account, "https://centre.example", 0.5)

    def make(self, plan):
        self.fake.script = [{"lost": "never-after"}.get(plan, plan)]

    def number_for(self, code):
        self.fake.script = [code]
        return PHONE

    def move(self, provider_id, status):
        next(row for row in self.fake.messages if row["sid"] == provider_id)["status"] = status

    def close(self):
        self.fake.close()


@pytest.fixture(params=[SimulatorSide, TwilioSide])
def side(app, request):
    # The client and the server at the other end know the real time only.
    clock.start_at(None)
    made = request.param()
    yield made
    made.close()


def a_message(**changes):
    message = Outgoing(secrets.token_hex(16), PHONE, "", "", "Votre avis ?", None, "fr", datetime.now(UTC))
    return replace(message, **changes)


def an_hour_ago():
    return datetime.now(UTC) - timedelta(hours=1)


def test_a_message_is_taken_under_an_id_and_listed_under_it(side):
    message = a_message()
    taken = side.provider.send(message)
    assert isinstance(taken, Accepted) and taken.state == "accepted"
    assert [one.provider_id for one in side.provider.find(message, an_hour_ago())] == [taken.provider_id]


def test_the_list_holds_the_very_words_to_the_very_number_only(side):
    side.provider.send(a_message())
    for other in (a_message(body="Votre avis"), a_message(recipient="+33639985678")):
        assert not side.provider.find(other, an_hour_ago())


def test_the_list_holds_nothing_older_than_asked_for(side):
    side.provider.send(a_message())
    assert not side.provider.find(a_message(), datetime.now(UTC) + timedelta(hours=1))


def test_the_same_words_sent_twice_are_two_messages(side):
    first, second = side.provider.send(a_message()), side.provider.send(a_message())
    assert first.provider_id != second.provider_id
    assert {one.provider_id for one in side.provider.find(a_message(), an_hour_ago())} == {
        first.provider_id, second.provider_id,
    }  # fmt: skip


def test_what_became_of_a_message_can_be_asked(side):
    taken = side.provider.send(a_message())
    for status in ("sent", "delivered"):
        side.move(taken.provider_id, status)
        assert side.provider.fetch(taken.provider_id).state == status


@pytest.mark.parametrize("code, kind", [("21211", PERMANENT), ("21610", STOP)])
def test_a_refusal_says_its_code_and_what_it_means_and_takes_nothing(side, code, kind):
    message = a_message(recipient=side.number_for(code))
    assert side.provider.send(message) == Refused(code, kind)
    assert not side.provider.find(message, an_hour_ago())


def test_too_many_requests_say_how_long_to_wait_and_take_nothing(side):
    side.make("429")
    message = a_message()
    refused = side.provider.send(message)
    assert isinstance(refused, NotTaken) and (refused.code, refused.retry_after) == ("20429", 7.0)
    assert not side.provider.find(message, an_hour_ago())


def test_a_lost_answer_is_not_known_and_the_message_is_in_the_list_once(side):
    side.make("lost")
    message = a_message()
    assert side.provider.send(message) == Unknown("ReadTimeout")
    assert len(side.provider.find(message, an_hour_ago())) == 1
