"""Prism as Twilio, and Prism between the client and our own fake."""

from datetime import timedelta

import pytest

from foundation.web import clock
from notifications.providers import Accepted
from notifications.twilio_sms import Account, TwilioSms
from tests.contract.prism import Prism, need_node
from tests.notifications.factories import outgoing
from tests.notifications.twilio_fake import SID, TOKEN, TwilioFake


@pytest.fixture(scope="session")
def prism_mock(tmp_path_factory):
    """Prism answering with the examples of Twilio's description."""
    need_node()
    prism = Prism("mock", tmp_path_factory.mktemp("prism") / "mock.log")
    yield prism
    prism.stop()


@pytest.fixture(scope="session")
def referee(tmp_path_factory):
    """Prism in front of our fake: it lets through what keeps the contract, and stops and notes the rest."""
    need_node()
    fake = TwilioFake()
    prism = Prism("proxy", tmp_path_factory.mktemp("prism") / "proxy.log", fake.own_url)
    prism.fake = fake
    try:
        _warm(prism.url)
        yield prism
    finally:
        prism.stop()
        fake.close()


def _warm(url):
    """Ask each thing once: what Prism is first asked takes it longer, on a busy machine, than a test's client waits."""
    patient = TwilioSms(
        Account(SID, TOKEN, sender="+33700000000", base_url=url), "https://centre.example", seconds=30.0
    )
    sent = patient.send(outgoing())
    assert isinstance(sent, Accepted), sent
    assert patient.fetch(sent.provider_id)
    assert patient.find(outgoing(), outgoing().created_at - timedelta(hours=1))


@pytest.fixture
def mock(prism_mock):
    """Prism as Twilio, with nothing on its mind."""
    prism_mock.faults()
    return prism_mock


@pytest.fixture
def fake(referee):
    """Our fake, empty, reached through the referee; at the end nothing may have broken the contract."""
    referee.faults()
    referee.fake.reset()
    referee.fake.url = referee.url
    yield referee.fake
    assert referee.faults() == []


@pytest.fixture
def app(app):
    # The client and the server at the other end know the real time only.
    clock.start_at(None)
    return app
