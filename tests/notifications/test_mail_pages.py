"""The mailbox that is not there, on its pages: answering, being away, bouncing, writing out of the blue."""

import re

import pytest

from complaints.models import Case, CaseMessage
from foundation.database import db
from notifications.mailbox.receiving import receive
from notifications.mailbox.storage import mail_files
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries.threads import AUTOMATIC_ANSWERS_A_DAY
from tests.complaints.factories import create_case, create_principal
from tests.conftest import NOW, create_user, signed_in
from tests.notifications.factories import create_message
from tests.notifications.letters_written import JEANNE, a_mail


@pytest.fixture
def quality(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "ATTACHMENTS_DIR", str(tmp_path))
    return signed_in(app, create_user("quality"), "en")


def go_out(app):
    app.extensions["jobs"].schedule["notifications.dispatch"].function(NOW)


@pytest.fixture
def receipt(app, quality):
    principal = create_principal(reply_email="relation@edr.example")
    case = create_case(principal)
    go_out(app)
    return case, db.session.scalars(db.select(OutboxMessage).filter_by(subject_key=f"complaint:{case.id}")).one()


def come_back(submit, quality, message, **fields):
    return submit(f"/notifications/mail/{message.public_id}", client=quality, **fields)


def last():
    return db.session.scalars(db.select(InboundMessage).order_by(InboundMessage.id.desc())).first()


def test_an_answer_joins_its_complaint_and_the_pages_show_both(quality, submit, receipt):
    case, message = receipt
    page = quality.get(come_back(submit, quality, message, what="answer", body="Toujours rien.").location).text
    words = db.session.scalars(db.select(CaseMessage.body).filter_by(case_id=case.id, kind="message")).all()
    assert words == ["Toujours rien."]
    assert last().raw_sha256 in page and "Toujours rien." in page and "The whole text" in page
    assert "from them" in quality.get(f"/notifications/mail/{message.public_id}").text
    assert "its sender is the complainant" in quality.get("/notifications/inbox").text


def test_the_code_in_a_letter_that_is_quoted_is_hidden(quality, submit, receipt):
    _case, message = receipt
    page = quality.get(come_back(submit, quality, message, what="answer", body="Toujours rien.").location).text
    (code,) = re.findall(r"> Code\W+([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})", last().full_text)
    assert "&gt; Code" in page and code not in page and code not in quality.get("/notifications/inbox").text
    assert "••• stands for a personal link or code" in page


def test_an_absence_notice_is_kept_and_not_answered(quality, submit, receipt):
    case, message = receipt
    come_back(submit, quality, message, what="absence", body="Réclamation, je suis absente.")
    assert (last().routed_to, last().subject_key) == ("automatic", f"complaint:{case.id}")
    assert db.session.scalar(db.select(db.func.count(Case.id))) == 1


def test_a_bounce_is_told_on_the_page_of_the_message(quality, submit, receipt):
    _case, message = receipt
    come_back(submit, quality, message, what="bounce", body="No such user")
    db.session.expire_all()
    assert (message.state, message.last_error) == ("undelivered", "mail-5.1.1")
    page = quality.get(f"/notifications/{message.id}").text
    assert "there is no such mailbox" in page and "the mail server" in page


def test_a_complaint_out_of_the_blue_opens_a_case(quality, submit, receipt):
    fields = {"sender": "paul@example.org", "to": "relation@edr.example", "subject": "Réclamation", "body": "Rien."}
    submit("/notifications/mail/new", client=quality, **fields)
    case = db.session.scalars(db.select(Case).order_by(Case.id.desc())).first()
    assert (case.email, case.channel) == ("paul@example.org", "email")
    again = submit("/notifications/mail/new", client=quality, **(fields | {"sender": "paul"}))
    assert again.status_code == 400 and "Rien." in again.text


def test_what_a_mail_says_is_shown_as_words_and_its_attachments_as_names(app, quality):
    raw = a_mail("<script>alert(1)</script>", Subject="<b>x</b>")
    message = receive(raw, NOW, NOW, mail_files(app))
    message.attachments = [{"name": "<i>a.zip", "media_type": "application/zip", "size": 2048}]
    db.session.commit()
    page = quality.get(f"/notifications/inbox/{message.id}").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "<b>x</b>" not in page
    assert "&lt;i&gt;a.zip" in page and "2.0 kB" in page


def test_another_principals_mail_is_seen_by_nobody_else(app, sign_in, quality):
    message = create_message(channel="email", recipient="a@example.org", principal_id=7)
    go_out(app)
    stranger = sign_in("quality", principal_ids=[8])
    assert stranger.get(f"/notifications/mail/{message.public_id}").status_code == 404


@pytest.mark.parametrize("keeps_marks, receipts", [(True, 1), (False, AUTOMATIC_ANSWERS_A_DAY)])
def test_a_machine_that_sends_everything_back_is_soon_left_alone(app, quality, keeps_marks, receipts):
    """The worst of echoes strips every mark and every thread, so that only counting ends it."""
    create_principal(reply_email="relation@edr.example")
    marks = {"Auto_Submitted": "auto-generated"} if keeps_marks else {}
    receive(a_mail("Réclamation : rien n’arrive."), NOW, NOW, mail_files(app))
    echoed = set()
    for _ in range(12):
        go_out(app)
        for ours in db.session.scalars(db.select(OutboxMessage).filter_by(recipient=JEANNE)).all():
            if ours.id not in echoed:
                echoed.add(ours.id)
                raw = a_mail(f"Votre réclamation est enregistrée. {ours.id}", **marks)
                receive(raw, NOW, NOW, mail_files(app))
    sent = db.session.scalars(db.select(OutboxMessage).filter_by(recipient=JEANNE, purpose="acknowledgement")).all()
    assert len(sent) == receipts


def test_a_customer_may_write_to_the_address_of_a_house_without_a_mail_server(quality, submit):
    values = {"sender": JEANNE, "to": "ne-pas-repondre@satisfecit.invalid", "subject": "", "body": "Bonjour"}
    assert submit("/notifications/mail/new", client=quality, **values).status_code == 302
    assert (last().recipient, last().routed_to) == ("ne-pas-repondre@satisfecit.invalid", "person")
    for wrong in ("nobody", "a@b", "é@example.org", "a b@example.org"):
        refused = submit("/notifications/mail/new", client=quality, **(values | {"sender": wrong}))
        assert (refused.status_code, 'id="sender-error"' in refused.text) == (400, True)


def test_an_auditor_sees_that_a_mail_came_and_where_it_went_but_not_whose_it_is(app, quality, submit, sign_in):
    raw = a_mail("Bonjour, ici Jeanne Hoarau", Subject="Appelez Mme Hoarau", to="centre@example.org")
    message = receive(raw, NOW, NOW, mail_files(app))
    address = f"/notifications/inbox/{message.id}"
    submit(address, client=quality, note="Jeanne Hoarau rappelée")
    auditor = sign_in("auditor")
    for page in (auditor.get("/notifications/inbox").text, auditor.get(address).text):
        assert "Hoarau" not in page and JEANNE not in page
        assert "ce courriel nomme la personne qui l’a écrit" in page
    assert message.raw_sha256 in auditor.get(address).text
    assert "ici Jeanne Hoarau" in quality.get(address).text
