"""E-mail into a folder and through an SMTP server."""

import email
import socketserver
import threading
from email import policy

import pytest

from foundation.database import db
from foundation.web import clock
from notifications.dispatcher.reconciling import reconcile
from notifications.dispatcher.sending import dispatch
from notifications.keys import hash_of
from notifications.mailbox import MailFolder, read_letter
from notifications.models import OptOutLink
from notifications.providers import Post
from notifications.smtp_mail import Server, SmtpMail
from tests.notifications.factories import QUICK, create_message, later


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
    assert (message.state, letter.recipient) == ("delivered", "jeanne@example.org")
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


class SmtpFake:
    """A mail server that says what its script says: a code for RCPT, or "drop" after the mail was taken."""

    def __init__(self):
        self.mails, self.script = [], []
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                fake.talk(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}?from=centre@example.org"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def talk(self, line):
        def say(text):
            line.wfile.write(text.encode() + b"\r\n")

        plan = self.script.pop(0) if self.script else "250"
        say("220 ready")
        for raw in line.rfile:
            command = raw[:4].upper()
            if command == b"RCPT" and plan not in ("250", "drop"):
                say(f"{plan} no")
            elif command == b"DATA":
                say("354 go on")
                self.mails.append(b"".join(iter(line.rfile.readline, b".\r\n")))
                if plan == "drop":
                    return
                say("250 taken")
            elif command == b"QUIT":
                return say("221 bye")
            else:
                say("250 ok")


@pytest.fixture
def smtp():
    fake = SmtpFake()
    yield fake
    fake.server.shutdown()
    fake.server.server_close()


def test_a_mail_server_takes_the_mail(app, smtp):
    message = ask()
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    mail = email.message_from_bytes(smtp.mails[0], policy=policy.default)
    assert (message.state, mail["From"], mail["Subject"]) == ("sent", "centre@example.org", "Votre avis")
    assert mail["Message-ID"] == f"<{message.public_id}@example.org>"


@pytest.mark.parametrize("answer, state", [("550", "rejected"), ("450", "queued")])
def test_five_hundred_is_never_and_four_hundred_is_not_now(app, smtp, answer, state):
    smtp.script = [answer]
    message = ask()
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    assert (message.state, smtp.mails) == (state, [])


def test_a_mail_in_doubt_goes_again_under_the_same_message_id(app, smtp):
    smtp.script = ["drop"]
    message, post = ask(), by_mail(SmtpMail(smtp.url))
    dispatch(post, QUICK)
    assert message.state == "in_doubt"
    reconcile(post, clock.utc_now(), QUICK)
    later(seconds=2)
    dispatch(post, QUICK)
    ids = {email.message_from_bytes(mail)["Message-ID"] for mail in smtp.mails}
    assert (message.state, len(smtp.mails), len(ids)) == ("sent", 2, 1)


def test_a_server_that_breaks_each_time_is_tried_less_and_less_and_then_a_person_is_asked(app, smtp):
    smtp.script = ["drop"] * 30
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


def test_nobody_at_home_is_not_sent(app, smtp):
    smtp.server.server_close()
    message = ask()
    dispatch(by_mail(SmtpMail(smtp.url)), QUICK)
    assert (message.state, message.last_error) == ("queued", "no-connection")


def test_the_setting_is_one_address():
    server = Server.from_url("smtps://user:p%40ss@mail.example.org?from=centre@example.org")
    assert (server.host, server.port, server.encrypted) == ("mail.example.org", 465, True)
    assert (server.user, server.password, server.sender) == ("user", "p@ss", "centre@example.org")
    with pytest.raises(ValueError, match="SMTP_URL"):
        Server.from_url("mail.example.org")
