"""The notification tests that talk to Twilio once more, with a referee between the client and our own fake."""

import pytest
import requests

from notifications.providers import CONFIG, Accepted, Refused, Unreachable
from notifications.twilio_sms import Account, TwilioSms
from tests.contract.prism import description
from tests.contract.test_contract import PATH, PUBLIC, SERVICE
from tests.notifications import test_callback_storm, test_providers_alike, test_twilio, test_twilio_client
from tests.notifications.factories import outgoing
from tests.notifications.twilio_fake import PATH as MESSAGES
from tests.notifications.twilio_fake import SID, TOKEN

# Prism itself answers for an upstream whose answer broke off, so these say less through it; the others need no Twilio
# that is asked anything, or a proxy of their own.
NOT_THROUGH_A_PROXY = {"test_an_answer_that_breaks_off_leaves_it_in_doubt", "test_a_closed_port_is_certainly_not_sent"}
OF_THE_CLIENT = ("test_how_long", "test_a_wait", "test_the_wait", "test_the_limit", "test_the_client_never")


def _tests_of(suite):
    return {name: test for name, test in vars(suite).items() if name.startswith("test_")}


globals().update({name: test for name, test in _tests_of(test_twilio).items() if name not in NOT_THROUGH_A_PROXY})
globals().update({n: test for n, test in _tests_of(test_twilio_client).items() if n.startswith(OF_THE_CLIENT)})
globals().update(_tests_of(test_providers_alike))
if test_callback_storm.LONG:
    globals().update({n: test for n, test in _tests_of(test_callback_storm).items() if not n.endswith("_postgresql")})
    web = test_callback_storm.web


@pytest.fixture
def side(app, fake):
    return test_providers_alike.TwilioSide(fake)


def provider_at(url, service=SERVICE):
    return TwilioSms(Account(SID, "token", service, base_url=url), PUBLIC)


@pytest.fixture
def biting(referee):
    """The referee for what is meant to be wrong."""
    referee.faults()
    referee.fake.reset()
    yield referee
    assert referee.faults() != []


def test_the_referee_stops_a_request_that_breaks_the_contract(biting):
    assert isinstance(provider_at(biting.url, "MG1").send(outgoing()), Refused)
    assert biting.fake.requests == []


@pytest.mark.parametrize(
    "field, wrong", [("status", "bogus"), ("error_code", "30005"), ("body", 5), ("direction", "sideways")]
)
def test_the_referee_stops_an_answer_that_breaks_the_contract(biting, field, wrong):
    provider = provider_at(biting.url)
    sent = provider.send(outgoing())
    assert isinstance(sent, Accepted) and provider.fetch(sent.provider_id)
    biting.fake.find(sent.provider_id)[field] = wrong
    with pytest.raises(Unreachable):
        provider.find(outgoing(), outgoing().created_at)
    answer = requests.get(f"{biting.url}{MESSAGES}/{sent.provider_id}.json", auth=(SID, TOKEN), timeout=10)
    assert (answer.status_code, answer.json()["validation"][0]["location"]) == (500, ["response", "body", field])


def test_the_referee_passes_a_list_of_several_pages(fake):
    provider = provider_at(fake.url)
    for _ in range(5):
        provider.send(outgoing())
    listed = provider.client.messages.list(to=outgoing().recipient, page_size=2)
    assert [row.sid for row in listed] == [row["sid"] for row in reversed(fake.messages)]


def test_everything_we_send_is_in_twilio_s_description(fake):
    known = description()["paths"][PATH]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    provider_at(fake.url).send(outgoing(sender="+33700000000", expires_at=outgoing().created_at))
    provider_at(fake.url).send(outgoing())
    assert {name for fields in fake.requests for name in fields} <= set(known["schema"]["properties"])


def test_other_credentials_are_refused(fake):
    fake.tokens = {"another"}
    assert provider_at(fake.url).send(outgoing()) == Refused("20003", CONFIG)
