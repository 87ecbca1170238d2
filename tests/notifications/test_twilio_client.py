"""How the real client is set up: patience, proxies, certificates, addresses, and what it keeps to itself."""

import logging
import os
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app import create_app
from foundation.config import ConfigurationError
from foundation.web import clock
from notifications.dispatcher.sending import dispatch
from notifications.providers import CONFIG, Accepted, NotTaken, Refused, Unknown
from notifications.twilio_sms import MOST_CONNECTIONS, Account, TwilioSms
from tests.notifications.factories import QUICK, create_message, outgoing, post_of
from tests.notifications.twilio_fake import SID, TOKEN, TwilioFake

SERVICE, PUBLIC = "MG" + "1" * 32, "https://centre.example"


@pytest.fixture
def fake():
    server = TwilioFake()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in os.environ:
        if name.lower().endswith("_proxy") or name.endswith("CA_BUNDLE"):
            monkeypatch.delenv(name)
    clock.start_at(None)


def provider_at(url, seconds=2.0, token=TOKEN):
    return TwilioSms(Account(SID, token, SERVICE, base_url=url), PUBLIC, seconds)


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def refusing_proxy():
    """A proxy that lets nobody through; it remembers what it was asked."""
    asked, listening = [], socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                line, _address = listening.accept()
            except OSError:
                return
            asked.append(line.recv(4096).split(b"\r\n")[0].decode())
            line.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            line.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
    listening.close()


def test_the_client_never_waits_longer_than_it_is_told(fake):
    fake.script = ["never-after"]
    provider = provider_at(fake.url, seconds=0.2)
    assert provider.send(outgoing()) == Unknown("ReadTimeout")
    assert provider.client.http_client.timeout == 0.2
    assert provider.timeout > 2 * 0.2
    assert TwilioSms(Account(SID, TOKEN, SERVICE), PUBLIC).client.http_client.timeout == 10.0


def test_it_talks_to_twilio_unless_told_otherwise():
    provider = TwilioSms(Account(SID, TOKEN, SERVICE), PUBLIC)
    assert provider.client.api.base_url == "https://api.twilio.com"


@pytest.mark.parametrize("left, said", [(timedelta(days=3), "36000"), (timedelta(seconds=1), "5"), (timedelta(), "5")])
def test_twilio_is_never_asked_to_try_for_longer_or_shorter_than_it_can(fake, left, said):
    provider_at(fake.url).send(outgoing(expires_at=datetime.now(UTC) + left))
    provider_at(fake.url).send(outgoing())
    assert [fields.get("ValidityPeriod") for fields in fake.requests] == [said, None]


def test_as_many_connections_stay_open_as_ever_send_at_once():
    session = provider_at("https://twilio.example").client.http_client.session
    for address in ("https://twilio.example", "http://127.0.0.1"):
        assert session.get_adapter(address)._pool_maxsize == MOST_CONNECTIONS >= TwilioSms.concurrency


def test_a_proxy_of_the_environment_is_gone_through(fake, monkeypatch):
    monkeypatch.setenv("http_proxy", fake.url)
    sent = provider_at(f"http://localhost:{closed_port()}").send(outgoing())
    assert isinstance(sent, Accepted) and sent.provider_id == fake.messages[0]["sid"]


def test_an_address_excepted_from_the_proxy_is_reached_directly(fake, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
    assert isinstance(provider_at(fake.url).send(outgoing()), Accepted)


def test_a_proxy_that_lets_us_not_through_has_certainly_sent_nothing(refusing_proxy, monkeypatch):
    proxy, asked = refusing_proxy
    monkeypatch.setenv("https_proxy", proxy)
    assert provider_at("https://twilio.example").send(outgoing()) == NotTaken("no-connection")
    assert asked == ["CONNECT twilio.example:443 HTTP/1.1"] or asked == ["CONNECT twilio.example:443 HTTP/1.0"]


def test_a_proxy_that_is_not_there_has_certainly_sent_nothing(monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port()}")
    assert provider_at("https://twilio.example").send(outgoing()) == NotTaken("no-connection")


def test_the_environment_is_read_once_and_its_certificates_are_kept(monkeypatch):
    assert provider_at("https://twilio.example").client.http_client.session.verify is True
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/ours.pem")
    session = provider_at("https://twilio.example").client.http_client.session
    assert (session.trust_env, session.verify) == (False, "/etc/ssl/ours.pem")


@pytest.mark.parametrize(
    "asked, least, most",
    [("7", 7, 7), ("0", 0, 0), ("1.5", 1.5, 1.5), (timedelta(hours=1), 3500, 3600), (timedelta(hours=-1), 0, 0)],
    ids=["seconds", "none", "part of a second", "moment", "moment gone by"],
)
def test_how_long_to_wait_is_read_as_seconds_or_as_a_moment(fake, asked, least, most):
    at = asked if isinstance(asked, str) else format_datetime(datetime.now(UTC) + asked)
    fake.script, fake.retry_after = ["429"], at
    outcome = provider_at(fake.url).send(outgoing())
    assert isinstance(outcome, NotTaken) and least <= outcome.retry_after <= most


@pytest.mark.parametrize("asked", ["", "soon", "nan", "\u00b2", "-"])
def test_a_wait_that_is_none_is_left_to_our_own_patience(fake, asked):
    fake.script, fake.retry_after = ["429"], asked.encode().decode("latin-1")
    outcome = provider_at(fake.url).send(outgoing())
    assert isinstance(outcome, NotTaken) and (outcome.code, outcome.retry_after) == ("20429", None)


def test_the_wait_of_one_answer_is_not_that_of_the_next(fake):
    provider = provider_at(fake.url)
    fake.script = ["429"]
    provider.send(outgoing())
    fake.script, fake.retry_after = ["429"], ""
    assert provider.send(outgoing()).retry_after is None


def test_the_limit_of_the_day_stops_the_sender_and_is_no_mere_haste(fake):
    fake.script = ["429:63038"]
    assert provider_at(fake.url).send(outgoing()) == Refused("63038", CONFIG)


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "ftp://127.0.0.1", "http://127.0.0.1.example.org", "https://", "x", "https://["],
)  # fmt: skip
def test_an_address_that_is_neither_encrypted_nor_near_stops_the_program(address):
    with pytest.raises(ConfigurationError, match="TWILIO_API_BASE_URL"):
        provider_at(address)


@pytest.mark.parametrize(
    "address", ["https://twilio.example/", "http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:1"]
)
def test_an_address_that_is_encrypted_or_near_is_used(address):
    assert provider_at(address).client.api.base_url == address.rstrip("/")


@pytest.mark.parametrize("plan", ["ok", "401", "21211", "503", "reset-after", "garbage-after", "429"])
def test_no_log_has_our_credentials_the_number_or_the_words(app, fake, caplog, capfd, plan):
    caplog.set_level(logging.DEBUG)
    clock.start_at(None)
    message = create_message(body="polichinelle", now=datetime.now(UTC))
    fake.tokens, fake.script = {"tres-secret"}, [plan]
    provider = provider_at(fake.url, token="tres-secret")
    dispatch(post_of(provider), QUICK)
    provider.find(outgoing(), datetime.now(UTC))
    logged = caplog.text + "".join(capfd.readouterr())
    hidden = ("tres-secret", "polichinelle", message.recipient[1:], provider.client.auth[1])
    assert [word for word in hidden if word in logged] == []
    assert message.state in ("accepted", "queued", "rejected", "in_doubt")


def test_the_settings_are_refused_before_anything_is_sent(app):
    settings = {"SMS": "twilio", "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+33700000000"}
    settings |= {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": app.config["SECRET_KEY"]}
    with pytest.raises(ConfigurationError):
        create_app(settings | {"TWILIO_API_BASE_URL": "http://example.org"})
