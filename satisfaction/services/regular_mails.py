"""Writing the mails about the figures, and keeping who wants them."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from contacts.models import Principal
from foundation.accounts.models import User
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.ledger import services as ledger
from foundation.web.i18n import speaking
from notifications.models import OutboxMessage
from notifications.queries.alerts import reader_of
from notifications.services.messages import enqueue
from satisfaction import pages
from satisfaction.models import RegularMail
from satisfaction.queries import programmes
from satisfaction.queries.regular_mails import Due, readers_of, row_of
from satisfaction.regular_mails import PACK, RHYTHMS, WEEK, WEEKLY
from satisfaction.services.standing import board
from satisfaction.services.week import week_of


class MailRefused(Exception):
    """A pack that cannot be sent so; ``code``: unknown-reader (may not see these figures) or unknown-rhythm."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def write(due: Due, now: datetime, public_url: str) -> OutboxMessage | None:
    """Put one mail into the outbox, in its reader's language and of what they may see; None: there is nothing to say.

    Asked for twice it is one mail.
    """
    with speaking(reader_of(due.user.id).language):
        said = week_mail(due.user, now, public_url) if due.kind == WEEK else _pack(due, now, public_url)
        return _enqueue(due, *said, now) if said else None


def _pack(due: Due, now: datetime, public_url: str) -> tuple[str, str] | None:
    owner = db.session.get(Principal, due.principal_id)
    said = pack_mail(due.user, owner, now, public_url) if owner else None
    if owner and said:
        ledger.log_access(f"report:{owner.key}", now, due.user.id, pack=due.key)
    return said


def _enqueue(due: Due, subject: str, body: str, now: datetime) -> OutboxMessage:
    reader = reader_of(due.user.id)
    return enqueue(
        channel="email",
        recipient=due.user.email,
        subject=subject,
        body=body,
        purpose="alert",
        business_key=due.key,
        subject_key=f"staff:{due.user.id}",
        language=reader.language,
        zone=reader.zone,
        now=now,
    )


def week_mail(user: User, now: datetime, public_url: str) -> tuple[str, str]:
    """Subject and text of somebody's week; where nothing waits it says so."""
    week = week_of(now, user.scope, user.permissions)
    body = _rendered("week_mail", name=user.name, week=week, public_url=public_url.rstrip("/"))
    return _("Satisfaction: your week"), body


def pack_mail(user: User, principal: Principal, now: datetime, public_url: str) -> tuple[str, str] | None:
    """Subject and text of a principal's pack as ``user`` may see it; None before any period was drawn."""
    scope = Scope(frozenset({principal.id}), user.scope.site_ids)
    choice = pages.home_choice(scope, {})
    shown = board(choice.span, now, scope, principal) if choice.span else None
    if choice.span is None or shown is None or not shown.coverage:
        return None
    span = pages.span_words(choice.span, inside=True)
    body = _rendered(
        "pack_mail",
        name=user.name,
        principal=principal,
        board=shown,
        span=span,
        period=pages.written_span(*choice.span),
        sites=programmes.site_names(scope),
        names={each.key: each.name for each in choice.programmes},
        public_url=public_url.rstrip("/"),
    )
    return _("%(principal)s, %(period)s: satisfaction", principal=principal.name, period=span), body


def _rendered(mail: str, **values: object) -> str:
    # Not render_template: what every page is given is asked of a visitor, and there is none.
    return current_app.jinja_env.get_template(f"satisfaction/{mail}.txt").render(**values)


def choose_week(user: User, is_on: bool, now: datetime) -> None:
    """Keep whether somebody wants their week by mail."""
    _keep(user.id, WEEK, 0, WEEKLY, is_on, now, user.id)


def schedule_pack(principal_id: int, user_id: int, rhythm: str, now: datetime, actor_id: int) -> None:
    """Let somebody get the pack of a principal whose figures they may see. Raises MailRefused."""
    if user_id not in {user.id for user in readers_of(principal_id)}:
        raise MailRefused("unknown-reader")
    if rhythm not in RHYTHMS:
        raise MailRefused("unknown-rhythm")
    _keep(user_id, PACK, principal_id, rhythm, True, now, actor_id)


def end_pack(principal_id: int, user_id: int, now: datetime, actor_id: int) -> None:
    """Send somebody the pack of a principal no more; who does not get it stays so."""
    row = row_of(user_id, PACK, principal_id)
    if row is not None:
        _keep(user_id, PACK, principal_id, row.rhythm, False, now, actor_id)


def _keep(user_id: int, kind: str, principal_id: int, rhythm: str, is_on: bool, now: datetime, actor_id: int) -> None:
    row = row_of(user_id, kind, principal_id) or RegularMail(
        user_id=user_id, kind=kind, principal_id=principal_id, is_on=False, since=now
    )
    # What was wanted all along keeps its moment; what is wanted anew begins now.
    row.since = row.since if row.is_on and is_on else now
    row.rhythm, row.is_on, row.changed_by = rhythm, is_on, actor_id
    db.session.add(row)
    db.session.flush()
