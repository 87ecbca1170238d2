from contacts.guessing import guess
from contacts.mapping import Source, problems

CALLS = ["CallId", "Agent", "Date", "Time", "Topic", "Answered", "Satisfaction rating"]
ROWS = [["ID0001", "Diane", "2021-01-01", "9:12:58", "Contract", "Y", "3"]]


def test_a_switchboard_export_is_understood_by_its_column_names():
    mapping = guess(CALLS, ROWS, "calls", "Europe/Paris", ["lyon"])
    assert mapping.fields["external_id"] == Source(("CallId",))
    assert mapping.fields["started_at"] == Source(("Date", "Time"))
    assert mapping.fields["site"] == Source(constant="lyon")
    assert mapping.fields["outcome"] == Source(("Answered",), values={"y": "answered", "n": "unanswered"})
    assert mapping.facts == ()
    assert problems(mapping, CALLS, [dict(zip(CALLS, ROWS[0], strict=True))]) == []


def test_a_french_header_is_understood():
    columns = ["N° appel", "Date et heure", "Centre", "Canal", "Sens", "Motif", "Téléphone", "Courriel", "Issue"]
    mapping = guess(columns, [], "calls", "Europe/Paris", ["lyon", "lille"])
    assert mapping.fields["external_id"] == Source(("N° appel",))
    assert mapping.fields["outcome"].columns == ("Issue",)
    assert mapping.fields["site"] == Source(("Centre",))
    assert mapping.fields["phone"] == Source(("Téléphone",))
    assert mapping.fields["email"] == Source(("Courriel",))


def test_of_two_sites_none_is_guessed():
    assert "site" not in guess(CALLS, ROWS, "calls", "Europe/Paris", ["lyon", "lille"]).fields


def test_month_first_is_guessed_only_where_a_date_shows_it():
    columns = ["id", "start"]
    assert guess(columns, [["1", "6/23/25 07:00 AM"]], "s", "Europe/Paris", []).dates == "month-first"
    assert guess(columns, [["1", "06/07/25 07:00"]], "s", "Europe/Paris", []).dates == "day-first"


def test_no_zone_is_proposed_where_times_carry_their_offset():
    assert guess(["id", "start"], [["1", "2026-01-05T09:00Z"]], "s", "Europe/Paris", []).zone == ""
