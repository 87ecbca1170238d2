"""Alerts to staff: raised once, told once, to those they concern, in one mail at a time."""

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from foundation.accounts import services as accounts
from foundation.database import db
from foundation.jobs import storage
from foundation.web import clock
from notifications import engines, inbound, services
from notifications.alerting import Reader
from notifications.models import Alert, AlertTelling, InboundMessage, OutboxMessage, Sender
from notifications.queries.alerts import due_readers
from notifications.queries.troubles import troubles
from notifications.services import NewAlert
from tests.conftest import NOW, create_user, signed_in, token_in
from tests.notifications.factories import PHONE, create_message, later

URL = "https://centre.example"


def an_alert(kind="breached", number=1, **changes):
    values = {
        "kind": kind,
        "key": f"{kind}:{number}",
        "subject_key": f"case:{number}",
        "text": {"fr": f"Dossier {number} en retard", "en": f"Case {number} is late"},
        "path": f"/complaints/R-{number}",
        "principal_id": 1,
    }
    return NewAlert(**(values | changes))


def happens(*alerts, at=None):
    count = services.raise_alerts(alerts, at or clock.utc_now())
    db.session.commit()
    return count


def mails():
    db.session.rollback()
    return list(db.session.scalars(db.select(OutboxMessage).filter_by(purpose="alert").order_by(OutboxMessage.id)))


def work(now=None):
    engines.alerts_round(now or clock.utc_now())
    db.session.rollback()


@pytest.fixture
def handler(app):
    return create_user("handler", "awa@example.org", name="Awa")


@pytest.fixture
def manager(app):
    return create_user("manager", "marc@example.org", name="Marc")


def test_the_same_thing_is_one_alert_however_often_it_is_raised(app):
    assert happens(an_alert(), an_alert(number=2)) == 2
    assert happens(an_alert(), an_alert(number=3)) == 1


def test_one_mail_holds_all_that_is_ripe_grouped_with_links_in_the_reader_s_language(app, handler):
    happens(an_alert("due_soon", 3, in_charge_id=handler.id))
    later(hours=1)
    happens(an_alert(in_charge_id=handler.id), an_alert(number=2, in_charge_id=handler.id))
    work()
    (mail,) = mails()
    assert (mail.recipient, mail.channel, mail.subject) == (
        "awa@example.org", "email", "3 alertes\N{NO-BREAK SPACE}: échéance proche, échéance dépassée",
    )  # fmt: skip
    assert mail.body.startswith("Bonjour Awa,")
    assert mail.body.index("Échéance proche") < mail.body.index("Échéance dépassée") < mail.body.index("Dossier 2")
    for number in (1, 2, 3):
        assert f"http://localhost/complaints/R-{number}" in mail.body
    assert "http://localhost/notifications/alerts" in mail.body


def test_what_was_told_is_not_told_again(app, handler):
    happens(an_alert(in_charge_id=handler.id))
    work()
    for _hour in range(3):
        work(later(hours=1))
    assert len(mails()) == 1


def test_a_handler_hears_of_their_own_cases_and_of_no_other(app, handler):
    other = create_user("handler", "paul@example.org")
    happens(an_alert(in_charge_id=other.id), an_alert(number=2), an_alert(number=3, in_charge_id=handler.id))
    work()
    told = {mail.recipient: re.findall(r"Dossier (\d)", mail.body) for mail in mails()}
    assert told == {"paul@example.org": ["1"], "awa@example.org": ["3"]}


def test_nobody_hears_of_another_principal_or_another_site(app):
    create_user("manager", "one@example.org", principal_ids=[1])
    create_user("manager", "lyon@example.org", site_ids=[7])
    create_user("manager", "all@example.org")
    happens(
        an_alert(number=1, principal_id=1, site_id=7),
        an_alert(number=2, principal_id=2, site_id=8),
        an_alert(number=3, principal_id=2),
    )
    work(later(hours=1))
    told = {mail.recipient: re.findall(r"Dossier (\d)", mail.body) for mail in mails()}
    assert told == {"one@example.org": ["1"], "lyon@example.org": ["1", "3"], "all@example.org": ["1", "2", "3"]}


def test_principals_and_auditors_and_who_left_hear_nothing(app, handler):
    for role in ("principal", "auditor", "agent"):
        create_user(role)
    happens(an_alert(in_charge_id=handler.id))
    accounts.change_user(handler, handler.name, handler.role, False, None, None)
    db.session.commit()
    work(later(hours=1))
    assert mails() == []


def test_whoever_arrives_is_not_told_of_what_was_before(app):
    happens(an_alert())
    late = create_user("manager", "new@example.org")
    late.created_at = NOW + timedelta(minutes=5)
    db.session.commit()
    work(later(hours=1))
    assert mails() == []


def test_what_is_over_before_it_was_told_is_not_told(app, manager):
    happens(an_alert("due_soon"), an_alert("due_soon", 2))
    assert services.end_alerts("due_soon", ["due_soon:2"], NOW) == 1
    db.session.commit()
    work(NOW + timedelta(days=1))
    (mail,) = mails()
    assert "Dossier 2" in mail.body and "Dossier 1" not in mail.body


def test_a_second_alert_on_a_subject_waits_its_hour_and_another_subject_does_not(app, handler):
    same = {"in_charge_id": handler.id, "subject_key": "case:1"}
    happens(an_alert(number=1, **same))
    work()
    happens(an_alert(number=2, **same), an_alert(number=3, in_charge_id=handler.id), at=later(minutes=20))
    work()
    assert [re.findall(r"Dossier (\d)", mail.body) for mail in mails()] == [["1"], ["3"]]
    work(later(minutes=30))
    assert len(mails()) == 2
    work(later(minutes=11))
    assert re.findall(r"Dossier (\d)", mails()[-1].body) == ["2"]


def test_what_waits_for_tomorrow_holds_up_nothing_that_is_told_at_once(app, manager):
    services.save_preferences(manager, {"due_soon": "daily", "breached": "at_once"}, Reader(), NOW)
    happens(*(an_alert("due_soon", number) for number in range(1000, 1300)))
    happens(an_alert(number=7))
    work()
    (mail,) = mails()
    assert re.findall(r"Dossier (\d+)", mail.body) == ["7"]


def test_what_one_mail_does_not_hold_comes_in_the_next(app, manager):
    services.save_preferences(manager, {"breached": "at_once"}, Reader(), NOW)
    happens(*(an_alert(number=number) for number in range(1000, 1300)))
    work()
    work()
    work()
    counts = db.session.execute(db.select(db.func.count(AlertTelling.id)).group_by(AlertTelling.message_key)).scalars()
    assert sorted(counts) == [100, 200]
    assert "et 170 autres" in mails()[0].body


def test_a_kill_between_two_readers_loses_and_repeats_nothing(app, handler):
    """What is told and that it was told are one transaction: undone together, done together."""
    happens(an_alert(in_charge_id=handler.id))
    assert services.tell(handler.id, NOW, URL) is not None
    db.session.rollback()  # killed before the commit
    assert mails() == [] and db.session.scalar(db.select(db.func.count(AlertTelling.id))) == 0
    work()
    work()
    assert len(mails()) == 1


def race(app, user_id, now):
    """Let four workers tell one person at once."""
    barrier, failures = threading.Barrier(4), []

    def tell(number):
        with app.app_context():
            barrier.wait()
            try:
                services.tell(user_id, now + timedelta(milliseconds=number), URL)
                db.session.commit()
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.postgresql
def test_four_workers_at_once_write_one_mail(pg_app):
    handler = create_user("handler")
    happens(*(an_alert(number=n, in_charge_id=handler.id, subject_key="case:1") for n in range(30)))
    race(pg_app, handler.id, NOW)
    assert len(mails()) == 1


def test_preferences_are_obeyed(app, handler, manager):
    happens(an_alert(in_charge_id=handler.id))
    services.save_preferences(handler, {"due_soon": "never", "breached": "never"}, Reader(), NOW)
    services.save_preferences(manager, {"breached": "at_once"}, Reader(language="en"), NOW)
    db.session.commit()
    work()
    (mail,) = mails()
    assert mail.recipient == manager.email and "Case 1 is late" in mail.body and mail.body.startswith("Hello Marc")


def test_saving_keeps_what_waits_and_wanting_nothing_spares_the_past(app, manager):
    happens(an_alert())
    services.save_preferences(manager, {"breached": "hourly", "low_score": "hourly"}, Reader(), later(minutes=1))
    happens(an_alert("low_score", 9), at=NOW)  # while it was still not wanted
    db.session.commit()
    work(later(hours=1))
    (mail,) = mails()
    assert "Dossier 1" in mail.body and "Dossier 9" not in mail.body


# --- what keeps messages from going out -------------------------------------------------------------------------


def codes(now=None):
    return [trouble.code for trouble in troubles(now or clock.utc_now())]


def test_all_is_well_while_messages_move(app):
    create_message()
    assert codes() == []


def test_a_message_due_for_ten_minutes_is_trouble_unless_its_channel_moves(app):
    create_message()
    moving = create_message(recipient="+33639985678")
    now = later(minutes=11)
    assert codes() == ["waiting"]
    moving.state, moving.sent_at, moving.rank = "accepted", now, 3
    db.session.commit()
    assert codes() == []
    create_message(priority=0, now=NOW)
    assert codes() == ["waiting"], "what a person waits for is never behind a bulk"


def test_what_needs_a_person_a_long_pause_and_an_unrouted_message_are_trouble(app):
    message = create_message()
    message.state, message.rank = "needs_human", 2
    known = db.session.scalars(db.select(Sender).filter_by(channel="email", sender="")).first()
    sender = known or Sender(channel="email", sender="")
    sender.paused_since, sender.paused_until, sender.pause_code = NOW, NOW + timedelta(hours=1), "smtp-sign-in"
    db.session.add(sender)
    inbound.receive(provider_id="SM1", sender=PHONE, recipient="38600", body="Bonjour", now=NOW)
    db.session.execute(db.update(InboundMessage).values(routed_at=None, routed_to=None))
    db.session.commit()
    assert codes() == ["needs_person"]
    later(minutes=11)
    assert codes() == ["needs_person", "paused", "unrouted"]


def test_a_worker_that_died_is_trouble_and_one_that_lives_is_not(app):
    storage.lead("worker", NOW)
    assert codes(NOW + timedelta(seconds=30)) == []
    assert codes(NOW + timedelta(seconds=90)) == ["silent"]


def test_a_worker_never_reports_its_own_silence(app):
    storage.lead("worker", NOW)
    work(NOW + timedelta(hours=1))
    assert db.session.scalar(db.select(db.func.count(Alert.id))) == 0


def test_one_trouble_is_one_alert_while_it_lasts_and_another_when_it_comes_back(app):
    create_user("admin", "admin@example.org")
    message = create_message()
    work(later(minutes=11))
    work(later(minutes=5))
    assert [alert.ended_at for alert in db.session.scalars(db.select(Alert))] == [None]
    assert len(mails()) == 1 and "1 message devait partir" in mails()[0].body
    message.state, message.rank = "delivered", 9
    db.session.execute(db.update(OutboxMessage).values(state="delivered", rank=9))
    db.session.commit()
    work(later(minutes=5))
    create_message()
    work(later(minutes=60))
    kept = list(db.session.scalars(db.select(Alert).order_by(Alert.id)))
    assert [alert.ended_at is None for alert in kept] == [False, True]
    assert len(mails()) == 2


def test_a_stuck_dispatcher_is_told_at_once_in_the_middle_of_the_night(app):
    create_user("admin", "admin@example.org")
    night = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    clock.start_at(night)
    db.session.execute(db.update(db.metadata.tables["users"]).values(created_at=night))
    create_message(now=night)
    work(later(minutes=11))
    assert [mail.recipient for mail in mails()] == ["admin@example.org"]


def test_administrators_see_it_on_every_page_without_any_worker_and_nobody_else_does(app, sign_in):
    create_message()
    later(minutes=11)
    banner = "1 message devait partir"
    assert banner in sign_in("admin").get("/accounts").text
    assert banner not in sign_in("manager").get("/complaints").text
    later(minutes=-11)
    assert banner not in sign_in("admin").get("/accounts").text


def test_whoever_watches_and_whoever_asks_the_command_hear_it(app, client):
    create_message()
    assert client.get("/readyz").json["messages"] == {}
    later(minutes=11)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["messages"]) == (200, {"waiting": 1})
    said = app.test_cli_runner().invoke(args=["notifications", "status", "--json"]).output
    assert json.loads(said)["troubles"] == {"waiting": 1}


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_page_shows_what_concerns_me_and_when_i_was_told(app, handler):
    happens(an_alert(in_charge_id=handler.id), an_alert(number=2))
    page = signed_in(app, handler).get("/notifications/alerts").text
    assert "Dossier 1 en retard" in page and "Dossier 2" not in page
    assert "attend votre prochain courriel" in page
    work()
    assert "attend votre prochain courriel" not in signed_in(app, handler).get("/notifications/alerts").text


def test_what_i_do_not_want_to_hear_of_is_not_listed(app, manager):
    happens(an_alert("low_score"), an_alert(number=2))
    page = signed_in(app, manager).get("/notifications/alerts").text
    assert "Dossier 2" in page and "Dossier 1" not in page
    services.save_preferences(manager, dict.fromkeys(("due_soon", "breached"), "never"), Reader(), NOW)
    db.session.commit()
    assert "Vous ne voulez être averti de rien" in signed_in(app, manager).get("/notifications/alerts").text


def test_the_page_is_empty_in_words_and_leads_from_the_account_menu(app, sign_in):
    client = sign_in("reviewer")
    assert "Rien n’est arrivé dont vous deviez être averti" in client.get("/notifications/alerts").text
    assert 'href="/notifications/alerts"' in client.get("/complaints").text
    assert 'href="/notifications/alerts"' not in sign_in("auditor").get("/complaints").text


def fields_of(page):
    form = unescape(page[page.rindex('<form method="post"') :])
    chosen = dict(re.findall(r'name="(\w+)" value="(\w+)" checked', form))
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen[name] = re.search(r'selected value="([^"]+)"', options)[1]
    return chosen


def test_what_i_choose_is_kept_and_shown_and_used(app, handler):
    client = signed_in(app, handler)
    page = client.get("/notifications/alerts").text
    fields = fields_of(page)
    assert fields == {
        "due_soon": "hourly", "breached": "at_once", "daily_hour": "8", "opens": "7", "closes": "20",
        "zone": "Europe/Paris", "language": "fr",
    }  # fmt: skip
    changed = fields | {"breached": "daily", "daily_hour": "14", "language": "en", "zone": "Indian/Reunion"}
    answer = client.post("/notifications/alerts", data=changed | {"csrf_token": token_in(page)})
    assert answer.status_code == 302
    assert fields_of(client.get("/notifications/alerts").text) == changed
    happens(an_alert(in_charge_id=handler.id))
    assert due_readers(datetime(2026, 11, 23, 9, 59, tzinfo=UTC)) == []
    assert due_readers(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) == [handler.id]


@pytest.mark.parametrize("typed", [{"opens": "9", "closes": "9"}, {"daily_hour": "22"}, {"zone": "Mars/Olympus"}])
def test_hours_that_cannot_be_are_refused_and_nothing_changes(app, handler, typed):
    client = signed_in(app, handler)
    page = client.get("/notifications/alerts").text
    fields = fields_of(page)
    answer = client.post("/notifications/alerts", data=fields | typed | {"csrf_token": token_in(page)})
    assert answer.status_code == 400 and 'id="errors"' in answer.text
    assert fields_of(client.get("/notifications/alerts").text) == fields


def test_nobody_can_ask_for_a_kind_their_role_is_not_told(app, handler):
    client = signed_in(app, handler)
    page = client.get("/notifications/alerts").text
    assert 'name="stuck"' not in page
    client.post("/notifications/alerts", data=fields_of(page) | {"stuck": "at_once", "csrf_token": token_in(page)})
    happens(an_alert("stuck", principal_id=None))
    assert due_readers(clock.utc_now()) == []
