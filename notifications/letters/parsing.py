"""From the bytes of an e-mail to its headers, its words and the list of what is attached.

Nothing here trusts the sender: encodings may lie, parts may be nested without end, headers may
hold what they please. Attachments are named and measured, never opened; nothing is fetched.
"""

import email
import email.policy
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message

from notifications.letters import headers
from notifications.letters.attachments import Attachment, attachments_of, is_attached
from notifications.letters.texts import clean, text_of, text_of_html

#: Words beyond this are kept in the file only.
LONGEST = 100_000
DEEPEST, MOST_PARTS = 20, 500


@dataclass(frozen=True)
class Letter:
    """One e-mail as its sender wrote it.

    ``answers`` are the Message-IDs it refers to, the nearest first; ``text`` is all its words;
    ``defects`` are codes of what was wrong with it.
    """

    message: Message
    message_id: str | None
    answers: tuple[str, ...]
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime | None
    language: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    defects: tuple[str, ...] = ()


def read(raw: bytes) -> Letter:
    """Return what ``raw`` says; never raises, whatever it is."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        return _with_words(_envelope(message), message)
    except Exception:  # what strangers send finds the gaps of every parser; the mail itself is kept in any case
        top = email.message_from_bytes(raw.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0] + b"\n\n")
        return replace(_envelope(top), defects=("unreadable",))


def _envelope(message: Message) -> Letter:
    name, address = headers.sender(message)
    return Letter(
        message=message,
        message_id=next(iter(headers.message_ids(message, "Message-ID")), None),
        answers=headers.answers(message),
        sender=address,
        sender_name=name,
        recipients=headers.recipients(message),
        subject=headers.value(message, "Subject"),
        date=headers.date(message),
        language=headers.language(message),
        defects=() if address else ("no-sender",),
    )


def _with_words(letter: Letter, message: Message) -> Letter:
    parts, was_cut = _leaves(message)
    text, lied = _words(parts)
    found = {"nested-too-deeply": was_cut, "encoding-lies": lied, "text-cut": len(text) > LONGEST}
    return replace(
        letter,
        text=text[:LONGEST],
        attachments=attachments_of(parts),
        defects=(*letter.defects, *(code for code, is_so in found.items() if is_so)),
    )


def _leaves(message: Message) -> tuple[list[Message], bool]:
    """Return the parts that hold no others, in order, and whether some lay too deep or were too many to look at."""
    leaves: list[Message] = []
    waiting, was_cut = [(message, 0)], False
    while waiting:
        part, depth = waiting.pop(0)
        inside = part.get_payload()
        if not isinstance(inside, list) or part.get_content_maintype() == "message":
            leaves.append(part)
        elif depth >= DEEPEST or len(leaves) + len(waiting) + len(inside) > MOST_PARTS:
            was_cut = True
        else:
            waiting = [*((one, depth + 1) for one in inside if isinstance(one, Message)), *waiting]
    return leaves, was_cut


def _words(parts: list[Message]) -> tuple[str, bool]:
    """Return the plain words, else those of the HTML, and whether an encoding was not what it said."""
    shown = [part for part in parts if part.get_content_maintype() == "text" and not is_attached(part)]
    plain = [text_of(part) for part in shown if part.get_content_subtype() == "plain"]
    if any(text.strip() for text, _ in plain):
        return "\n\n".join(clean(text) for text, _ in plain).strip(), any(lied for _, lied in plain)
    html = [text_of(part) for part in shown if part.get_content_subtype() == "html"]
    return "\n\n".join(clean(text_of_html(text)) for text, _ in html).strip(), any(lied for _, lied in html)
