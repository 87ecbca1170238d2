"""What a machine that watches reads."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from notifications.dispatcher.sending import dispatch
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import QUICK, create_message, later

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def read(client):
    """Return every value by its name and labels, as Prometheus' own parser reads them."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def value(client, name, **labels):
    return read(client).get((f"satisfecit_{name}", tuple(sorted(labels.items()))))


def test_the_figures_are_those_of_the_outbox(app, client):
    create_message(body="a" * 200)
    create_message(recipient="+33639980001")
    dispatch(app.extensions["notifications"], QUICK)
    create_message(priority=0)
    create_message(window=Window(), zone="America/Martinique", region="martinique")
    later(seconds=30)
    figures = read(client)

    def figure(name, **labels):
        return figures[f"satisfecit_{name}", tuple(sorted(labels.items()))]

    assert figure("messages_due", lane="interactive", channel="sms") == 1
    assert 29 <= figure("messages_oldest_due_seconds", lane="interactive", channel="sms") <= 60
    assert figure("messages_held", why="window") == 1
    assert figure("messages_30_days", state="rejected", channel="sms") == 1
    assert figure("sent_last_hour_parts", channel="sms", sender="default") == 2
    assert figure("sender_paused", channel="sms", sender="default") == 0
    assert figure("worker_up") == 0
    assert figure("jobs", state="failed") == 0


def test_refused_webhooks_are_counted_in_the_database(app, client):
    for _ in range(3):
        assert client.post("/webhooks/twilio/status", data={"MessageSid": "SM1"}).status_code == 403
    assert value(client, "webhooks_refused_total", path="/webhooks/twilio/status") == 3


@pytest.fixture
def token(app):
    app.config["METRICS_TOKEN"] = "a token of the settings"
    yield "a token of the settings"
    app.config["METRICS_TOKEN"] = ""


def test_from_elsewhere_only_the_token_opens(client, token):
    def status(given=None):
        headers = {"Authorization": f"Bearer {given}"} if given is not None else {}
        return client.get("/metrics", environ_overrides=ELSEWHERE, headers=headers).status_code

    assert (status(), status("wrong"), status(""), status(token)) == (403, 403, 403, 200)


def test_without_a_token_in_the_settings_none_opens(client):
    headers = {"Authorization": "Bearer "}
    assert client.get("/metrics", environ_overrides=ELSEWHERE, headers=headers).status_code == 403
    assert client.get("/metrics").status_code == 200


def test_a_proxy_on_the_same_machine_opens_it_to_nobody(client):
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


def test_the_figures_name_nobody(app, client):
    message = create_message(now=NOW)
    assert message.recipient not in client.get("/metrics").text
