from datetime import UTC, datetime

import pytest

from contacts.reading import UnreadableFile
from tests.contacts.sources.readers import called, entries, lines, outcomes, table

START = 1791183600


def call(number=1, **changes):
    return {
        "id": number, "direction": "inbound", "status": "done", "missed_call_reason": None,
        "started_at": START, "answered_at": START + 8, "ended_at": START + 300, "duration": 300,
        "raw_digits": "+33 6 39 98 01 01", "user": {"id": 456, "name": "Anne Martin"},
        "number": {"name": "Accueil", "digits": "+33 1 70 00 00 01", "country": "FR"},
        "tags": [{"name": "Contrat"}, {"name": "Autre"}],
        **changes,
    }  # fmt: skip


def webhook(event, number=1, **changes):
    return {"resource": "call", "event": event, "timestamp": START, "data": call(number, **changes)}


def test_a_call_is_a_contact():
    (entry,) = entries("aircall", call())
    assert (entry.external_id, entry.channel, entry.direction, entry.outcome) == ("1", "phone", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert (entry.phone.e164, entry.entry_address) == ("+33639980101", "+33170000001")
    assert (entry.agent, entry.reason) == (called("456"), "Contrat")


def test_the_webhooks_of_a_call_are_one_contact_in_whatever_order_they_come():
    told = [
        webhook("call.created", answered_at=None, ended_at=None, user=None, tags=[]),
        webhook("call.ended"),
        webhook("call.answered", ended_at=None, tags=[]),
    ]
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        (entry,) = entries("aircall", lines(*(told[place] for place in order)))
        assert (entry.outcome, entry.reason) == ("answered", "Contrat")
        assert entry.ended_at == datetime(2026, 10, 5, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "reason, outcome",
    [("abandoned_in_ivr", "abandoned"), ("abandoned_in_classic", "abandoned"), ("short_abandoned", "abandoned"),
     ("no_available_agent", "unanswered"), ("out_of_opening_hours", "unanswered"), (None, "unanswered")],
)  # fmt: skip
def test_missed_calls_are_abandoned_or_not_answered(reason, outcome):
    assert entries("aircall", call(answered_at=None, missed_call_reason=reason))[0].outcome == outcome


def test_a_hidden_number_is_no_wrong_number():
    (entry,) = entries("aircall", call(raw_digits="anonymous"))
    assert (entry.phone, entry.phone_state) == (None, "hidden")


@pytest.mark.parametrize("meta", [{"total": 3, "next_page_link": None}, {"total": 1, "next_page_link": "https://…"}])
def test_pages_that_are_not_all_are_refused(meta):
    with pytest.raises(UnreadableFile) as refused:
        table("aircall", {"meta": meta, "calls": [call()]})
    assert refused.value.code == "partial-export"


def test_all_pages_one_after_the_other_are_read():
    first = {"meta": {"total": 2, "next_page_link": "https://…"}, "calls": [call()]}
    last = {"meta": {"total": 2, "next_page_link": None}, "calls": [call(2)]}
    assert len(entries("aircall", lines(first, last))) == 2


def test_webhooks_of_other_things_are_left_out_and_a_call_without_id_comes_back():
    read = table("aircall", lines({"resource": "user", "data": {"id": 1}}, webhook("call.ended")))
    assert len(list(read.rows())) == 1
    assert read.counted.left_out == {"other-events": 1}
    assert [row.line for row in outcomes("aircall", lines(call(), {"direction": "inbound"}))] == [2, 1]


def test_sites_go_by_the_name_of_the_line():
    assert entries("aircall", call(), site="", **{"site_by": "line", "site.Accueil": "lille"})[0].site_id == 2


def test_what_no_database_keeps_is_left_out_of_a_name():
    (entry,) = entries("aircall", call(contact={"first_name": "An\x00ne\x1b", "last_name": "Martin"}))
    assert entry.name == "An ne  Martin"


def test_only_a_table_of_just_the_plain_columns_is_taken_for_rejects_sent_again():
    columns = table("aircall", call()).columns
    cells = ["7", "2026-10-05T07:00:00Z", "", "lyon", "phone", "in", *[""] * 9]
    text = ",".join(columns) + "\n" + ",".join(cells) + "\n"
    assert entries("aircall", text)[0].external_id == "7"
    with pytest.raises(UnreadableFile) as refused:
        table("aircall", text.replace("queue", "colour"))
    assert refused.value.code == "json-broken"
