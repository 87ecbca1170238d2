"""Putting words in force: new ones, older ones, or the product's own again."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import func, select

from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger
from notifications.errors import NotificationRefused
from notifications.models import MessageText, MessageTextVersion, SmsPrice
from notifications.texts import Problem, Template, Text, problems, tidy


class TextRefused(NotificationRefused):
    """Words that may not be put in force; ``problems`` says why."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("text-refused", problems=[problem.code for problem in found])
        self.problems = found


def save(
    text: Text, language: str, template: Template, note: str, seen: int, now: datetime, actor_id: int
) -> MessageTextVersion:
    """Keep ``template`` as the next version of the text and put it in force; return it.

    Messages that wait already keep their words. ``seen`` is the count of changes the writer saw, 0 for a text nobody
    changed yet. Raises TextRefused for words that may not be sent, NotificationRefused ``stale-text`` when somebody
    else was quicker and ``same-words`` when nothing would change.
    """
    template = Template(tidy(template.body), tidy(template.subject), template.folded and text.channel == "sms")
    if found := problems(text, language, template):
        raise TextRefused(found)
    row = _locked(text, language, seen, now)
    if _in_force(row, text, language) == template:
        raise NotificationRefused("same-words")
    last = db.session.scalar(select(func.max(MessageTextVersion.number)).filter_by(text_id=row.id)) or 0
    version = MessageTextVersion(
        text_id=row.id,
        number=last + 1,
        subject=template.subject,
        body=template.body,
        folded=template.folded,
        content_hash=content_hash(template),
        note=note.strip(),
        author_id=actor_id,
        created_at=now,
    )
    db.session.add(version)
    _put_in_force(row, version.number, version.content_hash, now, actor_id)
    return version


def restore(text: Text, language: str, number: int, seen: int, now: datetime, actor_id: int) -> MessageText:
    """Put an older version in force again, or with 0 the product's own words; return the text's row.

    Raises NotificationRefused ``unknown-version``, ``stale-text``, and TextRefused for words that today may not be
    sent any more.
    """
    row = _locked(text, language, seen, now)
    version = db.session.scalars(select(MessageTextVersion).filter_by(text_id=row.id, number=number)).one_or_none()
    if number and version is None:
        raise NotificationRefused("unknown-version", number=number)
    if version is not None:
        found = problems(text, language, Template(version.body, version.subject, version.folded))
        if found:
            raise TextRefused(found)
    _put_in_force(row, number or None, version.content_hash if version else None, now, actor_id)
    return row


def set_price(millionths: int, currency: str, now: datetime, actor_id: int) -> None:
    """Write down what one part costs, in millionths of ``currency``, to show what texts cost."""
    values = {"id": 1, "millionths": millionths, "currency": currency, "changed_at": now, "changed_by": actor_id}
    if not insert_if_absent(SmsPrice, [values], ["id"]):
        price = db.session.scalars(select(SmsPrice).filter_by(id=1).with_for_update()).one()
        price.millionths, price.currency, price.changed_at, price.changed_by = millionths, currency, now, actor_id
    ledger.record("notifications.price", "sms", {"millionths": millionths, "currency": currency}, now, actor_id)


def content_hash(template: Template) -> str:
    """Return the SHA-256 that names these words, whatever text says them."""
    written = json.dumps([template.subject, template.body, template.folded], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _locked(text: Text, language: str, seen: int, now: datetime) -> MessageText:
    """The row of the text, made if need be, that nobody else changes until the transaction ends."""
    place = {"key": text.key, "channel": text.channel, "language": language}
    insert_if_absent(MessageText, [{**place, "version": 0, "changed_at": now}], ["key", "channel", "language"])
    locked = select(MessageText).filter_by(**place).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(locked).one()
    if row.version != seen:
        raise NotificationRefused("stale-text", seen=seen, version=row.version)
    return row


def _in_force(row: MessageText, text: Text, language: str) -> Template:
    if row.in_force is None:
        return text.defaults[language]
    version = db.session.scalars(select(MessageTextVersion).filter_by(text_id=row.id, number=row.in_force)).one()
    return Template(version.body, version.subject, version.folded)


def _put_in_force(row: MessageText, number: int | None, named: str | None, now: datetime, actor_id: int) -> None:
    facts = {"in_force": number or 0, "was": row.in_force or 0, "sha256": named}
    row.in_force, row.version, row.changed_at, row.changed_by = number, row.version + 1, now, actor_id
    db.session.flush()
    ledger.record("notifications.text", f"text:{row.key}:{row.channel}:{row.language}", facts, now, actor_id)
