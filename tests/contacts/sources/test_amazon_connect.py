import json
from datetime import UTC, datetime

import pytest

from tests.contacts.sources.readers import called, entries, lines, outcomes, table


def record(contact="a-1", initial=None, **changes):
    return {
        "ContactId": contact,
        "InitialContactId": initial,
        "PreviousContactId": initial,
        "Channel": "VOICE",
        "InitiationMethod": "TRANSFER" if initial else "INBOUND",
        "InitiationTimestamp": "2026-10-05T07:04:00Z" if initial else "2026-10-05T07:00:00Z",
        "ConnectedToSystemTimestamp": "2026-10-05T07:00:00Z",
        "DisconnectTimestamp": "2026-10-05T07:09:00Z" if initial else "2026-10-05T07:04:00Z",
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "CustomerEndpoint": {"Address": "+33639980101", "Type": "TELEPHONE_NUMBER"},
        "SystemEndpoint": {"Address": "+33170000001", "Type": "TELEPHONE_NUMBER"},
        "Queue": {"Name": "Accueil"},
        "Agent": {"Username": "anne", "ConnectedToAgentTimestamp": "2026-10-05T07:00:30Z"},
        "Attributes": {"site": "lille", "motif": "Contrat"},
        "LastUpdateTimestamp": "2026-10-05T07:06:00Z",
        **changes,
    }


def test_a_record_is_a_contact():
    (entry,) = entries("amazon-connect", record(), reason_attribute="motif")
    assert (entry.external_id, entry.channel, entry.direction, entry.outcome) == ("a-1", "phone", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert (entry.phone.e164, entry.agent, entry.reason) == ("+33639980101", called("anne"), "Contrat")
    assert (entry.entry_address, entry.facts) == ("+33170000001", {"queue": "Accueil"})


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_chain_of_transfers_is_one_contact_in_whatever_order_it_stands(order):
    chain = [record(), record("a-2", "a-1"), record("a-3", "a-1", Agent=None)]
    (entry,) = entries("amazon-connect", lines(*(chain[place] for place in order)))
    assert (entry.external_id, entry.direction, entry.outcome) == ("a-1", "in", "answered")
    assert entry.ended_at == datetime(2026, 10, 5, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_a_record_sent_again_the_later_update_counts(order):
    again = record(LastUpdateTimestamp="2026-10-05T09:00:00Z", Queue={"Name": "SAV"})
    sent = [record(), again]
    (entry,) = entries("amazon-connect", lines(*(sent[place] for place in order)))
    assert entry.facts == {"queue": "SAV"}


def test_records_stand_in_lines_in_arrays_or_one_after_the_other():
    two = [record(), record("b-1")]
    written = [lines(*two), json.dumps(two), json.dumps(two, indent=2), "".join(map(json.dumps, two))]
    assert [len(entries("amazon-connect", text)) for text in written] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    "changes, outcome",
    [
        ({"Agent": None}, "abandoned"),
        ({"Agent": None, "Queue": None}, "unanswered"),
        ({"Agent": None, "DisconnectReason": "CONTACT_FLOW_DISCONNECT"}, "unanswered"),
        ({"Agent": None, "DisconnectTimestamp": None}, "unknown"),
        ({"InitiationMethod": "OUTBOUND"}, "answered"),
        ({"InitiationMethod": "OUTBOUND", "ConnectedToSystemTimestamp": None}, "unanswered"),
    ],
    ids=str,
)
def test_the_outcome(changes, outcome):
    assert entries("amazon-connect", record(**changes))[0].outcome == outcome


@pytest.mark.parametrize(
    "changes, channel",
    [
        ({"Channel": "CHAT"}, "chat"),
        ({"Channel": "CHAT", "SegmentAttributes": {"connect:Subtype": {"ValueString": "connect:SMS"}}}, "sms"),
        ({"Channel": "EMAIL", "CustomerEndpoint": {"Address": "anne@exemple.fr"}}, "email"),
    ],
    ids=["chat", "sms", "email"],
)
def test_channels(changes, channel):
    (entry,) = entries("amazon-connect", record(**changes))
    assert entry.channel == channel
    assert entry.email == ("anne@exemple.fr" if channel == "email" else None)


def test_tasks_and_monitoring_are_left_out():
    others = [record("t-1", Channel="TASK", InitiationMethod="API"), record("m-1", "a-1", InitiationMethod="MONITOR")]
    read = table("amazon-connect", lines(record(), *others))
    assert len(list(read.rows())) == 1
    assert read.counted.left_out == {"task": 1, "monitoring": 1}


def test_a_chain_without_its_beginning_comes_back():
    (row,) = outcomes("amazon-connect", record("a-2", "a-1"))
    assert [(fault.field, fault.code) for fault in row.faults] == [("direction", "empty")]


def test_the_site_may_be_an_attribute():
    assert (
        entries(
            "amazon-connect",
            record(),
            site="",
            **{"site_by": "attribute", "site_attribute": "site", "site.LILLE": "lille"},
        )[0].site_id
        == 2
    )
