import json
from datetime import UTC, datetime

import pytest

from contacts.reading import UnreadableFile
from tests.contacts.sources.readers import called, entries, lines, outcomes, table


def part(kind, queue="q-1", **more):
    return {"segmentStart": "2026-10-05T07:00:00.000Z", "segmentType": kind, "queueId": queue, **more}


def conversation(number=1, **changes):
    """A call that waited in a queue, was answered, transferred and answered again: four sessions."""
    session = {"mediaType": "voice", "direction": "inbound", "ani": "tel:+33639980101", "dnis": "tel:+33170000001"}
    agents = [
        {"purpose": "agent", "userId": user, "sessions": [{"mediaType": "voice", "segments": [part("interact"), wrap]}]}
        for user, wrap in (("u-1", part("wrapup", wrapUpCode="w-1")), ("u-2", part("wrapup", wrapUpCode="w-2")))
    ]
    return {
        "conversationId": f"g-{number}",
        "conversationStart": "2026-10-05T07:00:00.000Z",
        "conversationEnd": "2026-10-05T07:10:00.000Z",
        "originatingDirection": "inbound",
        "divisionIds": ["d-1", "d-2"],
        "participants": [
            {"purpose": "customer", "sessions": [{**session, "segments": [part("interact")]}]},
            {"purpose": "acd", "sessions": [{**session, "segments": [part("interact", disconnectType="transfer")]}]},
            *agents,
        ],
        **changes,
    }


def waiting(disconnect, **changes):
    """A call nobody took, and how its wait ended."""
    held = conversation(**changes)
    held["participants"] = held["participants"][:2]
    held["participants"][1]["sessions"][0]["segments"][0]["disconnectType"] = disconnect
    return held


def test_a_conversation_of_many_sessions_is_one_contact():
    (entry,) = entries("genesys-conversations", {"conversations": [conversation()], "totalHits": 1})
    assert (entry.external_id, entry.channel, entry.direction, entry.outcome) == ("g-1", "phone", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert (entry.phone.e164, entry.entry_address, entry.agent) == ("+33639980101", "+33170000001", called("u-1"))
    assert (entry.reason, entry.facts) == ("w-2", {"queue": "q-1"})


@pytest.mark.parametrize(
    "content",
    [
        {"conversations": [conversation()], "totalHits": 2},
        {"conversations": [conversation()], "cursor": "abc"},
        lines(
            {"conversations": [conversation()], "totalHits": 3}, {"conversations": [conversation(2)], "totalHits": 3}
        ),
    ],
    ids=["total", "cursor", "pages"],
)
def test_fewer_conversations_than_there_are_is_refused(content):
    with pytest.raises(UnreadableFile) as refused:
        table("genesys-conversations", content)
    assert refused.value.code == "partial-export"


def test_pages_one_after_the_other_are_one_export():
    pages = [{"conversations": [conversation(n)], "totalHits": 2} for n in (1, 2)]
    assert len(entries("genesys-conversations", lines(*pages))) == 2
    assert len(entries("genesys-conversations", lines(conversation(1), conversation(2)))) == 2


@pytest.mark.parametrize(
    "held, outcome",
    [(waiting("client"), "abandoned"), (waiting("peer"), "abandoned"), (waiting("timeout"), "unanswered"),
     (waiting("client", conversationEnd=None), "unknown")],
    ids=["client", "peer", "timeout", "going-on"],
)  # fmt: skip
def test_whoever_was_not_answered_is_abandoned_only_if_they_hung_up(held, outcome):
    assert entries("genesys-conversations", [held])[0].outcome == outcome


@pytest.mark.parametrize(
    "session, channel",
    [({"mediaType": "email"}, "email"), ({"mediaType": "callback"}, "phone"), ({"mediaType": "chat"}, "chat"),
     ({"mediaType": "message", "messageType": "sms"}, "sms"),
     ({"mediaType": "message", "messageType": "whatsapp"}, "social"),
     ({"mediaType": "message", "messageType": "webmessaging"}, "chat")],
    ids=str,
)  # fmt: skip
def test_the_channel_is_that_of_the_customer_s_session(session, channel):
    held = conversation()
    held["participants"][0]["sessions"][0] |= session
    assert entries("genesys-conversations", [held])[0].channel == channel


def test_an_e_mail_has_an_address_and_no_number():
    held = conversation()
    held["participants"][0]["sessions"] = [
        {"mediaType": "email", "addressFrom": "anne@exemple.fr", "addressTo": "contact@belline.example"}
    ]
    (entry,) = entries("genesys-conversations", [held])
    assert (entry.email, entry.phone, entry.entry_address) == ("anne@exemple.fr", None, "contact@belline.example")


def test_going_out_it_is_answered_only_if_the_customer_was_reached():
    out = conversation(originatingDirection="outbound")
    out["participants"][0]["sessions"][0] |= {"ani": "tel:+33170000001", "dnis": "tel:+33639980102"}
    missed = json.loads(json.dumps(out))
    missed["conversationId"] = "g-2"
    missed["participants"][0]["sessions"][0]["segments"] = [part("dialing")]
    answered, unanswered = entries("genesys-conversations", [out, missed])
    assert (answered.outcome, answered.phone.e164, unanswered.outcome) == ("answered", "+33639980102", "unanswered")


def test_sites_go_by_division():
    by_division = {"site": "", "site.d-1": "lyon", "site.d-9": "lille"}
    first, second = conversation(), conversation(2, divisionIds=["d-9"])
    assert [entry.site_id for entry in entries("genesys-conversations", [first, second], **by_division)] == [1, 2]


def test_a_record_without_identifier_comes_back_with_its_line():
    content = json.dumps([conversation(), {"conversationStart": "x"}, 7], indent=1)
    found = outcomes("genesys-conversations", content)
    assert [row.line for row in found[1:]] == [
        number for number, line in enumerate(content.splitlines(), start=1) if line in (" {", " 7")
    ][1:]
    assert found[1].cells == ['{"conversationStart": "x"}']
