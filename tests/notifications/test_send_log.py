"""The log an auditor takes: complete, without identity, and its own witness."""

import csv
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from contacts.models import Principal
from foundation.accounts.scope import EVERYTHING
from foundation.cells import raw_cell
from foundation.database import db
from foundation.ledger.models import Access, Entry
from notifications import outbox, services, simulator
from notifications.dispatcher.sending import dispatch
from notifications.models import OutboxMessage
from notifications.queries import figures, send_log
from notifications.send_log import COLUMNS, is_within, window_cell
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import PHONE, QUICK, create_message, later

KEY = "account:reset:agent@example.org"
SECRET = "abcdefgh12345"
DAYS = {"first_day": "2026-11-01", "last_day": "2026-11-30"}


@pytest.fixture
def sent(app):
    """Messages of two principals, sent, refused, held back and stopped."""
    for key in ("energie", "eau"):
        db.session.add(Principal(key=key, name=key.title(), brand=key, created_at=NOW))
    db.session.commit()
    services.opt_out("+33639980555", None, "link", NOW)
    create_message(principal_id=1, business_key=KEY, window=Window())
    create_message(principal_id=2, recipient="+33639980001")
    create_message(principal_id=1, recipient="+33639980555")
    letter = {"channel": "email", "recipient": "hoarau@example.org", "subject": "Décision"}
    create_message(principal_id=2, purpose="decision", body="Bonjour Mme Hoarau,", window=Window(), **letter)
    create_message(principal_id=1, window=Window(), zone="America/Martinique", region="martinique")
    create_message(principal_id=1, now=NOW - timedelta(days=40), business_key="older")
    dispatch(app.extensions["notifications"], QUICK)
    for seconds in (2, 4, 60):
        simulator.give_receipts(later(seconds=seconds))


def delivered():
    """A message that went out in its hours."""
    return db.session.scalars(db.select(OutboxMessage).filter_by(state="delivered", business_key=KEY)).one()


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def taken(client, **changes):
    answer = client.get("/notifications/log.csv", query_string=DAYS | changes)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return read(answer.data)


def test_the_log_has_a_line_for_each_message_of_the_days(sent, sign_in):
    lines = taken(sign_in("auditor"))
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == 5 == len({line["id"] for line in lines}) == len({line["asked_as"] for line in lines})
    assert [line["state"] for line in lines] == ["delivered", "rejected", "suppressed", "sent", "queued"]
    assert [line["reason"] for line in lines] == ["", "21211", "opted-out", "", "window"]
    first = lines[0]
    assert first["asked_at"] <= first["claimed_at"] <= first["sent_at"] <= first["delivered_at"]
    assert (first["principal"], first["attempts"], first["provider_ids"]) == ("energie", "1", "1")


def test_the_log_is_read_after_the_request_and_its_session_are_gone(sent, sign_in):
    auditor = sign_in("auditor")
    db.session.remove()
    # A thread has no application context of its own, as behind a real server; here the tests' would be used.
    with ThreadPoolExecutor(1) as server:
        lines = server.submit(taken, auditor).result()
    assert len(lines) == 5


@pytest.mark.parametrize(
    "address",
    [
        "log?first_day=0001-01-01&last_day=9999-12-31",
        "?first_day=0001-01-01&last_day=9999-12-31",
        "?last_day=0001-01-01",
    ],
)
def test_days_beyond_any_calendar_are_refused_in_words(app, sign_in, address):
    answer = sign_in("auditor").get(f"/notifications/{address}")
    assert answer.status_code == 400 and "trop éloigné" in answer.text


@pytest.mark.parametrize("address", ["{}", "inbox/{}", "opt-outs/{}", "opt-outs?before={}"])
def test_a_number_that_no_row_can_have_leads_nowhere(app, sign_in, address):
    assert sign_in("auditor").get(f"/notifications/{address.format('9' * 30)}").status_code == 404


def test_the_log_names_nobody(sent, sign_in):
    content = sign_in("auditor").get("/notifications/log.csv", query_string=DAYS).text
    for hidden in (PHONE, "639981234", SECRET, "Hoarau", "agent@example.org"):
        assert hidden not in content
    assert raw_cell(read(content.encode())[0]["recipient"]) == "+336•••34"


def test_the_hash_of_a_text_is_the_same_before_and_after_its_link_is_forgotten(app):
    create_message()
    month = (date(2026, 11, 1), date(2026, 11, 30))
    (before,) = send_log.lines(EVERYTHING, *month, principals={})
    dispatch(app.extensions["notifications"], QUICK)
    for seconds in (2, 4, 60):
        simulator.give_receipts(later(seconds=seconds))
    (after,) = send_log.lines(EVERYTHING, *month, principals={})
    assert SECRET not in db.session.scalars(db.select(OutboxMessage.body)).one()
    assert before["body_hash"] == after["body_hash"]


def test_the_lines_add_up_to_what_the_page_counts(sent, sign_in):
    auditor = sign_in("auditor")
    lines, page = taken(auditor), auditor.get("/notifications/log", query_string=DAYS).text
    statement = auditor.get("/notifications/log.json", query_string=DAYS).json
    counted = figures.counts_by_state(EVERYTHING, date(2026, 11, 1), date(2026, 11, 30))
    states = {state: sum(channels.values()) for state, channels in counted.items()}
    assert {state: said["messages"] for state, said in statement["states"].items()} == states
    assert states == {state: sum(line["state"] == state for line in lines) for state in states}
    assert statement["messages"] == statement["asked_for"] == len(lines) == 5
    assert all(line["parts"].isdecimal() == (line["channel"] == "sms") for line in lines)
    assert statement["parts"] == sum(int(line["parts"] or 0) for line in lines) == 4
    assert "5 messages, selon ce qu’ils sont devenus" in page.replace("\u202f", " ")
    assert "5 messages pour 5 occasions différentes" in page


def test_each_principal_takes_the_lines_of_its_own(sent, sign_in):
    of_one = taken(sign_in("auditor"), principal="1")
    assert len(of_one) == 3 and {line["principal"] for line in of_one} == {"energie"}
    lead = sign_in("quality", principal_ids=[2])
    assert {line["principal"] for line in taken(lead)} == {"eau"}
    assert lead.get("/notifications/log.csv", query_string=DAYS | {"principal": "1"}).status_code == 400


def test_taking_the_log_is_noted(sent, sign_in):
    taken(sign_in("auditor"))
    (access,) = db.session.scalars(db.select(Access))
    assert (access.subject, access.facts["from"], access.facts["how"]) == ("notifications:log", "2026-11-01", "csv")


@pytest.mark.parametrize(
    "days",
    [{"first_day": "2026-11-30", "last_day": "2026-11-01"}, {"first_day": "hier", "last_day": "x"}, {"first_day": ""}],
    ids=str,
)
def test_days_that_cannot_be_are_refused(sign_in, days):
    auditor = sign_in("auditor")
    for address in ("log", "log.csv", "log.json"):
        assert auditor.get(f"/notifications/{address}", query_string=days).status_code == 400


# The two proofs


def test_a_message_sent_outside_its_hours_is_counted(app, sent, sign_in):
    message = delivered()
    message.claimed_at = datetime(2026, 11, 23, 19, 0, tzinfo=ZoneInfo("UTC"))  # 20:00 in Paris
    db.session.commit()
    auditor = sign_in("auditor")
    assert auditor.get("/notifications/log.json", query_string=DAYS).json["sent_outside_their_hours"] == 1
    assert "1 ont été entrepris hors des heures" in auditor.get("/notifications/log", query_string=DAYS).text
    message.claimed_at -= timedelta(minutes=1)
    db.session.commit()
    assert auditor.get("/notifications/log.json", query_string=DAYS).json["sent_outside_their_hours"] == 0


def test_a_message_the_provider_knows_twice_is_counted(app, sent, sign_in):
    message = delivered()
    outbox.note(message, "sent", NOW, source="provider", provider_id="SM-another")
    db.session.commit()
    auditor = sign_in("auditor")
    assert auditor.get("/notifications/log.json", query_string=DAYS).json["with_several_provider_ids"] == 1
    assert [line["provider_ids"] for line in taken(auditor)].count("2") == 1


YEARS = range(2025, 2029)
# What the Labour Code adds in Martinique; the library knows a day of local custom besides.
ABOLITION = {date(year, 5, 22) for year in YEARS}
ZONES = [
    ("Europe/Paris", "metropole", holidays.France()),
    ("Indian/Reunion", "la-reunion", holidays.France(subdiv="974")),
    ("America/Martinique", "martinique", {str(day) for day in (*holidays.France(years=YEARS), *ABOLITION)}),
]


@pytest.mark.parametrize("zone, region, feasts", ZONES, ids=[zone for zone, _region, _feasts in ZONES])
def test_the_proof_agrees_with_another_calendar_and_plain_counting(zone, region, feasts):
    """Another library's holidays and the hour cut from the clock's own words, every 50 minutes of two years."""
    cell, moment = window_cell(Window().document()), datetime(2025, 12, 20, tzinfo=ZoneInfo("UTC"))
    differing = []
    while moment.year < 2028:
        local = moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H %A")
        day, hour, name = local.split()
        lawful = "08" <= hour <= "19" and name != "Sunday" and day not in feasts
        if lawful != is_within(cell, zone, region, moment, send_log.is_holiday):
            differing.append(local)
        moment += timedelta(minutes=50)
    assert differing == []


def test_a_window_that_closes_at_midnight_is_read_as_such():
    cell = window_cell(Window(opens=time(22), closes=time.max, weekdays=frozenset(range(7)), holidays=True).document())
    paris, evening = ("Europe/Paris", "metropole"), datetime(2026, 11, 23, 22, 59, 59, tzinfo=ZoneInfo("UTC"))
    assert is_within(cell, *paris, evening, send_log.is_holiday)
    assert not is_within(cell, *paris, evening + timedelta(seconds=1), send_log.is_holiday)


# The command


def run(app, *options):
    days = ("--from", "2026-11-01", "--to", "2026-11-30")
    return app.test_cli_runner().invoke(args=["notifications", "log", *days, *options])


def test_the_command_writes_the_log_and_what_it_adds_up_to(app, sent, sign_in, tmp_path):
    file = tmp_path / "log.csv"
    assert run(app, "--out", str(file)).exit_code == 0
    totals = json.loads((tmp_path / "log.totals.json").read_text())
    assert totals["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.read_bytes() == sign_in("auditor").get("/notifications/log.csv", query_string=DAYS).data
    assert (totals["messages"], totals["asked_for"], totals["sent_outside_their_hours"]) == (5, 5, 0)
    entry = db.session.scalars(db.select(Entry).filter_by(kind="notifications.log-taken")).one()
    assert totals["sha256"] in str(entry.facts)


def test_the_command_narrows_to_one_principal(app, sent, tmp_path):
    assert run(app, "--principal", "eau", "--out", str(tmp_path / "log.csv")).exit_code == 0
    assert {line["principal"] for line in read((tmp_path / "log.csv").read_bytes())} == {"eau"}
    assert run(app, "--principal", "gaz", "--out", str(tmp_path / "x.csv")).exit_code == 2
    assert not (tmp_path / "x.csv").exists()


def test_the_command_ends_with_3_when_a_message_left_at_a_bad_hour(app, sent, tmp_path):
    message = delivered()
    message.claimed_at = NOW.replace(hour=2)
    db.session.commit()
    assert run(app, "--out", str(tmp_path / "log.csv")).exit_code == 3


def test_the_command_refuses_days_in_the_wrong_order_and_a_folder_that_is_not_there(app, tmp_path):
    wrong = ["notifications", "log", "--from", "2026-11-30", "--to", "2026-11-01", "--out", str(tmp_path / "x.csv")]
    assert app.test_cli_runner().invoke(args=wrong).exit_code == 2
    assert run(app, "--out", str(tmp_path / "nowhere" / "x.csv")).exit_code == 2
