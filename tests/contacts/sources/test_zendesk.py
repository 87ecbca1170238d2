from datetime import UTC, datetime

import pytest

from contacts.reading import UnreadableFile
from tests.contacts.sources.readers import called, entries, lines, outcomes, table


def ticket(number=1, **changes):
    return {
        "id": number, "created_at": "2026-10-05T07:00:00Z", "updated_at": "2026-10-06T07:00:00Z", "status": "solved",
        "via": {"channel": "email", "source": {"from": {"address": "anne@exemple.fr", "name": "Anne"},
                                               "to": {"address": "contact@belline.example"}, "rel": None}},
        "group_id": 77, "brand_id": 5, "assignee_id": 900, "requester_id": 4,
        "satisfaction_rating": {"score": "bad", "comment": "Trop long"},
        "custom_fields": [{"id": 360, "value": "Contrat"}, {"id": 361, "value": None}],
        "metric_set": {"replies": 2, "solved_at": "2026-10-05T09:00:00Z"},
        **changes,
    }  # fmt: skip


def test_a_ticket_is_a_contact():
    (entry,) = entries("zendesk", ticket(), reason_field="360")
    assert (entry.external_id, entry.channel, entry.direction, entry.outcome) == ("1", "email", "in", "answered")
    assert entry.started_at == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert entry.ended_at == datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    assert (entry.email, entry.name, entry.phone) == ("anne@exemple.fr", "Anne", None)
    assert (entry.agent, entry.reason, entry.entry_address) == (called("900"), "Contrat", "contact@belline.example")


def test_a_rating_is_nowhere_because_good_and_bad_are_no_scale():
    (entry,) = entries("zendesk", ticket())
    assert "bad" not in repr(entry)
    assert "Trop long" not in repr(entry)


@pytest.mark.parametrize(
    "content",
    [{"tickets": [ticket()], "next_page": "https://…", "count": 1}, {"tickets": [ticket()], "count": 2},
     {"tickets": [ticket()], "end_of_stream": False}, {"tickets": [ticket()], "meta": {"has_more": True}}],
    ids=["next", "count", "stream", "cursor"],
)  # fmt: skip
def test_pages_that_are_not_all_are_refused(content):
    with pytest.raises(UnreadableFile) as refused:
        table("zendesk", content)
    assert refused.value.code == "partial-export"


def test_the_end_of_an_incremental_export_is_the_end_though_it_counts_a_page():
    content = {"tickets": [ticket()], "end_of_stream": True, "count": 1000, "next_page": "https://…"}
    assert len(entries("zendesk", content)) == 1


def test_a_json_export_has_one_ticket_a_line():
    assert len(entries("zendesk", lines(ticket(), ticket(2)))) == 2


def test_a_way_in_that_is_not_known_comes_back_until_it_is_given():
    odd = ticket(via={"channel": "api"})
    (row,) = outcomes("zendesk", odd)
    assert [(fault.field, fault.code) for fault in row.faults] == [("channel", "value-unknown")]
    assert entries("zendesk", odd, **{"channel.api": "web"})[0].channel == "web"


@pytest.mark.parametrize(
    "changes, outcome",
    [({"metric_set": {"replies": 0}}, "unanswered"), ({"metric_set": None}, "unknown"),
     ({"metric_set": None, "status": "new"}, "unanswered")],
    ids=["no-reply", "no-metrics", "new"],
)  # fmt: skip
def test_the_outcome(changes, outcome):
    assert entries("zendesk", ticket(**changes))[0].outcome == outcome


def test_a_ticket_we_opened_goes_out_to_the_customer():
    source = {"from": {"address": "contact@belline.example"}, "to": {"address": "anne@exemple.fr"}, "rel": "outbound"}
    (entry,) = entries("zendesk", ticket(via={"channel": "email", "source": source}))
    assert (entry.direction, entry.email, entry.entry_address) == ("out", "anne@exemple.fr", "contact@belline.example")


def test_sites_go_by_group():
    assert entries("zendesk", ticket(), site="", **{"site.77": "lille"})[0].site_id == 2
