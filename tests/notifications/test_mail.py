"""E-mail into a folder and through an SMTP server."""

import email
from email import policy

import pytest

from foundation.database import db
from foundation.web import clock
from notifications.dispatcher.reconciling import reconcile
from notifications.dispatcher.sending import dispatch
from notifications.keys import hash_of
from notifications.mailbox import MailFolder, read_letter
from notifications.models import OptOutLink, OutboxMessage
from notifications.providers import Post
from notifications.reasons import reason_of
from notifications.smtp_mail import Server, SmtpMail
from tests.notifications.factories import QUICK, create_message, later
from tests.notifications.mail_servers import certificate, free_port, server_context, smtp_server


def by_mail(provider):
    return Post({"email": provider}, "https://centre.example")


def ask(**changes):
    return create_message(
        **({"channel": "email", "recipient": "jeanne@example.org", "subject": "Votre avis", "body": "Été"} | changes)
    )


def test_a_mail_is_a_file_that_can_be_read_again(app, tmp_path):
    message = ask(subject="Réclamation\r\nBcc: autre@example.org", body="Voir https://x.example/s/abcdefgh12345")
    dispatch(by_mail(MailFolder(tmp_path)), QUICK)
    letter = read_letter(tmp_path, message.public_id)
    assert (message.state, letter.recipient) == ("sent", "jeanne@example.org")
    assert letter.subject == "Réclamation Bcc: autre@example.org"
    assert "abcdefgh12345" in letter.body and "abcdefgh12345" not in message.body


def test_the_same_mail_twice_is_one_file_under_one_message_id(app, tmp_path):
    folder = MailFolder(tmp_path)
    message = ask()
    dispatch(by_mail(folder), QUICK)
    first = (tmp_path / f"{message.public_id}.eml").read_bytes()
    message.state, message.rank = "queued", 1
    db.session.commit()
    dispatch(by_mail(folder), QUICK)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [first]


def test_a_survey_by_mail_carries_the_way_to_say_stop(app, client, tmp_path):
    message = ask()
    dispatch(by_mail(MailFolder(tmp_path)), QUICK)
    mail = email.message_from_bytes((tmp_path / f"{message.public_id}.eml").read_bytes(), policy=policy.default)
    address = str(mail["List-Unsubscribe"]).strip("<>")
    assert address.startswith("https://centre.example/o/")
    assert client.get(address.removeprefix("https://centre.example")).status_code == 200
    assert db.session.scalars(db.select(OptOutLink.address_hash)).one() == hash_of("jeanne@example.org")


def test_a_folder_that_cannot_be_written_is_tried_again(app, tmp_path):
    (tmp_path / "mail").write_text("in the way")
    message = ask()
    dispatch(by_mail(MailFolder(tmp_path / "mail")), QUICK)
    assert (message.state, message.last_error) == ("queued", "folder-not-writable")


@pytest.fixture
def smtp():
    with smtp_server() as counter:
        counter.url = f"smtp://127.0.0.1:{counter.port}?from=Centre <centre@example.org>"
        yield counter


def read(raw):
    return email.message_from_bytes(raw, policy=policy.default)


def test_a_mail_server_takes_the_mail(app, smtp):
    message = ask()
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    mail = read(smtp.mails[0])
    assert (message.state, mail["From"], mail["Subject"]) == ("sent", "Centre <centre@example.org>", "Votre avis")
    assert mail["Message-ID"] == f"<{message.public_id}@example.org>"
    assert smtp.envelopes == [("centre@example.org", ["jeanne@example.org"], False, False)]


def test_a_mail_has_its_words_twice_and_nothing_to_load(app, smtp):
    ask(body="Bonjour <Jeanne>,\n\nVotre avis ?\nhttps://x.example/a?b=1&c=2.\n", brand="Énergie & Cie")
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    mail = read(smtp.mails[0])
    html = mail.get_body(("html",)).get_content()
    assert mail.get_body(("plain",)).get_content().startswith("Bonjour <Jeanne>,")
    assert "Bonjour &lt;Jeanne&gt;," in html and "Énergie &amp; Cie" in html and '<html lang="fr">' in html
    assert '<a href="https://x.example/a?b=1&amp;c=2"' in html and "<br>" in html
    assert not any(word in html for word in ("<img", "<script", "src=", "url(", "@import", "<link"))
    assert smtp.mails[0].isascii()


def test_who_writes_and_who_gets_the_answer_are_named(app, smtp):
    ask(brand="Énergie du Rhône\nBcc: x@example.org", sender="relation@edr.example", recipient="jeanne@exämple.org")
    dispatch(by_mail(SmtpMail(smtp.url + "&bounces=retours@example.org")), QUICK)
    mail = read(smtp.mails[0])
    assert mail["From"].addresses[0].addr_spec == "centre@example.org"
    assert mail["From"].addresses[0].display_name == "Énergie du Rhône Bcc: x@example.org" and mail["Bcc"] is None
    assert mail["Reply-To"] == "relation@edr.example"
    assert smtp.envelopes[0][:2] == ("retours@example.org", ["jeanne@xn--exmple-cua.org"])


def test_all_mails_of_one_matter_hang_together(app, smtp):
    first = ask(purpose="acknowledgement", subject_key="complaint:1")
    ask(purpose="reply", subject_key="complaint:1")
    ask(purpose="reply", subject_key="complaint:2")
    db.session.execute(db.update(OutboxMessage).filter_by(id=first.id).values(in_reply_to="<theirs@example.net>"))
    db.session.commit()
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    one, two, other = (read(raw)["References"].split() for raw in smtp.mails)
    assert one[0] == two[0] != other[0] and "complaint" not in one[0]
    assert one[1] == read(smtp.mails[0])["In-Reply-To"] == "<theirs@example.net>"


@pytest.mark.parametrize(
    "purpose, mark", [("survey", "auto-generated"), ("acknowledgement", "auto-generated"), ("reply", None)]
)
def test_what_nobody_wrote_by_hand_says_so(app, smtp, purpose, mark):
    ask(purpose=purpose)
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    mail = read(smtp.mails[0])
    assert mail["Auto-Submitted"] == mark
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if purpose == "survey" else None)


@pytest.mark.parametrize(
    "said, state, code",
    [
        ("rcpt 550 5.1.1 No such user", "rejected", "mail-5.1.1"),
        ("rcpt 550 no", "rejected", "smtp-550"),
        ("rcpt 451 4.7.1 Greylisted, try again", "queued", "mail-4.7.1"),
        ("rcpt 452 mailbox full", "queued", "smtp-452"),
        ("data 554 5.7.1 Blocked", "rejected", "mail-5.7.1"),
        ("data 451 later", "queued", "smtp-451"),
        ("mail 550 5.7.1 Not your address", "queued", "mail-5.7.1"),
        ("mail 421 closing", "queued", "smtp-421"),
        ("mail 552 5.3.4 too large", "rejected", "mail-5.3.4"),
    ],
)
def test_five_hundred_is_never_and_four_hundred_is_not_now(app, smtp, said, state, code):
    smtp.plan = [said]
    message = ask()
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    assert (message.state, message.last_error, smtp.mails) == (state, code, [])
    assert reason_of(code) is not None


def test_a_greylisted_mail_goes_out_at_the_next_try(app, smtp):
    smtp.plan = ["rcpt 451 4.7.1 Greylisted"]
    message, post = ask(), by_mail(SmtpMail(smtp.url))
    dispatch(post, QUICK)
    later(seconds=5)
    dispatch(post, QUICK)
    assert (message.state, len(smtp.mails)) == ("sent", 1)


def test_a_recipient_refused_does_not_hold_up_the_others(app, smtp):
    smtp.plan = ["rcpt 550 5.1.1 No such user"]
    refused, taken = ask(), ask(recipient="paul@example.org")
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    assert (refused.state, taken.state) == ("rejected", "sent")


def test_a_mail_in_doubt_goes_again_under_the_same_message_id(app, smtp):
    smtp.plan = ["cut"]
    message, post = ask(), by_mail(SmtpMail(smtp.url))
    dispatch(post, QUICK)
    assert message.state == "in_doubt"
    reconcile(post, clock.utc_now(), QUICK)
    later(seconds=2)
    dispatch(post, QUICK)
    assert (message.state, len(smtp.mails), len(set(smtp.mails))) == ("sent", 2, 1)


def test_a_server_that_breaks_each_time_is_tried_less_and_less_and_then_a_person_is_asked(app, smtp):
    smtp.plan = ["cut"] * 30
    message, post = ask(), by_mail(SmtpMail(smtp.url))
    for _ in range(30):
        dispatch(post, QUICK)
        reconcile(post, clock.utc_now(), QUICK)
    assert len(smtp.mails) == 1
    for _ in range(30):
        later(minutes=16)
        dispatch(post, QUICK)
        reconcile(post, clock.utc_now(), QUICK)
    assert (message.state, message.last_error, len(smtp.mails)) == ("needs_human", "gave-up", QUICK.attempts)


def test_nobody_at_home_is_not_sent(app):
    message = ask()
    dispatch(by_mail(SmtpMail(f"smtp://127.0.0.1:{free_port()}")), QUICK)
    assert (message.state, message.last_error) == ("queued", "no-connection")


def test_an_encrypted_server_is_signed_in_to_and_a_wrong_password_holds_the_channel(app, tmp_path, monkeypatch):
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with smtp_server(tls=server_context(path), password="p@ss") as counter:
        message = ask()
        wrong = f"smtp://centre:faux@localhost:{counter.port}?from=centre@example.org"
        dispatch(by_mail(SmtpMail(wrong)), QUICK)
        assert (message.state, message.held, message.last_error) == ("queued", "paused", "smtp-sign-in")
        later(minutes=6)
        dispatch(by_mail(SmtpMail(wrong.replace("faux", "p%40ss"))), QUICK)
        assert (message.state, counter.envelopes[0][2:]) == ("sent", (True, True))


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(app, tmp_path):
    with smtp_server(tls=server_context(certificate(tmp_path))) as counter:
        message = ask()
        dispatch(by_mail(SmtpMail(f"smtp://localhost:{counter.port}")), QUICK)
        assert (message.state, message.last_error, counter.mails) == ("queued", "smtp-certificate", [])


@pytest.mark.parametrize("utf8, state", [(True, "sent"), (False, "rejected")])
def test_an_address_with_an_accent_goes_where_the_server_takes_it(app, utf8, state):
    with smtp_server(utf8=utf8) as counter:
        message = ask(recipient="rené@example.org")
        dispatch(by_mail(SmtpMail(f"smtp://127.0.0.1:{counter.port}?from=centre@example.org")), QUICK)
        assert (message.state, len(counter.mails)) == (state, int(utf8))


def test_the_setting_is_one_address():
    server = Server.from_url("smtps://user:p%40ss@mail.example.org?from=centre@example.org")
    assert (server.host, server.port, server.encrypted) == ("mail.example.org", 465, True)
    assert (server.user, server.password, server.sender) == ("user", "p@ss", "centre@example.org")
    with pytest.raises(ValueError, match="SMTP_URL"):
        Server.from_url("mail.example.org")
