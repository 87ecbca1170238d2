import csv
import io
from datetime import UTC, datetime

import pytest

from contacts.entries import Reject
from contacts.mapping import BadMapping
from contacts.reading import UnreadableFile
from tests.contacts.sources.readers import called, entries, outcomes, rows, table

PARIS = {"zone": "Europe/Paris"}
CALL = {
    "Full Export Completed": "YES",
    "Partial Result Timestamp": "",
    "Filters": "",
    "Media Type": "voice",
    "Users": "Anne Martin; Bo Li",
    "Remote": "Lyon, France",
    "Date": "6/23/25 07:00 AM",
    "End Date": "6/23/25 07:06 AM",
    "Duration": "360000",
    "Direction": "Inbound",
    "ANI": "tel:+33639980101",
    "DNIS": "tel:+33170000001",
    "Queue": "Accueil; SAV",
    "Wrap-up": "Contrat; Autre",
    "Flow": "Entrée",
    "Conversation ID": "c-1",
}


def export(*changes, drop=()):
    """The CSV of one call for each of ``changes``."""
    written = io.StringIO()
    calls = [{**CALL, "Conversation ID": f"c-{place}", **change} for place, change in enumerate(changes, start=1)]
    names = [name for name in dict.fromkeys(name for call in calls for name in call) if name not in drop]
    writer = csv.DictWriter(written, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(calls)
    return written.getvalue()


def refusal(content, **settings):
    with pytest.raises(UnreadableFile) as refused:
        table("genesys-interactions", content, **{**PARIS, **settings})
    return refused.value


def test_a_row_is_a_contact():
    (entry,) = entries("genesys-interactions", export({}), **PARIS)
    assert (entry.external_id, entry.channel, entry.direction, entry.outcome) == ("c-1", "phone", "in", "answered")
    assert entry.started_at == datetime(2025, 6, 23, 5, 0, tzinfo=UTC)
    assert entry.ended_at == datetime(2025, 6, 23, 5, 6, tzinfo=UTC)
    assert (entry.phone.e164, entry.reason) == ("+33639980101", "Contrat")
    assert (entry.agent, entry.facts) == (called("Anne Martin"), {"queue": "Accueil"})
    assert entry.entry_address == "+33170000001"


@pytest.mark.parametrize(
    "change", [{"Full Export Completed": "NO"}, {"Full Export Completed": ""}, {"Partial Result Timestamp": "6/23/25"}]
)
def test_a_partial_export_is_refused_though_only_its_last_row_says_so(change):
    refused = refusal(export({}, {}, change))
    assert (refused.code, refused.line) == ("partial-export", 4)


def test_a_filtered_export_is_refused_unless_the_filter_is_the_population():
    content = export({"Filters": "Queue: Accueil;  Queue: SAV"})
    assert refusal(content).code == "filtered-export"
    assert refusal(content, filters="Queue: Accueil").code == "filtered-export"
    assert len(entries("genesys-interactions", content, filters="Queue: Accueil; Queue: SAV", **PARIS)) == 1
    assert len(entries("genesys-interactions", export({"Filters": "all"}), **PARIS)) == 1


def test_headers_of_another_language_are_refused_by_name_and_can_be_named():
    french = export({}).replace("Conversation ID", "ID de conversation").replace("Media Type", "Type de média")
    refused = refusal(french)
    assert (refused.code, refused.names) == ("headers-missing", ("Media Type", "Conversation ID"))
    named = {"column.Conversation ID": "ID de conversation", "column.Media Type": "Type de média"}
    assert rows("genesys-interactions", french, **PARIS, **named)[0]["genesys_conversation_id"] == "c-1"


@pytest.mark.parametrize(
    "written", ["6/23/25 07:00 AM", "23/06/2025 07:00", "2025-06-23 07:00:00", "23.06.2025, 07:00"]
)
def test_the_order_of_dates_is_what_the_file_shows(written):
    content = export({"Date": "1/2/25 01:00 AM" if "/25 " in written else "2025-01-02 01:00"}, {"Date": written})
    assert entries("genesys-interactions", content, **PARIS)[1].started_at == datetime(2025, 6, 23, 5, 0, tzinfo=UTC)


def test_dates_that_show_no_order_are_asked_about():
    content = export({"Date": "03/04/2026 09:00", "End Date": ""})
    assert refusal(content).code == "dates-unclear"
    (entry,) = entries("genesys-interactions", content, dates="month-first", **PARIS)
    assert entry.started_at == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def test_dates_that_contradict_the_setting_or_each_other_are_refused():
    assert refusal(export({}), dates="day-first").code == "dates-contradict"
    assert refusal(export({}, {"Date": "23/6/25 07:00"})).code == "dates-contradict"


def test_the_zone_is_required():
    with pytest.raises(BadMapping) as refused:
        table("genesys-interactions", export({}))
    assert [(problem.code, problem.name) for problem in refused.value.problems] == [("setting-missing", "zone")]


@pytest.mark.parametrize(
    "change, outcome",
    [
        ({"Abandoned": "YES"}, "abandoned"),
        ({"Abandoned in Queue": "Accueil"}, "abandoned"),
        ({"Users": "", "Abandoned": "NO"}, "unanswered"),
        ({"Users": ""}, "unknown"),
        ({"Direction": "Outbound"}, "unknown"),
        ({"Direction": "Outbound", "Total Talk": "35000"}, "answered"),
        ({"Direction": "Outbound", "Total Talk": "00:00:00.000"}, "unanswered"),
    ],
    ids=str,
)
def test_the_outcome_is_what_the_columns_tell(change, outcome):
    assert entries("genesys-interactions", export(change), **PARIS)[0].outcome == outcome


def test_going_out_the_customer_is_the_number_that_was_called():
    change = {"Direction": "Outbound", "ANI": "tel:+33170000001", "DNIS": "tel:+33639980102"}
    (entry,) = entries("genesys-interactions", export(change), **PARIS)
    assert (entry.direction, entry.phone.e164, entry.entry_address) == ("out", "+33639980102", "+33170000001")


def test_a_sip_address_is_a_number_or_nothing():
    device, number = {"ANI": "sip:anne.martin@belline.example"}, {"ANI": "sip:+33639980103@10.0.0.1;user=phone"}
    found = entries("genesys-interactions", export(device, number), **PARIS)
    assert [entry.phone.e164 if entry.phone else None for entry in found] == [None, "+33639980103"]
    assert found[0].phone_state == "absent"


def test_direction_with_a_transfer_outside_is_how_it_began():
    assert entries("genesys-interactions", export({"Direction": "Inbound/Outbound"}), **PARIS)[0].direction == "in"


def test_sites_go_by_queue_and_an_unnamed_queue_comes_back():
    content = export({}, {"Queue": "Lille"}, {"Queue": "Neuve"})
    by_queue = {"site": "", "site.accueil": "lyon", "site.Lille": "lille"}
    first, second, third = outcomes("genesys-interactions", content, **PARIS, **by_queue)
    assert (first.entry.site_id, second.entry.site_id) == (1, 2)
    assert (third.line, third.faults[0].code) == (4, "site-unknown")
    assert entries("genesys-interactions", content, **PARIS, **{**by_queue, "site": "lyon"})[2].site_id == 1


def test_a_row_cut_off_comes_back_and_the_same_conversation_twice_counts_once():
    content = export({}, {"Conversation ID": "c-1"}) + "YES,,\n"
    found = outcomes("genesys-interactions", content, **PARIS)
    assert [type(row) for row in found[1:]] == [Reject, Reject]
    assert [row.faults[0].code for row in found[1:]] == ["duplicate-in-file", "cell-count"]
