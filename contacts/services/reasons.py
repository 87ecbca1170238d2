"""The tree of reasons of a principal: drafted, published, replaced; and the words that stand for its leaves."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from contacts.models import Contact, ReasonVersion, ReasonWord
from contacts.queries.reasons import published_tree, reasons_in_force
from contacts.reason_trees import Node, as_json, from_json, leaves
from contacts.reasons import word_key
from contacts.services import gates
from contacts.services.open_contacts import in_open_periods
from foundation.database import db
from foundation.ledger import services as ledger

NO_SYNC = {"synchronize_session": False}


class ReasonsRefused(Exception):
    """``changed-meanwhile``, ``no-draft`` or ``no-such-leaf``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draft_of(principal_id: int) -> ReasonVersion | None:
    """The draft of the principal's next tree, if there is one."""
    return db.session.scalars(select(ReasonVersion).filter_by(principal_id=principal_id, state="draft")).first()


def save_tree(
    principal_id: int, version: int, nodes: Sequence[Node], now: datetime, actor_id: int | None = None
) -> ReasonVersion:
    """Keep the nodes as the draft; ``version`` is the draft's, 0 where there was none. Raises ReasonsRefused."""
    gates.enter(principal_id)
    draft = draft_of(principal_id)
    if (draft.version if draft else 0) != version:
        raise ReasonsRefused("changed-meanwhile")
    if draft is None:
        draft = ReasonVersion(principal_id=principal_id, number=_next_number(principal_id), created_at=now, version=0)
        draft.created_by = actor_id
        db.session.add(draft)
    draft.nodes, draft.version = as_json(nodes), draft.version + 1
    db.session.flush()
    return draft


def discard_tree(principal_id: int) -> None:
    """Throw the draft away."""
    gates.enter(principal_id)
    draft = draft_of(principal_id)
    if draft is not None:
        db.session.delete(draft)


def publish_tree(principal_id: int, version: int, now: datetime, actor_id: int | None = None) -> int:
    """Put the draft in force in place of the version before, and read the words of open periods that had no leaf yet.

    Contacts that have a leaf keep it, and the version it is of. Returns how many contacts got one. Raises
    ReasonsRefused.
    """
    gates.enter(principal_id)
    draft = draft_of(principal_id)
    if draft is None:
        raise ReasonsRefused("no-draft")
    if draft.version != version:
        raise ReasonsRefused("changed-meanwhile")
    before = published_tree(principal_id)
    if before is not None:
        before.state, before.replaced_at = "replaced", now
        db.session.flush()
    draft.state, draft.published_at, draft.published_by = "published", now, actor_id
    db.session.flush()
    facts = {"number": draft.number, "nodes": draft.nodes}
    ledger.record("contacts.reasons-published", f"reasons:{draft.id}", facts, now, actor_id, principal_id=principal_id)
    return resolve_open(principal_id)


def map_word(principal_id: int, source: str, said: str, code: str, now: datetime, actor_id: int | None = None) -> int:
    """Let a word of a log stand for a leaf; returns how many contacts of open periods it resolved.

    Raises ReasonsRefused.
    """
    gates.enter(principal_id)
    tree = published_tree(principal_id)
    if tree is None or code not in leaves(from_json(tree.nodes)):
        raise ReasonsRefused("no-such-leaf")
    key = {"principal_id": principal_id, "source": source, "word": word_key(said)}
    word = db.session.scalars(select(ReasonWord).filter_by(**key)).first()
    if word is None:
        word = ReasonWord(**key, created_at=now)
        db.session.add(word)
    word.code, word.created_by = code, actor_id
    db.session.flush()
    resolved = resolve_open(principal_id, {source})
    facts: dict[str, Any] = {"source": source, "word": key["word"], "code": code, "contacts": resolved}
    ledger.record("contacts.reason-mapped", f"reasons:{tree.id}", facts, now, actor_id, principal_id=principal_id)
    return resolved


def resolve_open(principal_id: int, sources: Collection[str] = ()) -> int:
    """Give the contacts of open periods that have no leaf the one their word stands for now; return how many got one.

    ``sources`` names the logs to look at, all if empty. The caller is inside the gate of the principal.
    """
    reasons = reasons_in_force(principal_id)
    waiting = [in_open_periods(principal_id), Contact.reason_leaf == "", Contact.reason != ""]
    if sources:
        waiting.append(Contact.source.in_(list(sources)))
    said = db.session.execute(select(Contact.source, Contact.reason).where(*waiting).distinct()).all()
    resolved = 0
    for source, reason in said:
        leaf = reasons.resolve(source, reason)
        if leaf.code:
            these = update(Contact).where(*waiting, Contact.source == source, Contact.reason == reason)
            values = {"reason_version_id": reasons.version_id, "reason_leaf": leaf.code, "reason_group": leaf.group}
            resolved += int(db.session.execute(these.values(values), execution_options=NO_SYNC).rowcount)
    return resolved


def _next_number(principal_id: int) -> int:
    last = select(func.max(ReasonVersion.number)).where(ReasonVersion.principal_id == principal_id)
    return (db.session.scalar(last) or 0) + 1
