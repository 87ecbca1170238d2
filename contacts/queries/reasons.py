"""The tree of reasons in force, and the words that stand for its leaves."""

from sqlalchemy import select

from contacts.models import ReasonVersion, ReasonWord
from contacts.reason_trees import from_json, leaves, own_words
from contacts.reasons import NO_REASONS, Reasons
from foundation.database import db


def published_tree(principal_id: int) -> ReasonVersion | None:
    """The version of the principal's tree that is in force."""
    return db.session.scalars(select(ReasonVersion).filter_by(principal_id=principal_id, state="published")).first()


def reasons_in_force(principal_id: int) -> Reasons:
    """What the words of this principal's logs stand for now; nothing where no tree is published."""
    version = published_tree(principal_id)
    if version is None:
        return NO_REASONS
    nodes = from_json(version.nodes)
    known = leaves(nodes)
    mapped = db.session.scalars(select(ReasonWord).filter_by(principal_id=principal_id))
    said = {(row.source, row.word): known[row.code] for row in mapped if row.code in known}
    return Reasons(version.id, own_words(nodes) | said)
