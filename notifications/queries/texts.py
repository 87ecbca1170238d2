"""What messages say now, what they said before, and what a part costs."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from foundation.database import db
from notifications.models import MessageText, MessageTextVersion, SmsPrice
from notifications.texts import Catalogue, Template, Text, Wordings

IN_FORCE = (MessageTextVersion.text_id == MessageText.id) & (MessageTextVersion.number == MessageText.in_force)


def catalogue() -> Catalogue:
    """Return every registered text."""
    return current_app.extensions["message_texts"]


def in_force() -> Wordings:
    """Return what every text says now, in one short query; ask once for a batch of messages, not for each.

    The words themselves are read once per process: a version never changes, and its hash is its name.
    """
    heads = db.session.execute(
        select(
            MessageText.key, MessageText.channel, MessageText.language,
            MessageTextVersion.id, MessageTextVersion.content_hash,
        ).join(MessageTextVersion, IN_FORCE)
    ).all()  # fmt: skip
    known = _known({head.id: head.content_hash for head in heads})
    templates = {
        (key, channel, language): Template(**known[content_hash], version_id=version_id)
        for key, channel, language, version_id, content_hash in heads
    }
    return Wordings(catalogue(), templates)


def _known(wanted: dict[int, str]) -> dict[str, dict[str, Any]]:
    """The words of versions by their hash, from this process's memory and, for new ones, from the database."""
    known: dict[str, dict[str, Any]] = current_app.extensions.setdefault("message_text_words", {})
    missing = [version_id for version_id, content_hash in wanted.items() if content_hash not in known]
    if missing:
        for row in db.session.scalars(select(MessageTextVersion).where(MessageTextVersion.id.in_(missing))):
            known[row.content_hash] = {"body": row.body, "subject": row.subject, "folded": row.folded}
    return known


def head(key: str, channel: str, language: str) -> MessageText | None:
    """Return the row of a text that has versions; None while it says the product's own words."""
    return db.session.scalars(select(MessageText).filter_by(key=key, channel=channel, language=language)).one_or_none()


def versions(row: MessageText | None) -> list[MessageTextVersion]:
    """Return every version of a text, the newest first."""
    if row is None:
        return []
    found = select(MessageTextVersion).filter_by(text_id=row.id).order_by(MessageTextVersion.number.desc())
    return list(db.session.scalars(found))


def words_of(text: Text, language: str, row: MessageText | None, number: int | None) -> Template | None:
    """Return the words of a version; those of the product for 0 or None, None for a number that is not there."""
    if not number:
        return text.defaults[language]
    version = next((version for version in versions(row) if version.number == number), None)
    return version and Template(version.body, version.subject, version.folded, version.id)


@dataclass(frozen=True)
class Source:
    """The version that a message was written from."""

    key: str
    channel: str
    language: str
    number: int


def source_of(version_id: int | None) -> Source | None:
    """Return which text and version a message was written from; None for the product's own words."""
    if version_id is None:
        return None
    found = db.session.execute(
        select(MessageText.key, MessageText.channel, MessageText.language, MessageTextVersion.number)
        .join(MessageTextVersion, MessageTextVersion.text_id == MessageText.id)
        .where(MessageTextVersion.id == version_id)
    ).one_or_none()
    return Source(*found) if found else None


def price() -> SmsPrice | None:
    """Return what a part costs; None while nobody wrote it down."""
    return db.session.get(SmsPrice, 1)


def numbers_in_force() -> dict[tuple[str, str, str], int]:
    """Return the number of the version in force of every text that has one."""
    rows = db.session.execute(
        select(MessageText.key, MessageText.channel, MessageText.language, MessageText.in_force).where(
            MessageText.in_force.is_not(None)
        )
    )
    return {(key, channel, language): number for key, channel, language, number in rows}
