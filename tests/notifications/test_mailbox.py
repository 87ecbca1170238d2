"""Reading a real mailbox (pymap): everything taken once, nothing lost, whenever the process is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from imapclient import SEEN
from imapclient.exceptions import IMAPClientError
from sqlalchemy.exc import IntegrityError

from foundation.database import db, reading
from notifications import engines
from notifications.mailbox import imap, taking
from notifications.mailbox.imap import Account
from notifications.models import FetchedMail, InboundMessage, Mailbox
from tests.conftest import NOW
from tests.notifications.letters_written import a_mail
from tests.notifications.mail_servers import PASSWORD, USER, certificate, imap_server, mailbox

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def port():
    with imap_server() as port:
        yield port


@pytest.fixture
def inbox(port):
    """The INBOX as another program sees it, empty."""
    with mailbox(port) as server:
        yield server
        server.delete_messages(server.search())
        server.expunge()


@pytest.fixture
def take(app, port, tmp_path):
    account = Account("127.0.0.1", port, False, USER, PASSWORD, "INBOX")
    return lambda: taking.take_mail(account, tmp_path)


def bodies():
    return db.session.scalars(db.select(InboundMessage.body).order_by(InboundMessage.id)).all()


def unread(inbox):
    inbox.noop()
    return inbox.search("UNSEEN")


def test_what_is_new_is_kept_routed_and_marked_as_read(take, inbox, tmp_path):
    raw = a_mail("Bonjour", Subject="Question")
    inbox.append("INBOX", raw)
    assert take() == 1
    message = db.session.scalars(db.select(InboundMessage)).one()
    assert (message.body, message.routed_to, message.channel) == ("Bonjour", "person", "email")
    assert (tmp_path / message.raw_path).read_bytes() == raw.replace(b"\n", b"\r\n")
    assert unread(inbox) == []
    assert take() == 0 and bodies() == ["Bonjour"]


def test_what_somebody_else_read_first_is_taken_all_the_same(take, inbox):
    take()
    inbox.append("INBOX", a_mail("lu ailleurs"), flags=[SEEN])
    assert take() == 1 and bodies() == ["lu ailleurs"]


def test_old_mail_that_was_read_long_ago_is_left_alone(take, inbox):
    inbox.append("INBOX", a_mail("ancien"), flags=[SEEN])
    inbox.append("INBOX", a_mail("jamais lu"))
    assert take() == 1 and bodies() == ["jamais lu"]


def test_a_mail_marked_unread_again_is_not_taken_again(take, inbox):
    inbox.append("INBOX", a_mail("Bonjour"))
    take()
    inbox.remove_flags(inbox.search(), [SEEN])
    assert take() == 0 and bodies() == ["Bonjour"] and unread(inbox) == []


def test_a_mailbox_whose_numbers_changed_brings_nothing_twice(take, inbox):
    inbox.append("INBOX", a_mail("Bonjour"))
    take()
    db.session.execute(db.update(Mailbox).values(uid_validity=7))
    db.session.commit()
    inbox.remove_flags(inbox.search(), [SEEN])
    assert take() == 0 and bodies() == ["Bonjour"]
    assert db.session.scalar(db.select(db.func.count(FetchedMail.id))) == 2


def test_a_round_takes_so_many_and_the_next_one_the_rest(take, inbox, monkeypatch):
    monkeypatch.setattr(taking, "AT_ONCE", 2)
    for number in range(5):
        inbox.append("INBOX", a_mail(f"mail {number}"), flags=[SEEN] if number else [])
        if not number:
            take()
    assert [take(), take(), take()] == [2, 2, 0]
    assert bodies() == [f"mail {number}" for number in range(5)]


def test_a_mail_that_is_too_large_is_named_and_left_in_the_mailbox(take, inbox, monkeypatch):
    monkeypatch.setattr(imap, "LARGEST", 1000)
    inbox.append("INBOX", a_mail("Réclamation " * 500, Subject="Réclamation"))
    take()
    message = db.session.scalars(db.select(InboundMessage)).one()
    assert (message.subject, message.body, message.routed_why) == ("Réclamation", "", "too-large")
    assert unread(inbox) == []


def test_a_disk_that_is_full_leaves_the_mail_where_it_is(take, inbox, tmp_path):
    inbox.append("INBOX", a_mail("Bonjour"))
    folders = [tmp_path / f"{number:02x}" for number in range(256)]
    for one in folders:
        one.write_text("in the way")
    with pytest.raises(OSError):
        take()
    db.session.rollback()
    assert bodies() == [] and len(unread(inbox)) == 1
    for one in folders:
        one.unlink()
    assert take() == 1 and bodies() == ["Bonjour"]


def test_a_mail_that_cannot_be_kept_holds_up_no_other_and_is_not_lost(take, inbox):
    take()
    refuse = "WHEN NEW.subject = 'poison' BEGIN SELECT RAISE(ABORT, 'refused'); END"
    db.session.execute(db.text(f"CREATE TRIGGER refuse BEFORE INSERT ON inbound_messages {refuse}"))
    db.session.commit()
    for words, subject in (("un", "poison"), ("deux", "Bonjour")):
        inbox.append("INBOX", a_mail(words, Subject=subject), flags=[SEEN])
    for _round in range(2):
        with pytest.raises(IntegrityError):
            take()
        assert bodies() == ["deux"]
    db.session.execute(db.text("DROP TRIGGER refuse"))
    db.session.commit()
    assert take() == 1 and bodies() == ["deux", "un"]


def test_a_server_that_refuses_us_is_heard_of(app, port, tmp_path):
    with pytest.raises(IMAPClientError):
        taking.take_mail(Account("127.0.0.1", port, False, USER, "faux", "INBOX"), tmp_path)
    with pytest.raises(OSError):
        taking.take_mail(Account("127.0.0.1", 9, False, USER, PASSWORD, "INBOX"), tmp_path)


def test_the_worker_reads_the_mailbox_only_where_one_is_set(app, port, inbox, tmp_path, monkeypatch):
    inbox.append("INBOX", a_mail("Bonjour"))
    engines.mailbox_round(NOW)
    assert bodies() == []
    monkeypatch.setitem(app.config, "ATTACHMENTS_DIR", str(tmp_path))
    url = f"imap://{USER}:p%40ss%20word@127.0.0.1:{port}/INBOX"
    monkeypatch.setitem(app.extensions, "mailbox", Account.from_url(url))
    engines.mailbox_round(NOW)
    assert bodies() == ["Bonjour"]


def test_a_certificate_nobody_vouches_for_is_refused(app, tmp_path, monkeypatch):
    path = certificate(tmp_path)
    with imap_server("--cert", str(path), "--key", str(path)) as port:
        account = Account("localhost", port, True, USER, PASSWORD, "INBOX")
        with pytest.raises(OSError):
            taking.take_mail(account, tmp_path)


@pytest.mark.parametrize(
    "url", ["imap://u:p@mail.example.org/INBOX", "imaps://mail.example.org/INBOX", "https://u:p@example.org", "x"]
)
def test_a_mailbox_in_clear_or_without_a_name_is_no_setting(url):
    with pytest.raises(ValueError, match="IMAP_URL"):
        Account.from_url(url)


def test_the_setting_is_one_address_and_its_name_holds_no_password():
    account = Account.from_url("imaps://centre%40x.example:p%40ss@mail.example.org/INBOX/Plaintes")
    assert (account.host, account.port, account.user) == ("mail.example.org", 993, "centre@x.example")
    assert (account.password, account.folder) == ("p@ss", "INBOX/Plaintes")
    assert "p@ss" not in account.name


READER = """
import sys, time
from pathlib import Path
from app import create_app
from notifications.mailbox import taking
from notifications.mailbox.imap import Account, Folder
from tests.conftest import SETTINGS

app = create_app({{**SETTINGS, "DATABASE_URL": {url!r}}})
slow = lambda function: lambda *args, **facts: (time.sleep(0.02), function(*args, **facts))[1]
for holder, name in ((Folder, "fetch"), (Folder, "mark_read"), (taking, "store"), (taking.inbound, "route")):
    setattr(holder, name, slow(getattr(holder, name)))
with app.app_context():
    while True:
        taking.take_mail(Account("127.0.0.1", {port}, False, {user!r}, {password!r}, "INBOX"), Path({files!r}))
        print("round", flush=True)
        time.sleep(0.05)
"""


def test_a_reader_killed_at_any_moment_loses_nothing_and_takes_nothing_twice(app, port, inbox, tmp_path):
    kills, mails = (15, 120) if os.environ.get("LONG") else (1, 16)
    for number in range(mails):
        inbox.append("INBOX", a_mail(f"mail {number}"))
    facts = {"url": app.config["DATABASE_URL"], "port": port, "user": USER, "password": PASSWORD}
    script = READER.format(**facts, files=str(tmp_path / "files"))
    db.session.remove()
    for number in range(kills):
        reader = start(script)
        wait_until_some_more_are_taken(reader)
        time.sleep(number % 7 * 0.011)
        kill(reader)
    reader = start(script)
    assert reader.stdout.readline(), "the reader ended by itself"
    while len(unread(inbox)) > 0:
        assert reader.stdout.readline(), "the reader ended by itself"
    kill(reader)
    assert sorted(bodies()) == sorted(f"mail {number}" for number in range(mails))
    rows = db.session.scalars(db.select(InboundMessage)).all()
    assert all((tmp_path / "files" / row.raw_path).stat().st_size == row.raw_bytes for row in rows)
    assert db.session.scalar(db.select(db.func.count(FetchedMail.id))) == mails


def start(script: str) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, env=environment)


def kill(reader: subprocess.Popen) -> None:
    os.kill(reader.pid, signal.SIGKILL)
    reader.wait()
    reader.stdout.close()


def wait_until_some_more_are_taken(reader: subprocess.Popen) -> None:
    before = count()
    for _ in range(300):
        assert reader.poll() is None, "the reader ended by itself"
        if count() > before + 2:
            return
        time.sleep(0.03)


def count() -> int:
    with reading():
        return db.session.scalar(db.select(db.func.count(FetchedMail.id))) or 0
