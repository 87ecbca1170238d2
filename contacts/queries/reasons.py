"""The tree of reasons in force, and the words that stand for its leaves."""

from dataclasses import dataclass

from sqlalchemy import func, select

from contacts.models import Contact, ReasonVersion, ReasonWord
from contacts.reason_trees import from_json, leaves, own_words
from contacts.reasons import NO_REASONS, Reasons
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
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


def trees(principal_id: int) -> list[ReasonVersion]:
    """Every version of the principal's tree, the latest first."""
    statement = select(ReasonVersion).filter_by(principal_id=principal_id).order_by(ReasonVersion.number.desc())
    return list(db.session.scalars(statement))


def reason_labels(principal_id: int, language: str) -> dict[str, str]:
    """What every code of the principal's tree is called, as its latest published version that has it calls it."""
    published = [version for version in reversed(trees(principal_id)) if version.published_at]
    return {node.code: node.label(language) for version in published for node in from_json(version.nodes)}


@dataclass(frozen=True)
class Unmapped:
    """A word of a log that stands for no leaf, and how many contacts said it."""

    source: str
    said: str
    contacts: int


def unmapped(principal_id: int, scope: Scope = EVERYTHING) -> list[Unmapped]:
    """The words that no leaf is known for, the most often said first, those of closed periods too."""
    statement = (
        select(Contact.source, Contact.reason, func.count())
        .where(Contact.principal_id == principal_id, Contact.reason_leaf == "", Contact.reason != "")
        .group_by(Contact.source, Contact.reason)
        .order_by(func.count().desc(), Contact.reason)
    )
    known = reasons_in_force(principal_id)
    rows = db.session.execute(scoped(statement, scope, Contact.principal_id, Contact.site_id))
    return [Unmapped(*row) for row in rows if not known.resolve(row.source, row.reason).code]


def leaf_counts(principal_id: int, scope: Scope = EVERYTHING) -> dict[str, int]:
    """Contacts by leaf, under ``""`` those without one."""
    statement = (
        select(Contact.reason_leaf, func.count())
        .where(Contact.principal_id == principal_id)
        .group_by(Contact.reason_leaf)
    )
    rows = db.session.execute(scoped(statement, scope, Contact.principal_id, Contact.site_id))
    return {row.reason_leaf: row[1] for row in rows}


def words_of(principal_id: int) -> list[ReasonWord]:
    """The words that were mapped, by source and word."""
    statement = select(ReasonWord).filter_by(principal_id=principal_id).order_by(ReasonWord.source, ReasonWord.word)
    return list(db.session.scalars(statement))
