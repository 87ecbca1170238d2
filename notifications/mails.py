"""An e-mail as it goes out: headers that stay the same however often it is sent."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from notifications.letterhead import html_of
from notifications.providers import Outgoing

REFERENCE = "X-Satisfecit-Message"
#: What nobody wrote by hand. No machine should answer these (RFC 3834), and none of ours ever does.
AUTOMATIC = frozenset({"survey", "reminder", "interview", "acknowledgement", "alert", "account", "confirmation"})
# Left as they are by every server on the way, so that a signature made over them holds.
_ENCODING = "quoted-printable"


def build(message: Outgoing, sender: str, domain: str) -> EmailMessage:
    """Return the e-mail; its Message-ID depends on the message alone, so a second copy is known as one.

    ``sender`` is the address it leaves under, which our own domain vouches for; an answer goes to the sender of the
    message where it has one.
    """
    mail = EmailMessage()
    mail["From"] = _from(message.brand, sender)
    if "@" in message.sender:
        mail["Reply-To"] = one_line(message.sender)
    mail["To"] = with_ascii_domain(one_line(message.recipient))
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = message_id(message.public_id, domain)
    _set_thread(mail, message, domain)
    _set_marks(mail, message)
    mail.set_content(message.body, cte=_ENCODING)
    html = message.html or html_of(message.body, message.subject, message.brand, message.language)
    mail.add_alternative(html, subtype="html", cte=_ENCODING)
    # Else chance would draw one, and no two copies would be the same.
    mail.set_boundary(f"={message.public_id}=")
    return mail


def message_id(public_id: str, domain: str) -> str:
    """Return the Message-ID of one message of ours."""
    return f"<{public_id}@{domain}>"


def one_line(text: str) -> str:
    """Return ``text`` without line breaks: a header takes none, and must not become two."""
    return " ".join(text.split())


def with_ascii_domain(address: str) -> str:
    """Return ``address`` with its domain as every server knows it; as it is where that cannot be done."""
    name, at, domain = address.rpartition("@")
    try:
        return name + at + (domain if domain.isascii() else domain.encode("idna").decode())
    except UnicodeError:
        return address


def _from(brand: str, sender: str) -> Address | str:
    name, address = parseaddr(sender)
    shown = one_line(brand) or name
    return Address(shown, addr_spec=address) if shown else address


def _set_thread(mail: EmailMessage, message: Outgoing, domain: str) -> None:
    """All mails of one matter hang on one Message-ID that nobody sent, so that they stay together in a mail reader."""
    root = [f"<{message.thread}@{domain}>"] if message.thread else []
    chain = [*root, *([one_line(message.in_reply_to)] if message.in_reply_to else [])]
    if chain:
        mail["In-Reply-To"], mail["References"] = chain[-1], " ".join(chain)


def _set_marks(mail: EmailMessage, message: Outgoing) -> None:
    mail["Content-Language"] = message.language
    if message.purpose in AUTOMATIC:
        mail["Auto-Submitted"] = "auto-replied" if message.in_reply_to else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail[REFERENCE] = message.public_id
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
