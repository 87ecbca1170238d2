"""Every call the product makes, through the real client, against Twilio's own description of its interface."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifications import twilio_sms
from notifications.providers import CONFIG, PERMANENT, Accepted, Refused
from notifications.twilio_codes import STATES
from notifications.twilio_sms import Account, TwilioSms
from tests.contract.prism import description
from tests.notifications.factories import outgoing
from tests.notifications.twilio_fake import SID

SERVICE, NUMBER = "MG" + "1" * 32, "+33700000000"
PUBLIC = "https://centre.example"
PATH = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


def provider_at(prism, public=PUBLIC, sid=SID, **account):
    account = {"messaging_service_sid": SERVICE} | account
    return TwilioSms(Account(sid, "token", base_url=prism.url, **account), public)


def answer_to(method, status):
    return description()["paths"][PATH][method]["responses"][status]["content"]["application/json"]


@pytest.mark.parametrize(
    "account, message",
    [
        ({"messaging_service_sid": SERVICE}, {}),
        ({"messaging_service_sid": "", "sender": NUMBER}, {}),
        ({}, {"sender": NUMBER}),
        ({}, {"expires_at": datetime.now(UTC) + timedelta(hours=3)}),
        ({}, {"expires_at": datetime.now(UTC) + timedelta(days=3)}),
        ({}, {"expires_at": datetime.now(UTC)}),
    ],
    ids=["service", "number", "message's own number", "validity", "longest validity", "shortest validity"],
)
def test_a_message_is_created_as_twilio_wants_it(mock, account, message):
    outcome = provider_at(mock, **account).send(outgoing(**message))
    assert isinstance(outcome, Accepted) and outcome.provider_id.startswith("SM")
    assert mock.faults() == []


def test_a_message_is_created_where_no_news_can_be_sent(mock):
    assert isinstance(provider_at(mock, public="http://localhost:8000").send(outgoing()), Accepted)
    assert mock.faults() == []


def test_what_went_to_a_number_is_listed_and_read(mock):
    row = answer_to("get", "200")["examples"]["readFullPage1"]["value"]["messages"][0]
    found = provider_at(mock).find(outgoing(body=row["body"]), datetime(2000, 1, 1, tzinfo=UTC))
    # Prism knows one page only, so the pages that follow are this one again.
    assert {(one.provider_id, one.state) for one in found} == {(row["sid"], STATES[row["status"]])}
    assert mock.faults() == []


def test_what_became_of_one_message_is_read(mock):
    found = provider_at(mock).fetch("SM" + "a" * 32)
    assert (found.state, found.code, found.created_at.tzinfo) == ("sent", "30007", UTC)
    assert mock.faults() == []


def test_without_credentials_the_channel_stops(mock):
    provider = provider_at(mock)
    provider.client.auth = None
    assert provider.send(outgoing()) == Refused("401", CONFIG)


@pytest.mark.parametrize(
    "changes", [{"messaging_service_sid": "MG1"}, {"sid": "AC1"}, {"public": "nulle part"}],
    ids=["service", "account", "callback"],
)  # fmt: skip
def test_what_twilio_would_not_understand_is_refused_and_not_tried_again(mock, changes):
    assert provider_at(mock, **changes).send(outgoing()) == Refused("422", PERMANENT)
    assert mock.faults() != []


def test_these_are_all_calls_the_product_makes():
    tree = ast.parse(Path(twilio_sms.__file__).read_text())
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    asked = {name.removeprefix("self.client.") for name in calls if name.startswith("self.client.")}
    assert asked == {"messages.create", "messages.list", "messages", "messages(provider_id).fetch"}


def test_every_status_twilio_can_tell_has_a_state_of_ours():
    said = set(description()["components"]["schemas"]["message_enum_status"]["enum"])
    # These two are of messages to us.
    assert said - {"receiving", "received"} == set(STATES)


def test_the_description_says_where_it_comes_from_and_what_was_changed():
    origin = description()["x-provenance"]
    assert origin["source"].startswith("twilio/twilio-oai") and len(origin["head"]) == 40
    page = description()["paths"][PATH]["get"]["responses"]["200"]["content"]["application/json"]["schema"][
        "properties"
    ]
    patched = {patch["where"].rsplit(".", 1)[1] for patch in origin["patches"]}
    assert patched == {name for name, schema in page.items() if schema.get("format") == "uri-reference"}
    assert len(patched) == 4
