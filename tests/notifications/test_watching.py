"""What the operator sees: figures that lead to what they count, the filters, the command, the senders."""

import json
import re
from datetime import timedelta

import pytest

from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.jobs.models import Lease, Schedule
from foundation.jobs.storage import LEADER
from foundation.ledger.models import Entry
from notifications import inbound, services, simulator
from notifications.dispatcher.sending import dispatch
from notifications.errors import NotificationRefused
from notifications.listing import GROUPS, Listing, UnknownChoice, read_listing
from notifications.models import OutboxEvent, OutboxMessage, Sender, SenderChange
from notifications.queries import figures, outbox, watching
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import PHONE, QUICK, create_message, later, states_of

LANDLINE = "+33639980001"  # the simulated network refuses it
SUNDAY = NOW - timedelta(days=1)


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


def send_all(app):
    """Send what is due and let its receipts come."""
    dispatch(app.extensions["notifications"], QUICK)
    for seconds in (2, 4, 60):
        simulator.give_receipts(later(seconds=seconds))


def a_bit_of_everything(app):
    """Queue one message of each fate, and send what may go."""
    create_message(principal_id=1)
    create_message(principal_id=1, recipient=LANDLINE)
    create_message(principal_id=2, recipient="+33639980777", purpose="reminder", priority=0)
    send_all(app)
    create_message(principal_id=1, business_key="due", priority=0, purpose="acknowledgement")
    create_message(principal_id=1, window=Window(), zone="America/Martinique", region="martinique")
    create_message(principal_id=2, not_before=NOW + timedelta(days=2))


def listed(page):
    """Return the numbers of the messages a page lists."""
    return [int(part.split('"')[0]) for part in page.split('href="/notifications/')[1:] if part.split('"')[0].isdigit()]


def test_every_figure_leads_to_as_many_messages(app, quality):
    a_bit_of_everything(app)
    seen = watching.overview(EVERYTHING, later(seconds=1))
    figures_and_filters = [
        *((row.count, Listing(due=True, lane=row.lane, channel=row.channel)) for row in seen.backlog),
        *((row.count, Listing(held=row.why)) for row in seen.held),
        *((count, Listing(state=state, channel=channel, first_day=seen.first_day))
          for state, counts in seen.states.items() for channel, count in counts.items()),
        *((row.count, Listing(state=row.state, reason=row.code, first_day=seen.first_day)) for row in seen.reasons),
    ]  # fmt: skip
    assert len(figures_and_filters) >= 7
    for count, listing in figures_and_filters:
        page = quality.get("/notifications/", query_string=listing.arguments()).text
        assert len(listed(page)) == count == outbox.count(EVERYTHING, listing, seen.at)


def test_what_is_due_and_what_is_held_back_add_up_to_what_is_queued(app):
    a_bit_of_everything(app)
    seen = watching.overview(EVERYTHING, later(seconds=1))
    assert seen.due + sum(row.count for row in seen.held) == figures.in_state(EVERYTHING, "queued") == 3
    assert {row.why for row in seen.held} == {"window", "asked"}
    assert [(row.lane, row.count) for row in seen.backlog] == [("interactive", 1)]


def test_a_person_of_one_principal_sees_that_principal_s_figures_only(app):
    a_bit_of_everything(app)
    now = later(seconds=1)
    one, two = (watching.overview(Scope(frozenset({principal})), now) for principal in (1, 2))
    assert (one.asked, two.asked) == (4, 2)
    assert sum(row.rate.hour_messages for row in two.senders) == 1
    assert [row.why for row in two.held] == ["asked"]


def test_a_sender_s_rate_is_counted_in_messages_and_parts(app):
    for _ in range(2):
        create_message(body="a" * 200)
    dispatch(app.extensions["notifications"], QUICK)
    later(minutes=5)
    create_message(body="a" * 200)
    dispatch(app.extensions["notifications"], QUICK)
    (rate,) = figures.rates(EVERYTHING, later(seconds=1))
    assert (rate.minute_messages, rate.minute_parts) == (1, 2)
    assert (rate.hour_messages, rate.hour_parts) == (3, 6)
    assert figures.rates(EVERYTHING, later(hours=2)) == []


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({"purpose": "reminder"}, {"+33639980777"}),
        ({"channel": "email"}, set()),
        ({"principal": "2"}, {"+33639980777", PHONE}),
        ({"show": "failed"}, {LANDLINE}),
        ({"reason": "21211"}, {LANDLINE}),
        ({"lane": "interactive", "show": "waiting"}, {PHONE}),
        ({"sender": "38600"}, set()),
        ({"first_day": "2026-11-24"}, set()),
        ({"last_day": "2026-11-22"}, set()),
    ],
    # Named by position: the words of a set come in another order in each process of a run.
    ids=range(9),
)
def test_each_filter_keeps_what_it_says(app, arguments, expected):
    a_bit_of_everything(app)
    listing = read_listing(arguments).bounded(NOW.date())
    found = outbox.messages(EVERYTHING, listing, later(seconds=1))
    assert {message.recipient for message in found} == expected
    assert len(found) == outbox.count(EVERYTHING, listing, later(seconds=1))


@pytest.mark.parametrize("wrong", [{"show": "bogus"}, {"state": "x"}, {"recipient": "abc"}, {"lane": "slow"}], ids=str)
def test_an_address_that_asks_for_what_there_is_not_finds_no_page(quality, wrong):
    assert quality.get("/notifications/", query_string=wrong).status_code == 404
    with pytest.raises(UnknownChoice):
        read_listing(wrong)


def test_days_that_cannot_be_are_refused_with_what_was_typed(quality):
    answer = quality.get("/notifications/?first_day=2026-11-30&last_day=2026-11-01")
    assert answer.status_code == 400
    assert "Le dernier jour précède le premier" in answer.text and 'value="2026-11-30"' in answer.text
    assert quality.get("/notifications/?first_day=24/11/2026").status_code == 400
    assert quality.get("/notifications/?purpose=bogus").status_code == 400


def test_a_long_list_is_turned_page_by_page_without_gap_or_repetition(app):
    for number in range(outbox.PAGE + 7):
        create_message(now=NOW - timedelta(minutes=number % 3))
    listing = Listing(show="waiting")
    first = outbox.messages(EVERYTHING, listing, NOW)[: outbox.PAGE]
    second = outbox.messages(EVERYTHING, listing, NOW, before=first[-1].id)
    ids = [message.id for message in (*first, *second)]
    assert len(ids) == len(set(ids)) == outbox.PAGE + 7
    asked = [message.created_at for message in (*first, *second)]
    assert asked == sorted(asked, reverse=True)


def test_a_list_without_end_begins_thirty_days_ago(app):
    create_message(now=NOW - timedelta(days=40))
    assert outbox.messages(EVERYTHING, Listing().bounded(NOW.date()), NOW) == []
    assert len(outbox.messages(EVERYTHING, Listing(show="waiting").bounded(NOW.date()), NOW)) == 1


def test_filters_stay_in_the_address_of_the_next_page(app, quality):
    for _ in range(outbox.PAGE + 1):
        create_message(purpose="reminder")
    page = quality.get("/notifications/?purpose=reminder&show=waiting").text
    assert "purpose=reminder" in page.split("before=")[1].split('"')[0] + page.split("before=")[0].rsplit('"', 1)[1]


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_can_be_listed(quality, group):
    assert quality.get(f"/notifications/?show={group}").status_code == 200


def test_no_page_reads_the_whole_outbox(app, sign_in):
    statements, admin = [], sign_in("admin")
    a_bit_of_everything(app)

    @db.event.listens_for(db.engine, "before_cursor_execute")
    def remember(connection, cursor, statement, parameters, context, many):
        if "FROM outbox_messages" in statement:
            statements.append((statement, parameters))

    pages = ["", "?show=failed", "?due=1", "?held=window", "?purpose=survey", "?first_day=2026-11-01", "log", "senders"]
    for page in pages:
        assert admin.get(f"/notifications/{page}").status_code == 200
    db.event.remove(db.engine, "before_cursor_execute", remember)
    assert len(statements) > 30
    with db.engine.connect() as connection:
        plans = {
            row[-1]
            for statement, parameters in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        }
    assert [line for line in plans if line.startswith("SCAN outbox_messages")] == []
    assert any("ix_outbox_messages_sent_at" in line for line in plans)


# The command


def status(app, *options):
    return app.test_cli_runner().invoke(args=["notifications", "status", *options])


def a_worker(app):
    """Say that a worker lives, as it does by itself."""
    db.session.add(Lease(name=LEADER, owner="test", renewed_at=NOW, until=NOW + timedelta(days=1)))
    db.session.add(Schedule(name="notifications.sweep", seconds=5, started_at=NOW, finished_at=NOW))
    db.session.commit()


def test_the_command_says_the_same_as_the_page(app):
    a_worker(app)
    a_bit_of_everything(app)
    later(seconds=1)
    said = json.loads(status(app, "--json").output)
    seen = watching.overview(EVERYTHING, later(seconds=1))
    assert (said["due"], said["asked"]) == (seen.due, seen.asked) == (1, 6)
    assert said["states"] == seen.states and said["states"]["rejected"] == {"sms": 1}
    assert said["reasons"] == [{"state": "rejected", "code": "21211", "count": 1}]


def test_the_command_speaks_french_and_english(app):
    a_bit_of_everything(app)
    french, english = (status(app, "--language", language).output for language in ("fr", "en"))
    assert "Ce qui attend son moment" in french and "ce n’est pas un numéro de téléphone" in french
    assert "Held back until its moment" in english and "this is not a phone number" in english


def test_the_command_ends_with_3_when_somebody_must_act(app):
    assert status(app).exit_code == 3
    a_worker(app)
    assert status(app).exit_code == 0
    message = create_message()
    message.state, message.rank = "needs_human", 2
    db.session.commit()
    ended = status(app, "--json")
    assert (ended.exit_code, json.loads(ended.output)["for_a_person"]) == (3, ["in-doubt"])


def test_the_command_refuses_what_it_does_not_know(app):
    assert status(app, "--language", "de").exit_code == 2


def test_what_nobody_took_up_is_said(app):
    inbound.receive(provider_id="SM1", sender=PHONE, recipient="38600", body="Ouvert samedi ?", now=NOW)
    assert "to-read" in watching.overview(EVERYTHING, NOW).for_a_person


def test_a_round_that_fails_is_said_on_the_page(app, quality):
    a_worker(app)
    db.session.get(Schedule, "notifications.sweep").last_error = "OperationalError: disk full"
    db.session.commit()
    assert "disk full" in quality.get("/notifications/").text
    assert "round-failed" in watching.overview(EVERYTHING, NOW).for_a_person


# One message


def test_a_message_tells_its_story_and_what_comes_next(app, quality):
    message = create_message(window=Window(), zone="America/Martinique", region="martinique",
                             expires_at=NOW + timedelta(days=1))  # fmt: skip
    page = quality.get(f"/notifications/{message.id}").text
    assert "Prochain moment permis" in page
    assert "23 nov. 2026, 8 h 00" in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert "est abandonné s’il n’est pas parti d’ici là" in page and "part, hors des heures" in page
    sent = create_message()
    send_all(app)
    page = quality.get(f"/notifications/{sent.id}").text
    for words in ("demandé", "pris en main pour l’envoi", "arrivé", "ses liens et ses codes sont oubliés"):
        assert words in page
    assert sent.provider_id in page


def test_news_that_comes_late_is_told_as_such(app, quality):
    message = create_message()
    send_all(app)
    message = db.session.get(OutboxMessage, message.id)
    late = OutboxEvent(message_id=message.id, source="provider", state="sent", at=later(seconds=9), applied_at=NOW)
    db.session.add(late)
    db.session.commit()
    page = quality.get(f"/notifications/{message.id}").text
    assert page.count("nouvelle tardive, qui ne change rien") == 1


def test_a_waiting_message_is_taken_back_with_a_reason(app, quality, submit):
    message = create_message(not_before=NOW + timedelta(days=1))
    address = f"/notifications/{message.id}"
    assert submit(f"{address}/cancel", client=quality, page=address, reason=" ").status_code == 400
    assert submit(f"{address}/cancel", client=quality, page=address, reason="mauvais texte").status_code == 302
    message = db.session.get(OutboxMessage, message.id, populate_existing=True)
    assert (message.state, message.last_error) == ("suppressed", "cancelled-by-hand")
    assert states_of(message) == ["queued", "suppressed"]
    page = quality.get(address).text
    assert "mauvais texte" in page and "Quality" in page and "une personne l’a retiré" in page


def test_a_message_that_was_taken_up_is_not_taken_back(app):
    message = create_message()
    dispatch(app.extensions["notifications"], QUICK)
    before = states_of(message)
    with pytest.raises(NotificationRefused):
        services.cancel(message.id, "trop tard", NOW, 1)
    assert states_of(message) == before


def test_who_only_reads_takes_nothing_back_and_sees_no_address(app, sign_in, submit):
    message = create_message(not_before=NOW + timedelta(days=1))
    auditor = sign_in("auditor")
    page = auditor.get(f"/notifications/{message.id}").text
    assert "Le retirer" not in page and PHONE not in page and "+336•••34" in page
    address = f"/notifications/{message.id}/cancel"
    assert submit(address, client=auditor, page="/accounts/password", reason="x").status_code == 403


def test_the_page_says_where_to_look_for_a_message_in_doubt(app, quality):
    message = create_message()
    message.state, message.rank = "needs_human", 2
    db.session.commit()
    page = quality.get(f"/notifications/{message.id}").text
    assert "console.twilio.com" in page and PHONE in page


# The senders


@pytest.fixture
def sender(app):
    create_message()
    return db.session.scalars(db.select(Sender)).one()


def test_a_sender_waits_by_hand_until_somebody_lets_it_go_on(app, sign_in, submit, sender):
    manager = sign_in("manager")
    address = f"/notifications/senders/{sender.id}"
    assert submit(f"{address}/pause", client=manager, page=address, reason="").status_code == 400
    assert submit(f"{address}/pause", client=manager, page=address, reason="texte à revoir").status_code == 302
    assert "texte à revoir" in manager.get("/notifications/").text
    waiting = manager.get(f"/notifications/{db.session.scalar(db.select(OutboxMessage.id))}").text
    assert "Son expéditeur est en attente" in waiting and "texte à revoir" in waiting
    assert "il part de lui-même" not in waiting and 'class="ahead"' not in waiting
    later(days=3)
    assert dispatch(app.extensions["notifications"], QUICK) == 0
    assert submit(f"{address}/resume", client=manager, page=address).status_code == 302
    assert dispatch(app.extensions["notifications"], QUICK) == 1
    kept = [(change.kind, change.note) for change in db.session.scalars(db.select(SenderChange))]
    assert kept == [("paused", "texte à revoir"), ("resumed", None)]
    told = db.session.scalars(db.select(Entry).filter_by(kind="notifications.sender-changed")).all()
    assert len(told) == 2 and "revoir" not in str([entry.facts for entry in told])


def test_a_rate_is_set_on_the_page_and_kept(app, sign_in, submit, sender):
    admin = sign_in("admin")
    address = f"/notifications/senders/{sender.id}"
    assert submit(f"{address}/rate", client=admin, page=address, rate="0").status_code == 400
    nonsense = submit(f"{address}/rate", client=admin, page=address, rate="vite").text
    assert nonsense.count("Écrivez un nombre de 0,01") == 2 and 'value="vite"' in nonsense  # above, and at the field
    assert submit(f"{address}/rate", client=admin, page=address, rate="2,5").status_code == 302
    (shown,) = re.findall('<input[^>]*name="rate"[^>]*>', admin.get(address).text)
    assert 'value="2,5"' in shown and 'type="text"' in shown
    db.session.expire_all()
    assert db.session.get(Sender, sender.id).rate == 2.5
    assert submit(f"{address}/rate", client=admin, page=address, rate="").status_code == 302
    assert db.session.get(Sender, sender.id, populate_existing=True).rate is None


def test_a_sender_that_does_not_wait_is_not_let_go_on(app, sender):
    with pytest.raises(NotificationRefused):
        services.resume_sender(sender.id, NOW, 1)


@pytest.mark.parametrize("role, scope", [("quality", {}), ("auditor", {}), ("manager", {"principal_ids": [1]})])
def test_a_sender_is_slowed_down_only_by_who_may_for_everybody(sign_in, submit, sender, role, scope):
    somebody = sign_in(role, **scope)
    assert somebody.get(f"/notifications/senders/{sender.id}").status_code == 403
    asked = submit(f"/notifications/senders/{sender.id}/pause", client=somebody, page="/accounts/password", reason="x")
    assert asked.status_code == 403
    assert db.session.get(Sender, sender.id, populate_existing=True).paused_until is None
