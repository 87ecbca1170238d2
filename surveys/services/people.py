"""How surveys let go of one person: words go, links end, and what was answered stays without whose it was."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update

from contacts.services.nobody import cut_loose
from foundation.database import db
from foundation.jobs import services as jobs
from foundation.many import change_each
from foundation.people import Held, Limits, Outcome, Part, Person
from notifications.models import OutboxMessage
from notifications.services.people import erase_messages
from surveys.models import AnswerEvent, AnswerText, AnswerWithdrawal, Invitation
from surveys.pages.words import DISPOSITIONS
from surveys.queries.interviews import ANSWERABLE
from surveys.queries.people import answers_of, asked_of, cut_due, invitations_of, texts_of
from surveys.services.anonymous import forget
from surveys.services.answer_withdrawals import WISHES
from surveys.services.finished_frames import let_customers_go
from surveys.services.invitations import locked_many


class SurveysPart(Part):
    """Invitations and answers."""

    words = {
        "invitations": _l("Invitations to surveys"),
        "answers": _l("Answers"),
        "texts": _l("Words in answers"),
        "links": _l("Links between answers and the person"),
        "disposition": DISPOSITIONS,
        "mode": {"sms": _l("SMS"), "web": _l("on the web"), "file": _l("by file")},
    }

    def held(self, person: Person) -> list[Held]:
        language = str(get_locale() or "fr")
        return [
            Held("invitations", [_invitation(row) for row in invitations_of(person)]),
            Held("answers", answers_of(person, language)),
        ]

    def subjects(self, person: Person) -> set[str]:
        return {f"invitation:{row.id}" for row in invitations_of(person)}

    def outcome(self, person: Person, now: datetime) -> Outcome:
        ids = [row.id for row in invitations_of(person)]
        texts = db.session.scalar(select(func.count()).select_from(texts_of(ids).subquery())) or 0
        answered = select(func.count(AnswerEvent.invitation_id.distinct())).where(AnswerEvent.invitation_id.in_(ids))
        return Outcome({"invitations": len(ids), "texts": texts, "links": db.session.scalar(answered) or 0})

    def erase(self, person: Person, now: datetime) -> Outcome:
        outcome = self.outcome(person, now)
        locked = select(Invitation).where(asked_of(person)).order_by(Invitation.id).with_for_update()
        _close(db.session.scalars(locked).all())
        return outcome

    def active(self, customer_ids: Collection[int], since: datetime) -> set[int]:
        lately = Invitation.created_at >= since
        open_ones = Invitation.disposition.in_(ANSWERABLE) & (
            Invitation.expires_at.is_(None) | (Invitation.expires_at >= since)
        )
        found = select(Invitation.customer_id).where(Invitation.customer_id.in_(customer_ids), lately | open_ones)
        return {one for one in db.session.scalars(found.distinct()) if one is not None}

    def purge(self, limits: Limits, now: datetime, at_most: int) -> int:
        """Old words; and whose the answers of surveys long over are, which afterwards nobody can find out."""
        gone = _purge_texts(limits, at_most) + _purge_links(limits, now, at_most)
        if limits.link is not None:
            gone += let_customers_go(limits.principal_id, limits.link, now, at_most)
        return gone

    def follow(self, kept_id: int, other_id: int) -> dict[str, list[int]]:
        theirs = select(Invitation.id).where(Invitation.customer_id == other_id).order_by(Invitation.id)
        ids = list(db.session.scalars(theirs.with_for_update()))
        change_each(Invitation, ids, customer_id=kept_id)
        return {"invitations": ids}

    def follow_back(self, moved: Mapping[str, list[int]], other_id: int) -> None:
        change_each(Invitation, moved.get("invitations", []), customer_id=other_id)


def _invitation(row: Invitation) -> dict[str, object]:
    return {
        "reference": row.public_id,
        "programme": row.programme.name,
        "at": row.created_at,
        "sent_at": row.sent_at,
        "completed_at": row.completed_at,
        "disposition": row.disposition,
    }


def _close(invitations: Sequence[Invitation]) -> None:
    """Delete words and what is left open, and let the links lead nowhere; where each stood stays."""
    ids = [row.id for row in invitations]
    db.session.execute(delete(AnswerText).where(AnswerText.answer_event_id.in_(texts_of(ids))))
    db.session.execute(update(AnswerWithdrawal).where(AnswerWithdrawal.invitation_id.in_(ids)).values(note=""))
    forget(ids)
    for row in invitations:
        row.token_hash = None
    db.session.flush()
    jobs.forget([f"{row.public_id}{wish}" for row in invitations for wish in WISHES])


def _purge_texts(limits: Limits, at_most: int) -> int:
    if limits.text is None:
        return 0
    old = (
        select(AnswerEvent.id, Invitation.public_id)
        .join(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.principal_id == limits.principal_id, AnswerEvent.at < limits.text)
    )
    rows = db.session.execute(old.order_by(AnswerEvent.id).limit(at_most)).all()
    db.session.execute(delete(AnswerText).where(AnswerText.answer_event_id.in_([row.id for row in rows])))
    jobs.forget([f"{name}{wish}" for name in {row.public_id for row in rows} for wish in WISHES])
    return len(rows)


def _purge_links(limits: Limits, now: datetime, at_most: int) -> int:
    if limits.link is None:
        return 0
    due = cut_due(limits.principal_id, limits.link, now, at_most)
    everyone = [row for rows in due.values() for row in rows]
    about = [f"invitation:{row.id}" for row in everyone]
    sent = select(OutboxMessage.id).where(OutboxMessage.subject_key.in_(about), OutboxMessage.erased_at.is_(None))
    # Messages are locked before invitations, as everywhere.
    erase_messages(db.session.scalars(sent).all(), now)
    _close(locked_many([row.id for row in everyone]))
    for rows in due.values():
        nobody = cut_loose(limits.principal_id, {row.contact_id for row in rows}, now)
        for row in rows:
            row.customer_id = nobody[row.contact_id]
    return len(everyone)
