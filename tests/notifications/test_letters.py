"""Reading an e-mail whatever it is: words, quotes, machines, bounces, and what hostile senders write."""

import time
from email.message import EmailMessage

import pytest

from notifications.letters.automatic import is_automatic, sounds_automatic
from notifications.letters.bounces import bounce_in
from notifications.letters.parsing import DEEPEST, LONGEST, MOST_PARTS, read
from notifications.letters.replies import bare_words, new_words
from tests.notifications.letters_written import a_bounce, a_mail

QUOTED = "> Bonjour,\n> Votre réclamation est enregistrée.\n"


@pytest.mark.parametrize(
    "header",
    [
        "Le lun. 23 nov. 2026 à 10:02, Énergie du Rhône <relation@edr.example> a écrit :\n\n" + QUOTED,
        "Le lun. 23 nov. 2026 à 10:02, Énergie du Rhône Service Relation Clients <\nrelation@edr.example> a écrit :\n\n"
        + QUOTED,
        "Le 23/11/2026 à 10:02, EDR a écrit :\n" + QUOTED,
        "> Le 23 nov. 2026 à 10:02, EDR <r@edr.example> a écrit :\n> \n" + QUOTED,
        "De : EDR <relation@edr.example>\nEnvoyé : lundi 23 novembre 2026 10:02\nÀ : Jeanne\nObjet : x\n\nBonjour,\n",
        "-----Message d'origine-----\nDe : EDR\nObjet : x\n\nBonjour,\n",
        "On Mon, Nov 23, 2026 at 10:02 AM EDR <relation@edr.example> wrote:\n\n" + QUOTED,
        "________________________________\nFrom: EDR <r@edr.example>\nSent: Monday\nTo: J\nSubject: x\n\nHello\n",
    ],
)
def test_what_a_reply_quotes_is_cut_in_french_and_in_english(header):
    assert new_words(f"Je ne suis pas d’accord.\n\nJeanne\n\n{header}") == "Je ne suis pas d’accord.\n\nJeanne"


def test_an_answer_below_the_quote_is_kept():
    assert new_words("Le 23/11/2026 à 10:02, EDR a écrit :\n" + QUOTED + "\nVoici ma réponse.") == "Voici ma réponse."


@pytest.mark.parametrize(
    "text", ["Le 3 mars, M. Paul a écrit : rien.\n\n-- \nJeanne", "> tout est cité", "", "Bonjour"]
)
def test_nothing_is_cut_where_nothing_is_quoted(text):
    assert new_words(text) == text


def test_a_signature_is_not_part_of_a_bare_word():
    assert bare_words("STOP\n\nEnvoyé de mon iPhone") == "STOP"
    assert bare_words("") == ""


@pytest.mark.parametrize(
    "text",
    ["\n" * 60_000, "On x " * 15_000, "Le " * 20_000, "> " * 30_000, "On a\n" * 15_000, " \n" * 60_000, "_" * 60_000],
)
def test_no_text_keeps_the_reader_busy(text):
    before = time.process_time()
    new_words(text)
    bare_words(text)
    assert time.process_time() - before < 5


def test_plain_words_come_before_html_and_html_alone_is_read():
    assert read(a_mail("En texte", html="<p>En <b>HTML</b></p>")).text == "En texte"
    page = "<style>p{}</style><p>Bonjour,</p><p>Deux<br>lignes <img src='http://t.example/x.gif'></p><script>x</script>"
    words = read(a_mail(None, html=page)).text
    assert [line for line in words.splitlines() if line.strip()] == ["Bonjour,", "Deux", "lignes"]


def test_an_attachment_is_named_and_measured_and_its_words_are_not_the_mails():
    mail = EmailMessage()
    mail["From"] = "jeanne@example.org"
    mail.set_content("Voici la facture.")
    mail.add_attachment(b"PK\x03\x04" + b"0" * 2000, maintype="application", subtype="zip", filename="../../été.zip")
    mail.add_attachment("je me plains", filename="note.txt")
    letter = read(mail.as_bytes())
    assert letter.text == "Voici la facture."
    assert [(one.name, one.media_type, one.size) for one in letter.attachments] == [
        ("../../été.zip", "application/zip", 2004),
        ("note.txt", "text/plain", 13),
    ]


@pytest.mark.parametrize(
    "head, words",
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\n\n\xe9t\xe9", "été"),
        (b"Content-Type: text/plain; charset=utf-8\n\n\xe9t\xe9", "été"),
        (b"Content-Type: text/plain; charset=no-such\n\n\xc3\xa9t\xc3\xa9", "été"),
        (b"Content-Type: text/plain; charset=zlib\n\nx\x9c", "xœ"),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!", ""),
        (b"Content-Type: text/plain; charset=utf-7\n\n+2AA-", "\ufffd"),
        (b"Content-Type: multipart/mixed; boundary=never\n\nBonjour", ""),
        (b"\n\x00abc\x1b[31m\xe2\x80\xaedef", "abc[31mdef"),
    ],
)
def test_an_encoding_that_lies_is_read_as_well_as_can_be(head, words):
    letter = read(b"From: a@b.example\n" + head)
    assert letter.text.strip("?\n ") == words.strip("?\n ") or letter.text == "?"
    letter.text.encode()


def test_headers_in_eight_bits_or_encoded_are_read_on_one_line():
    raw = "From: Éric <Eric@B.example>\nSubject: =?utf-8?q?R=C3=A9clamation?=\n =?utf-8?q?_suite?= né\n\nx".encode()
    letter = read(raw)
    assert (letter.sender, letter.sender_name, letter.subject) == ("eric@b.example", "Éric", "Réclamation suite né")
    folded = b"Subject: =?utf-8?q?Re=3A_Votre_r=C3=A9clamation?=\n R-2026-000123-K\n\nx"
    assert read(folded).subject == "Re: Votre réclamation R-2026-000123-K"
    assert read(b"Subject: =?utf-8?b?////?= =?x?q?\n\nx").subject
    assert "\n" not in read(b"From: a@b.example\nSubject: =?utf-8?q?a=0ABcc:_x@y.example?=\n\nx").subject


def test_a_mail_without_end_inside_itself_is_kept_and_said_to_be_so():
    raw, inner = b"From: a@b.example\n", b""
    for level in range(DEEPEST + 5):
        raw += inner + b"Content-Type: multipart/mixed; boundary=b%d\n\n" % level
        inner = b"--b%d\n" % level
    assert read(raw + inner + b"Content-Type: text/plain\n\nau fond").defects == ("nested-too-deeply",)
    abyss = b"From: a@b.example\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(3000)
    )
    assert read(abyss).defects == ("unreadable",)
    many = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MOST_PARTS + 10)
    assert read(many).defects == ("nested-too-deeply",)


def test_nothing_at_all_is_a_mail_too():
    assert read(b"").defects == ("no-sender",)
    assert read(b"\x00\xff\n\n\n" * 50).sender == ""


def test_a_novel_is_cut_and_said_to_be_cut():
    letter = read(b"From: a@b.example\n\n" + b"a" * (LONGEST + 5))
    assert (len(letter.text), letter.defects) == (LONGEST, ("text-cut",))


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "yes"},
        {"List_Id": "<nouvelles.example.org>"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@example.org"},
        {"sender": "no-reply@example.org"},
        {"sender": "ne-pas-repondre@example.org"},
    ],
)
def test_what_a_machine_wrote_is_known_by_its_headers(headers):
    assert is_automatic(read(a_mail(**headers)))


@pytest.mark.parametrize(
    "headers",
    [{}, {"Auto_Submitted": "no"}, {"Precedence": "first-class"}, {"sender": "norbert@example.org"},
     {"sender": "nora-reply@example.org"}],
)  # fmt: skip
def test_what_a_person_wrote_is_not_taken_for_a_machines(headers):
    assert not is_automatic(read(a_mail(**headers)))


@pytest.mark.parametrize(
    "subject, sounds",
    [("Réponse automatique : votre courrier", True), ("Absence du bureau", True), ("Out of Office: Re: x", True),
     ("Automatic reply: x", True), ("Absence de réponse à ma réclamation", False), ("Re: réponse automatique", False),
     ("Réclamation", False), ("On the bus", False)],
)  # fmt: skip
def test_an_absence_notice_is_known_by_its_subject(subject, sounds):
    assert sounds_automatic(read(a_mail(Subject=subject))) is sounds


class Sent:
    public_id = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "changes, permanent, code",
    [
        ({}, True, "mail-5.1.1"),
        ({"status": "5.2.2", "said": "552 5.2.2 Mailbox full"}, True, "mail-5.2.2"),
        ({"action": "delayed", "status": "4.4.1", "said": ""}, False, "mail-4.4.1"),
        ({"action": "failed", "status": "4.4.7", "said": "expired"}, True, "mail-4.4.7"),
        ({"status": "5.0.0", "said": "smtp; 550 5.7.1 blocked"}, True, "mail-5.0.0"),
        ({"status": "", "said": "no such user"}, True, "mail-5"),
    ],
)
def test_a_standard_bounce_says_what_happened_to_which_mail(changes, permanent, code):
    raw = a_bounce(Sent, **changes)
    bounce = bounce_in(read(raw), raw)
    assert (bounce.public_ids, bounce.recipient) == ((Sent.public_id,), "jeanne@example.org")
    assert (bounce.permanent, bounce.code) == (permanent, code)


QMAIL = """From: MAILER-DAEMON@mail.example.net
To: centre@example.org
Subject: failure notice

Hi. This is the qmail-send program at mail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jeanne@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <centre@example.org>
Message-ID: <0123456789abcdef0123456789abcdef@example.org>
Subject: Votre avis
"""


def test_a_bounce_of_no_standard_is_known_too_but_only_from_a_server_that_returns_our_headers():
    bounce = bounce_in(read(QMAIL.encode()), QMAIL.encode())
    assert (bounce.public_ids, bounce.permanent, bounce.code) == ((Sent.public_id,), True, "mail-5.1.1")
    for lie in (
        QMAIL.replace("MAILER-DAEMON@mail.example.net", "jeanne@example.org"),
        QMAIL.replace("Message-ID: <0123456789abcdef", "Message-ID: <other"),
    ):
        assert bounce_in(read(lie.encode()), lie.encode()) is None


def test_a_report_of_success_is_no_bounce():
    raw = a_bounce(Sent, action="delivered", status="2.0.0", said="250 ok")
    assert bounce_in(read(raw), raw) is None
