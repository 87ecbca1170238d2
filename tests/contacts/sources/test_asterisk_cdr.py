from datetime import UTC, datetime

import pytest

from contacts.entries import Reject
from contacts.reading import UnreadableFile
from tests.contacts.sources.readers import called, entries, outcomes, rows, table

PARIS = {"zone": "Europe/Paris"}


def leg(unique='"1790000000.1",""', **changes):
    """One row of Master.csv; ``unique`` is what cdr.conf adds behind the sixteen columns."""
    cells = {
        "account": "", "src": "0639980101", "dst": "600", "context": "from-trunk", "clid": '""Anne"" <0639980101>',
        "channel": "PJSIP/trunk-00000001", "dstchannel": "PJSIP/2001-00000002", "app": "Queue", "data": "accueil,t",
        "start": "2026-10-05 09:00:00", "answer": "2026-10-05 09:00:01", "end": "2026-10-05 09:05:00",
    }  # fmt: skip
    cells |= changes
    disposition = cells.pop("disposition", "ANSWERED")
    quoted = ",".join(f'"{cell}"' for cell in cells.values())
    return f'{quoted},300,299,"{disposition}","DOCUMENTATION"{"," + unique if unique else ""}\n'


def test_a_call_in_a_queue_is_a_contact():
    (entry,) = entries("asterisk-cdr", leg(), **PARIS)
    assert (entry.external_id, entry.direction, entry.channel, entry.outcome) == (
        "1790000000.1", "in", "phone", "answered",
    )  # fmt: skip
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert entry.ended_at == datetime(2026, 10, 5, 7, 5, tzinfo=UTC)
    assert (entry.phone.e164, entry.agent, entry.facts) == ("+33639980101", called("PJSIP/2001"), {"queue": "accueil"})


@pytest.mark.parametrize("unique", ['"1790000000.1"', '"1790000000.1","note"', '"","pbx1-1790000000.1",4'])
def test_seventeen_and_more_columns_have_a_key(unique):
    assert rows("asterisk-cdr", leg(unique), **PARIS)[0]["asterisk_uniqueid"].endswith("1790000000.1")


@pytest.mark.parametrize("unique", ["", '"a user field"'], ids=["sixteen", "userfield-only"])
def test_a_log_without_key_is_refused_and_the_setting_of_asterisk_is_named(unique):
    with pytest.raises(UnreadableFile) as refusal:
        table("asterisk-cdr", leg(unique), **PARIS)
    assert (refusal.value.code, refusal.value.names) == ("no-key", ("loguniqueid=yes",))


def test_what_is_no_cdr_is_refused():
    with pytest.raises(UnreadableFile) as refusal:
        table("asterisk-cdr", "a,b,c\n1,2,3\n", **PARIS)
    assert refusal.value.code == "not-master-csv"


def test_several_rows_of_a_call_are_one_contact():
    rung = leg(dstchannel="PJSIP/2002-00000009", disposition="NO ANSWER", app="Dial", answer="")
    moved = leg(start="2026-10-05 09:02:00", end="2026-10-05 09:20:00", dstchannel="PJSIP/2003-0000000a", app="Dial")
    (entry,) = entries("asterisk-cdr", rung + leg() + moved, **PARIS)
    assert (entry.outcome, entry.agent) == ("answered", called("PJSIP/2001"))
    assert entry.ended_at == datetime(2026, 10, 5, 7, 20, tzinfo=UTC)


def test_rows_are_grouped_by_linkedid_where_the_newer_columns_are_logged():
    first = leg('"1790000000.1","","","1790000000.1",1')
    second = leg('"1790000000.7","","","1790000000.1",2')
    assert len(entries("asterisk-cdr", first + second, **PARIS)) == 1


def test_picked_up_by_a_queue_but_by_nobody_is_not_answered():
    (entry,) = entries("asterisk-cdr", leg(dstchannel=""), **PARIS)
    assert entry.outcome == "unanswered"


def test_the_zone_is_asked_for_because_the_log_does_not_say_it():
    (entry,) = entries("asterisk-cdr", leg(), zone="UTC")
    assert entry.started_at == datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def test_a_call_to_the_outside_is_outgoing_and_one_between_extensions_is_left_out():
    outside = leg('"1790000000.2"', src="2001", dst="0639980102", context="from-internal", app="Dial")
    inside = leg('"1790000000.3"', src="2001", dst="2002", context="from-internal", app="Dial")
    read = table("asterisk-cdr", outside + inside, **PARIS)
    (found,) = list(read.rows())
    contact = dict(zip(read.columns, found[1], strict=True))
    assert (contact["direction"], contact["phone"], contact["agent"]) == ("out", "0639980102", "2001")
    assert read.counted.left_out == {"internal": 1}


def test_a_line_cut_off_comes_back_with_its_number_and_the_others_are_read():
    found = outcomes("asterisk-cdr", leg() + '"","06399801\n' + leg().replace("000.1", "000.2"), **PARIS)
    reject = next(row for row in found if isinstance(row, Reject))
    assert (reject.line, reject.cells, reject.faults[0].code) == (2, ['"","06399801'], "cell-count")
    assert len(found) == 3


def test_a_context_can_say_the_direction():
    short = leg(src="3900", context="accueil")
    with pytest.raises(UnreadableFile) as refusal:
        table("asterisk-cdr", short, **PARIS)
    assert refusal.value.code == "no-contacts"
    (contact,) = rows("asterisk-cdr", short, direction__accueil="in", **PARIS)
    assert contact["direction"] == "in"


@pytest.mark.parametrize("digits, direction", [("3", "in"), ("4", "out"), ("5", "out")])
def test_how_long_extensions_are_is_a_setting(digits, direction):
    out = leg(src="2001", dst="0639980102", context="from-internal", app="Dial")
    assert rows("asterisk-cdr", out, extension_digits=digits, **PARIS)[0]["direction"] == direction
