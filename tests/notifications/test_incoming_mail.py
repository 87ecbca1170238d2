"""An e-mail comes in: kept whole, routed once, and never answered by a machine that answers a machine."""

import hashlib
from datetime import timedelta

import pytest

from foundation.database import db
from notifications import queries, services
from notifications.mailbox.receiving import receive
from notifications.mailbox.routing import UNFIT
from notifications.mailbox.storage import RawMailLost, keep, load
from notifications.models import InboundMessage, OutboxEvent, OutboxMessage
from notifications.queries.threads import AUTOMATIC_ANSWERS_A_DAY
from notifications.signals import messages_changed
from tests.complaints.factories import create_principal
from tests.conftest import NOW
from tests.notifications.factories import create_message
from tests.notifications.letters_written import JEANNE, a_bounce, a_mail


@pytest.fixture
def files(app, tmp_path):
    app.config["ATTACHMENTS_DIR"] = str(tmp_path)
    return tmp_path / "mail"


@pytest.fixture
def come_in(files):
    return lambda raw, at=NOW: receive(raw, at, NOW, files)


@pytest.fixture
def routes(app):
    app.extensions["mail_routes"], before = [], app.extensions["mail_routes"]
    yield app.extensions["mail_routes"]
    app.extensions["mail_routes"] = before


def a_survey(**changes):
    values = {"channel": "email", "recipient": JEANNE, "sender": "relation@edr.example", "subject": "Votre avis"}
    return create_message(**(values | changes))


def sent(message):
    db.session.execute(db.update(OutboxMessage).filter_by(id=message.id).values(state="sent", rank=5, sent_at=NOW))
    db.session.commit()
    db.session.expire_all()
    return message


def answered():
    return db.session.scalars(db.select(OutboxMessage).filter_by(purpose="confirmation")).all()


def test_a_mail_is_kept_byte_for_byte_under_its_hash(come_in, files):
    raw = a_mail("Bonjour à vous", Subject="Question")
    message = come_in(raw)
    assert message.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert load(files, message.raw_path, message.raw_sha256) == raw
    assert (message.sender, message.sender_name, message.raw_bytes) == (JEANNE, "Jeanne Hoarau", len(raw))
    (files / message.raw_path).write_bytes(raw + b" ")
    with pytest.raises(RawMailLost):
        load(files, message.raw_path, message.raw_sha256)


def test_a_file_that_a_crash_left_half_is_written_again(tmp_path):
    kept = keep(tmp_path, b"From: a@b.example\n\nBonjour")
    (tmp_path / kept.path).write_bytes(b"From:")
    keep(tmp_path, b"From: a@b.example\n\nBonjour")
    assert load(tmp_path, kept.path, kept.sha256).endswith(b"Bonjour")
    assert [path.name for path in (tmp_path / kept.sha256[:2]).iterdir()] == [f"{kept.sha256}.eml"]


def test_a_mail_that_comes_twice_by_different_ways_is_one_message(come_in, committed):
    raw = a_mail("Bonjour")
    first = come_in(b"Received: from one\n" + raw)
    second = come_in(b"Received: from another\nDelivered-To: x@edr.example\n" + raw.replace(b"\n", b"\r\n"))
    assert (first.id, committed(InboundMessage)) == (second.id, 1)


def test_another_mail_under_the_same_message_id_is_another_message(come_in, committed):
    come_in(a_mail("Bonjour", Message_ID="<x@example.org>"))
    come_in(a_mail("Réclamation", Message_ID="<x@example.org>"))
    assert committed(InboundMessage) == 2


def test_the_principal_is_the_one_whose_address_it_was_written_to(come_in):
    principal = create_principal(reply_email="Relation@EDR.example")
    create_principal(reply_email="autre@belline.example")
    message = come_in(a_mail(to="Marie <marie@example.org>, RELATION@edr.example"))
    assert (message.principal_id, message.recipient) == (principal.id, "relation@edr.example")
    assert come_in(a_mail(to="centre@example.org")).principal_id is None
    assert come_in(a_mail(to="relation@edr.example, autre@belline.example")).principal_id is None


def test_an_answer_to_a_mail_of_ours_is_its_principals_whatever_address_it_came_to(come_in):
    ours = a_survey(principal_id=4, language="en")
    message = come_in(a_mail(to="centre@example.org", In_Reply_To=f"<{ours.public_id}@example.org>"))
    assert (message.principal_id, message.language) == (4, "en")


def test_a_clock_that_is_wrong_does_not_move_a_date(come_in):
    late = come_in(a_mail("un", Date="Mon, 23 Nov 2026 08:00:00 +0000"))
    assert (late.sent_at, late.received_at) == (NOW - timedelta(hours=1), NOW)
    for date in ("Mon, 23 Nov 2020 08:00:00 +0000", "Mon, 23 Nov 2037 08:00:00 +0000", "hier", None):
        assert come_in(a_mail(f"date {date}", Date=date)).sent_at == NOW
    assert come_in(a_mail("demain"), at=NOW + timedelta(hours=2)).received_at == NOW


def test_the_first_route_that_takes_a_mail_keeps_it_and_sms_routes_see_none(app, come_in, routes):
    seen = []
    app.extensions["inbound_routes"], before = [(1, "sms", lambda message, now: True)], app.extensions["inbound_routes"]
    routes += [(30, "last", lambda message, now: seen.append("last") or True)]
    routes += [(10, "first", lambda message, now: seen.append("first"))]
    message = come_in(a_mail())
    app.extensions["inbound_routes"] = before
    assert (message.routed_to, seen) == ("last", ["first", "last"])


@pytest.mark.parametrize(
    "raw",
    [
        a_mail("STOP"),
        a_mail("Stop.\n\nEnvoyé de mon iPhone"),
        a_mail("Désabonner\n\nLe lun. 23 nov. 2026 à 10:02, EDR <r@edr.example> a écrit :\n\n> Votre avis ?"),
        a_mail("", Subject="unsubscribe"),
    ],
)
def test_stop_by_mail_is_obeyed_and_answered_once_in_the_same_thread(come_in, routes, raw):
    routes.append((1, "complaint", lambda message, now: True))
    principal = create_principal(reply_email="relation@edr.example")
    waiting = a_survey(principal_id=principal.id)
    message = come_in(raw)
    db.session.expire_all()
    assert (message.routed_to, message.routed_why, waiting.state) == ("stop", "keyword", "suppressed")
    assert queries.opted_out([JEANNE], message.principal_id, "survey") == {JEANNE}
    (confirmation,) = answered()
    assert (confirmation.sender, confirmation.in_reply_to) == ("relation@edr.example", message.message_id)


def test_stop_by_mail_to_the_house_reaches_those_who_write_from_it_and_no_others(come_in):
    of_its_own = create_principal(reply_email="relation@edr.example", sms_sender="")
    first, second = (create_principal(reply_email="", sms_sender=number) for number in ("38600", ""))
    come_in(a_mail("STOP", to="centre@example.org"))
    stopped = [bool(queries.opted_out([JEANNE], one.id, "survey")) for one in (of_its_own, first, second)]
    assert stopped == [False, True, True]
    assert answered()[0].sender == ""  # whatever address a stranger puts there is no sender of ours
    come_in(a_mail("START", to="centre@example.org"))
    assert queries.opted_out([JEANNE], first.id, "survey") == set()


def test_more_than_a_bare_stop_is_for_the_routes(come_in, routes):
    routes.append((1, "complaint", lambda message, now: True))
    assert come_in(a_mail("STOP, c’est ma 3e réclamation")).routed_to == "complaint"


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return_Path": "<>"}, {"List_Id": "<l.x>"}]
)
def test_a_machine_is_kept_beside_what_it_is_about_and_never_answered(come_in, routes, headers):
    routes.append((1, "complaint", lambda message, now: True))
    ours = a_survey(subject_key="complaint:7")
    message = come_in(a_mail("STOP", In_Reply_To=f"<{ours.public_id}@example.org>", **headers))
    assert (message.kind, message.routed_to, message.subject_key) == ("automatic", "automatic", "complaint:7")
    assert answered() == [] and queries.opted_out([JEANNE], None, "survey") == set()


def test_what_only_sounds_like_an_absence_is_for_a_person_and_not_answered(come_in, routes):
    routes.append((1, "complaint", lambda message, now: True))
    message = come_in(a_mail("Je suis absente.", Subject="Absence du bureau"))
    assert (message.routed_to, message.routed_why) == ("person", "sounds-automatic")


def test_our_own_mail_that_comes_back_is_recognised(come_in, routes):
    routes.append((1, "complaint", lambda message, now: True))
    ours = a_survey()
    message = come_in(a_mail("Réclamation", X_Satisfecit_Message=ours.public_id))
    assert (message.kind, message.routed_to, message.routed_why) == ("own", "own", "our-own")
    assert come_in(a_mail("autre", X_Satisfecit_Message="0" * 32)).kind == "message"


@pytest.mark.parametrize(
    "raw, why",
    [
        (a_mail("", Subject=""), "empty"),
        (a_mail("Réclamation", sender="sans adresse"), "no-sender"),
        (b"", "no-sender"),
    ],
)
def test_what_no_rule_can_read_is_for_a_person(come_in, routes, raw, why):
    routes.append((1, "complaint", lambda message, now: True))
    message = come_in(raw)
    assert (message.routed_to, message.routed_why) == ("person", why)
    assert set(UNFIT) >= {"too-large", "unreadable", "no-sender"}


def test_two_machines_never_write_to_each_other_for_ever(come_in, routes):
    for number in range(3 * AUTOMATIC_ANSWERS_A_DAY):
        come_in(a_mail("START" if number % 2 else "STOP", Message_ID=f"<echo-{number}@example.org>"))
    assert len(answered()) == AUTOMATIC_ANSWERS_A_DAY


def test_a_bounce_long_after_it_was_sent_makes_the_message_undelivered_and_says_so(come_in):
    message, heard = sent(a_survey(subject_key="complaint:3", purpose="acknowledgement")), []
    with messages_changed.connected_to(lambda changes: heard.extend(changes)):
        bounce = come_in(a_bounce(message))
    db.session.expire_all()
    assert (message.state, message.last_error) == ("undelivered", "mail-5.1.1")
    assert (bounce.routed_to, bounce.routed_why, bounce.subject_key) == ("bounce", "bounce-permanent", "complaint:3")
    assert [(change.message_id, change.state, change.code) for change in heard] == [
        (message.id, "undelivered", "mail-5.1.1")
    ]


def test_a_delay_is_noted_and_changes_nothing(come_in):
    message = sent(a_survey())
    assert come_in(a_bounce(message, action="delayed", status="4.4.1")).routed_why == "bounce-temporary"
    db.session.expire_all()
    last = db.session.scalars(db.select(OutboxEvent).order_by(OutboxEvent.id.desc())).first()
    assert (message.state, last.state, last.code) == ("sent", "delayed", "mail-4.4.1")


def test_a_bounce_that_comes_twice_is_applied_once(come_in):
    message = sent(a_survey())
    come_in(a_bounce(message))
    come_in(a_bounce(message, **{"Message-ID": "<again@mx.example.org>"}))
    db.session.expire_all()
    states = db.session.scalars(db.select(OutboxEvent.state).filter_by(message_id=message.id))
    assert message.state == "undelivered" and list(states).count("undelivered") == 2


def test_a_bounce_of_a_mail_we_never_sent_is_for_a_person(come_in):
    class Theirs:
        public_id = "f" * 32

    message = come_in(a_bounce(Theirs))
    assert (message.routed_to, message.routed_why) == ("person", "bounce-of-nothing-ours")


def test_our_next_mail_about_a_matter_answers_the_last_one_of_theirs(come_in):
    message = come_in(a_mail("Bonjour", Message_ID="<question@example.org>"))
    services.join_thread(message, "complaint:9")
    db.session.commit()
    reply = a_survey(purpose="reply", subject_key="complaint:9")
    assert reply.in_reply_to == "<question@example.org>"
    assert a_survey(purpose="reply", subject_key="complaint:9", recipient="autre@example.org").in_reply_to is None
    assert a_survey(purpose="reply", subject_key="complaint:8").in_reply_to is None


def test_on_postgresql_too_a_mail_is_kept_routed_and_its_bounce_told(pg_app, tmp_path, monkeypatch):
    monkeypatch.setitem(pg_app.config, "ATTACHMENTS_DIR", str(tmp_path))
    message = sent(a_survey(subject_key="complaint:3", purpose="acknowledgement"))
    endless = a_mail("Bonjour", sender=None, From=f"jeanne@{'x' * 400}.example", Subject="x" * 5000)
    for raw in (a_mail("Bonjour \x00 à vous", Subject="Question"), a_bounce(message), endless):
        receive(raw, NOW, NOW, tmp_path / "mail")
    routed = db.session.scalars(db.select(InboundMessage.routed_to).order_by(InboundMessage.id)).all()
    db.session.expire_all()
    assert (list(routed), message.state) == (["person", "bounce", "person"], "undelivered")
