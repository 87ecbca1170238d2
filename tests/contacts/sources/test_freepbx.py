import csv
import io
from datetime import UTC, datetime

import pytest

from contacts.reading import UnreadableFile
from tests.contacts.sources.readers import called, entries, rows, table

PARIS = {"zone": "Europe/Paris"}
ROW = {
    "calldate": "2026-10-05 09:00:00", "clid": '"Anne" <0639980101>', "src": "0639980101", "dst": "600",
    "dcontext": "ext-queues", "channel": "PJSIP/trunk-00000001", "dstchannel": "PJSIP/2001-00000002",
    "lastapp": "Queue", "lastdata": "600,t,,", "duration": "300", "billsec": "299", "disposition": "ANSWERED",
    "amaflags": "3", "accountcode": "", "uniqueid": "1790000000.1", "userfield": "", "did": "0170000001",
    "recordingfile": "", "cnum": "0639980101", "cnam": "Anne", "outbound_cnum": "", "outbound_cnam": "",
    "dst_cnam": "",
}  # fmt: skip


def export(*changes, drop=()):
    written = io.StringIO()
    made = [{**ROW, **change} for change in changes]
    names = [name for name in dict.fromkeys(name for row in made for name in row) if name not in drop]
    writer = csv.DictWriter(written, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(made)
    return written.getvalue()


def test_a_call_is_a_contact_by_the_number_it_dialled():
    (entry,) = entries("freepbx", export({}), **PARIS)
    assert (entry.external_id, entry.direction, entry.outcome) == ("1790000000.1", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert entry.ended_at == datetime(2026, 10, 5, 7, 5, tzinfo=UTC)
    assert (entry.entry_address, entry.agent, entry.name) == ("+33170000001", called("PJSIP/2001"), "Anne")


def test_the_customer_is_the_number_that_was_shown():
    assert entries("freepbx", export({"src": "600"}), **PARIS)[0].phone.e164 == "+33639980101"
    assert entries("freepbx", export({"cnum": ""}), **PARIS)[0].phone.e164 == "+33639980101"


def test_rows_of_one_linkedid_are_one_contact():
    legs = [{"uniqueid": f"1790000000.{n}", "linkedid": "1790000000.1", "sequence": str(n)} for n in (1, 2, 3)]
    legs[0]["dstchannel"] = ""
    (entry,) = entries("freepbx", export(*legs), **PARIS)
    assert (entry.external_id, entry.outcome) == ("1790000000.1", "answered")


def test_an_empty_linkedid_falls_back_on_the_uniqueid():
    made = rows("freepbx", export({"linkedid": ""}, {"linkedid": "", "uniqueid": "1790000000.2"}), **PARIS)
    assert [row["freepbx_linkedid"] for row in made] == ["1790000000.1", "1790000000.2"]


def test_without_did_a_call_to_the_outside_is_outgoing():
    out = {"did": "", "src": "2001", "cnum": "2001", "dst": "0639980102", "outbound_cnum": "0170000001", "cnam": "2001"}
    (entry,) = entries("freepbx", export(out), **PARIS)
    assert (entry.direction, entry.phone.e164, entry.name) == ("out", "+33639980102", "")
    assert entry.entry_address == "+33170000001"


def test_a_call_between_extensions_is_left_out():
    inside = {"did": "", "src": "2001", "cnum": "2001", "dst": "2002", "uniqueid": "1790000000.2"}
    read = table("freepbx", export({}, inside), **PARIS)
    assert len(list(read.rows())) == 1
    assert read.counted.left_out == {"internal": 1}


@pytest.mark.parametrize(
    "drop, code, names",
    [
        (("calldate", "disposition"), "columns-missing", ("calldate", "disposition")),
        (("uniqueid",), "no-key", ("uniqueid",)),
    ],
    ids=["columns", "key"],
)
def test_a_table_without_what_is_needed_is_refused_by_name(drop, code, names):
    with pytest.raises(UnreadableFile) as refused:
        table("freepbx", export({}, drop=drop), **PARIS)
    assert (refused.value.code, refused.value.names) == (code, names)
