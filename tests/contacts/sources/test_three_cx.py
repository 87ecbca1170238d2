from datetime import UTC, datetime

import pytest

from contacts.entries import Reject
from contacts.mapping import BadMapping
from tests.contacts.sources.readers import called, entries, outcomes, table

ORDER = (
    "historyid,callid,duration,time-start,time-answered,time-end,reason-terminated,from-no,to-no,from-dn,to-dn,dial-no,"
    "reason-changed,final-number,final-dn,chain,from-type,to-type,final-type,from-dispname,to-dispname,final-dispname"
)
CALL = {
    "historyid": "IDAAA1", "callid": "00000A1", "duration": "00:05:00", "time-start": "2026/10/05 07:00:00",
    "time-answered": "2026/10/05 07:00:20", "time-end": "2026/10/05 07:05:00",
    "reason-terminated": "TerminatedBySrc", "from-no": "0639980101", "to-no": "Ext.800", "from-dn": "10000",
    "to-dn": "800", "dial-no": "0170000001", "final-number": "Ext.2001", "final-dn": "2001",
    "chain": "Chain: 0639980101;Ext.800;Ext.2001;", "from-type": "Line", "to-type": "Queue",
    "final-type": "Extension",
}  # fmt: skip


def line(order=ORDER, prefix="", **changes):
    call = {**CALL, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return prefix + ",".join(call.get(name, "") for name in order.split(",")) + "\r\n"


def settings(order=ORDER, **more):
    return {"columns": order, "zone": "UTC", **more}


@pytest.mark.parametrize("prefix", ["", "Call "])
def test_a_line_is_a_contact_by_the_order_that_was_given(prefix):
    (entry,) = entries("3cx", line(prefix=prefix), **settings())
    assert (entry.external_id, entry.direction, entry.outcome) == ("IDAAA1", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert entry.ended_at == datetime(2026, 10, 5, 7, 5, tzinfo=UTC)
    assert (entry.phone.e164, entry.agent, entry.facts) == ("+33639980101", called("2001"), {"queue": "800"})
    assert entry.entry_address == "+33170000001"


def test_another_order_is_another_reading():
    order = "time-start,from-no,,time-answered,callid,to-no,reason-terminated"
    (entry,) = entries("3cx", line(order), **settings(order))
    assert (entry.external_id, entry.phone.e164, entry.outcome) == ("00000A1", "+33639980101", "answered")


@pytest.mark.parametrize(
    "order, problem",
    [("historyid,time-start,from-no,time-answerd", ("columns-unknown", "time-answerd")),
     ("historyid,from-no,time-answered", ("columns-lacking", "time-start")),
     ("time-start,from-no,time-answered", ("columns-lacking", "historyid")),
     ("historyid,time-start,from-no,time-answered,time-start", ("setting-wrong", "columns")),
     ("", ("setting-missing", "columns"))],
    ids=["unknown", "lacking", "key", "twice", "none"],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused_by_name(order, problem):
    with pytest.raises(BadMapping) as refused:
        table("3cx", line(), **settings(order))
    assert problem in [(found.code, found.name) for found in refused.value.problems]


def test_a_line_of_another_width_comes_back():
    first, second = outcomes("3cx", "only,three,cells\n" + line(), **settings())
    assert isinstance(first, Reject)
    assert first.line == 1
    assert second.entry.external_id == "IDAAA1"


def test_the_legs_of_a_transferred_call_are_one_contact():
    moved = line(callid="00000A2", time_start="2026/10/05 07:05:00", time_end="2026/10/05 07:09:00", final_dn="2002")
    (entry,) = entries("3cx", line() + moved, **settings())
    assert (entry.agent, entry.ended_at) == (called("2001"), datetime(2026, 10, 5, 7, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    "changes, outcome",
    [({"time_answered": ""}, "abandoned"),
     ({"time_answered": "", "reason_terminated": "src_participant_terminated"}, "abandoned"),
     ({"time_answered": "", "reason_terminated": "timeout"}, "unanswered"), ({"final_type": "Queue"}, "abandoned"),
     ({"final_type": "VMail", "to_type": "IVR"}, "unanswered")],
    ids=str,
)  # fmt: skip
def test_picked_up_by_a_queue_or_a_voicemail_is_not_answered(changes, outcome):
    assert entries("3cx", line(**changes), **settings())[0].outcome == outcome


OUT = {
    "from_no": "Ext.2001", "from_dn": "2001", "from_type": "Extension", "to_no": "0639980102", "to_type": "Line",
    "final_type": "Line",
}  # fmt: skip


def test_a_call_from_an_extension_is_outgoing_or_inside():
    inside = line(historyid="IDAAA2", **{**OUT, "to_no": "Ext.2002", "to_type": "Extension", "final_type": "Extension"})
    read = table("3cx", line(**OUT) + inside, **settings())
    assert len(list(read.rows())) == 1
    assert read.counted.left_out == {"internal": 1}
    (entry,) = entries("3cx", line(**OUT) + inside, **settings())
    assert (entry.direction, entry.phone.e164, entry.agent) == ("out", "+33639980102", called("2001"))


def test_without_types_extensions_are_known_by_their_name():
    order = "historyid,time-start,time-answered,from-no,to-no"
    kept = line(order, from_no="Ext.2001", to_no="0639980102") + line(order, historyid="IDAAA2")
    found = entries("3cx", kept + line(order, historyid="IDAAA3", from_no="Ext.1", to_no="Ext.2"), **settings(order))
    assert [entry.direction for entry in found] == ["out", "in"]
