"""Comments whose writers are known to us: found newest first, page by page, within somebody's scope."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from contacts.models import Contact, Period, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.texts import fill
from satisfaction.comments import BANDS, Comment, Page, Wanted, band_of
from satisfaction.models import CommentCode, CommentTag
from satisfaction.rolling import DECIDING
from surveys.definitions import CompiledVersion
from surveys.models import AnswerEvent, AnswerText, Draw, Invitation, ProgrammeVersion, QuestionnaireVersion
from surveys.questionnaires import compile_version
from surveys.themes import THEMES

AT_ONCE = 25
#: Where an invitation stands whose words are read: not of those who took their answers back or are somebody else.
READ = ("started", "partial", "broken_off", "completed")


@dataclass(frozen=True)
class Asked:
    """What the versions of the programmes asked, by the id of the version."""

    versions: Mapping[int, CompiledVersion]
    brand: str = ""

    def title(self, version_id: int, question_id: str, language: str) -> str:
        """The question as it was asked; its id where the version does not know it."""
        version = self.versions.get(version_id)
        question = version and version.question(question_id)
        return fill(question.title[version.speaks(language)], brand=self.brand) if version and question else question_id

    def theme(self, version_id: int, question_id: str) -> str:
        version = self.versions.get(version_id)
        question = version and version.question(question_id)
        return (question.theme or "") if question else ""

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes of questions that take words, in the order of the house."""
        found = {one.theme for version in self.versions.values() for one in version.questions if one.type.holds_words}
        return tuple(theme for theme in THEMES if theme in found)

    def score_id(self, version_id: int) -> str | None:
        """The id of the question whose answer is the score."""
        version = self.versions.get(version_id)
        return version.score.id if version and version.score else None


def asked_in(programme_ids: Collection[int], brand: str = "") -> Asked:
    """What these programmes have asked so far, all of one principal; ``brand`` is its name in their questions."""
    rows = db.session.scalars(
        select(QuestionnaireVersion)
        .join(ProgrammeVersion, ProgrammeVersion.version_id == QuestionnaireVersion.id)
        .where(ProgrammeVersion.programme_id.in_(programme_ids))
    )
    return Asked({row.id: compile_version(row.definition) for row in rows}, brand)


def comments(wanted: Wanted, scope: Scope, asked: Asked, language: str, at_most: int = AT_ONCE) -> Page:
    """The newest of the comments that are wanted."""
    rows = db.session.execute(_found(wanted, scope, asked).limit(at_most + 1)).all()
    shown = rows[:at_most]
    scores = _scores([row.invitation_id for row in shown], asked)
    told = tuple(_comment(row, scores.get(row.invitation_id), asked, language) for row in shown)
    return Page(told, shown[-1].id if len(rows) > at_most else None)


def comment_of(event_id: int, scope: Scope, language: str) -> tuple[Comment, Invitation] | None:
    """Words of one event and the invitation it belongs to; None where there is none in scope.

    Also what stands in no list, as words that were no answer or were corrected since: an alert may lead to them.
    """
    found = db.session.execute(_words(scope).where(AnswerEvent.id == event_id)).first()
    if found is None:
        return None
    invitation = db.session.get_one(Invitation, found.invitation_id)
    brand = db.session.get_one(Principal, invitation.principal_id).brand
    asked = asked_in([invitation.programme_id], brand)
    score = _scores([invitation.id], asked).get(invitation.id)
    return _comment(found, score, asked, language), invitation


def _comment(row: Any, score: int | None, asked: Asked, language: str) -> Comment:
    return Comment(
        key=f"event:{row.id}",
        words=row.text,
        question=asked.title(row.version_id, row.question_id or "", language),
        theme=asked.theme(row.version_id, row.question_id or ""),
        programme_id=row.programme_id,
        days=(row.first_day, row.last_day) if row.first_day else None,
        site=row.site,
        channel=row.channel,
        score=score,
        band=band_of(score),
        at=row.at,
        invitation_id=row.invitation_id,
    )


def _statement(scope: Scope) -> Select[Any]:
    """The current words of answers; a later event of the same question takes their place."""
    later = aliased(AnswerEvent)
    replaced = exists().where(
        later.invitation_id == AnswerEvent.invitation_id,
        later.question_id == AnswerEvent.question_id,
        later.kind.in_(DECIDING),
        later.position > AnswerEvent.position,
    )
    return _words(scope).where(AnswerEvent.kind == "answer", Invitation.disposition.in_(READ), ~replaced)


def _words(scope: Scope) -> Select[Any]:
    """All words in scope, with where they come from."""
    statement = (
        select(
            *(AnswerEvent.id, AnswerEvent.at, AnswerEvent.version_id, AnswerEvent.question_id, AnswerText.text),
            *(Invitation.id.label("invitation_id"), Invitation.programme_id, Site.key.label("site"), Contact.channel),
            *(Period.first_day, Period.last_day),
        )
        .select_from(AnswerEvent)
        .join(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(Site, Site.id == Invitation.site_id)
        .join(Draw, Draw.id == Invitation.draw_id)
        .outerjoin(Period, Period.id == Draw.period_id)
        .where(AnswerText.text != "")
    )
    return scoped(statement, scope, principal=Invitation.principal_id, site=Invitation.site_id)


def _found(wanted: Wanted, scope: Scope, asked: Asked) -> Select[Any]:
    statement = _statement(scope).where(Invitation.principal_id == wanted.principal_id)
    if wanted.programme_id is not None:
        statement = statement.where(Invitation.programme_id == wanted.programme_id)
    if wanted.days:
        statement = statement.where(Period.first_day >= wanted.days[0], Period.last_day <= wanted.days[1])
    if wanted.site:
        statement = statement.where(Site.key == wanted.site)
    if wanted.channel:
        statement = statement.where(Contact.channel == wanted.channel)
    if wanted.band:
        statement = statement.where(_scored(BANDS[wanted.band], asked))
    if wanted.theme:
        statement = statement.where(_about(wanted.theme, asked))
    if wanted.code_id is not None:
        statement = statement.where(_tagged(wanted.code_id))
    if wanted.words:
        statement = statement.where(AnswerText.text.icontains(wanted.words, autoescape=True))
    if wanted.before:
        statement = statement.where(AnswerEvent.id < wanted.before)
    return statement.order_by(AnswerEvent.id.desc())


def _scored(scores: Sequence[int], asked: Asked) -> ColumnElement[bool]:
    """Whether the interview stands at one of these scores."""
    given, later = aliased(AnswerEvent), aliased(AnswerEvent)
    replaced = exists().where(
        later.invitation_id == given.invitation_id,
        later.question_id == given.question_id,
        later.kind.in_(DECIDING),
        later.position > given.position,
    )
    return exists().where(
        given.invitation_id == Invitation.id,
        given.kind == "answer",
        cast(given.value, String).in_([str(score) for score in scores]),
        _is_score(given, asked, AnswerEvent.version_id),
        ~replaced,
    )


def _is_score(event: Any, asked: Asked, version: Any) -> ColumnElement[bool]:
    """Whether an event answers the question that is the score of ``version``, the column of one of its interview.

    Not its own where events are looked up one by one: SQLite would read all answers to that question each time.
    """
    by_question: dict[str, list[int]] = {}
    for version_id in asked.versions:
        if question_id := asked.score_id(version_id):
            by_question.setdefault(question_id, []).append(version_id)
    ways = [and_(event.question_id == name, version.in_(ids)) for name, ids in by_question.items()]
    return or_(false(), *ways)


def _about(theme: str, asked: Asked) -> ColumnElement[bool]:
    """Whether the question the words answer is one of a theme, or a tag of theirs."""
    ways = [
        and_(AnswerEvent.version_id == version_id, AnswerEvent.question_id == question.id)
        for version_id, version in asked.versions.items()
        for question in version.questions
        if question.theme == theme
    ]
    codes = select(CommentCode.id).where(CommentCode.theme == theme)
    given = exists().where(CommentTag.comment == _name(), CommentTag.code_id.in_(codes))
    return or_(given, *ways)


def _tagged(code_id: int) -> ColumnElement[bool]:
    """Whether the comment bears a code; for 0, whether it bears none."""
    if code_id == 0:
        return ~exists().where(CommentTag.comment == _name())
    return exists().where(CommentTag.comment == _name(), CommentTag.code_id == code_id)


def _name() -> ColumnElement[str]:
    """What a comment is called by those who tag it."""
    return literal("event:").concat(cast(AnswerEvent.id, String))


def count(wanted: Wanted, scope: Scope, asked: Asked) -> int:
    """How many comments are wanted."""
    found = _found(wanted, scope, asked).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _scores(invitation_ids: Collection[int], asked: Asked) -> dict[int, int]:
    """Interview → the score it stands at."""
    rows = db.session.execute(
        select(AnswerEvent.invitation_id, AnswerEvent.kind, AnswerEvent.value)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(AnswerEvent.invitation_id.in_(invitation_ids), AnswerEvent.kind.in_(DECIDING))
        .where(_is_score(AnswerEvent, asked, Invitation.version_id))
        .order_by(AnswerEvent.invitation_id, AnswerEvent.position)
    )
    standing = {row.invitation_id: row.value if row.kind == "answer" else None for row in rows}
    return {invitation_id: value for invitation_id, value in standing.items() if isinstance(value, int)}
