"""Loading the demo centre: a month of contacts, surveyed and complained about, as people would have done it.

Everything goes through the services that pages use, at the moments at which it would have happened: the clock of
this process is set back and runs forward.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

import contacts.services as contacts
import notifications.services as messages
import surveys.services.programmes as programmes
import surveys.services.questionnaires as questionnaires
from contacts.mapping import from_json
from contacts.models import Principal
from contacts.queries.days import daily_counts
from demo.agenda import Agenda
from demo.agreements import TITLE as COMMITMENTS
from demo.agreements import commit_to_targets
from demo.answering import plan_answers
from demo.centre import CLIENTS, PASSWORD, SITES, STAFF, Client
from demo.elsewhere import TITLE as ELSEWHERE
from demo.elsewhere import bring_from_elsewhere
from demo.log import MAPPING, log_of
from demo.poster import plan_poster
from demo.running import TITLE, begin, plan_days
from demo.scope import agree, set_scope
from demo.staffing import TITLE as INFORMED
from demo.staffing import inform_staff
from demo.tagging import TITLE as COMMENTS
from demo.tagging import read_comments
from demo.telling import plan_stories, work_through
from foundation.accounts import services as accounts
from foundation.accounts.models import User
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.jobs.services import enqueue
from foundation.web import clock
from notifications.alerting import HOURLY, Reader
from satisfaction.regular_mails import MONTHLY
from satisfaction.services import explaining
from satisfaction.services.regular_mails import schedule_pack
from surveys.eligibility import Rules
from surveys.models import Programme, QuestionnaireVersion
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.seeds import commit_seed
from surveys.storage import model_definition
from surveys.terms import Terms

ZONE = ZoneInfo("Europe/Paris")
SIZES = {"belline": 900, "energie-rhone": 500}
#: The client whose customers are reminded once, a week after the invitation.
REMINDED = "energie-rhone"


def is_empty() -> bool:
    """Whether the database holds nobody yet, so that loading harms nothing."""
    return db.session.scalar(select(User.id).limit(1)) is None and db.session.scalar(select(Principal.id)) is None


def load(app: Flask) -> Iterator[str]:
    """Load the demo centre, committing as it goes; yields the name of each part of it as it begins."""
    now = clock.utc_now()
    drawn_at = datetime.combine((now - timedelta(days=8)).astimezone(ZONE).date(), time(9, 0), ZONE)
    agenda = Agenda(app)
    try:
        clock.start_at(datetime.combine(month_before(drawn_at.date())[0] - timedelta(days=40), time(9, 0), ZONE))
        yield "principals, sites and staff"
        _settle()
        _plan(agenda, app.config["SECRET_KEY"], drawn_at, now)
        yield from agenda.run()
        clock.start_at(None)
        run_until_idle(app)
    finally:
        clock.start_at(None)


def _plan(agenda: Agenda, secret: str, drawn_at: datetime, now: datetime) -> None:
    """What happens after the first day: nothing is told twice, and each thing at its own moment."""
    month = month_before(drawn_at.date())
    running = month_before(drawn_at.date().replace(day=28) + timedelta(days=4))
    admin, quality = _staff("admin"), _staff("quality")
    settled = clock.utc_now()
    agenda.plan(settled + timedelta(hours=1), "entry points, certified sites, reasons", partial(_set_scope, month))
    agenda.plan(settled + timedelta(hours=2), "an agreement", partial(agree, admin), settles=False)
    plan_stories(agenda, now, month)
    for client in CLIENTS:
        _plan_survey(agenda, client, month, drawn_at)
    for minutes in (1, 5, 10):
        agenda.plan(drawn_at + timedelta(minutes=minutes), "invitations", _nothing)
    answers = partial(plan_answers, agenda, "answers", drawn_at, now)
    agenda.plan(drawn_at + timedelta(minutes=11), "answers", answers, settles=False)
    begins = datetime.combine(month[1], time(15, 0), ZONE)
    version_id = db.session.scalars(select(QuestionnaireVersion.id)).one()
    agenda.plan(begins, TITLE, partial(begin, version_id, running, quality), settles=False)
    plan_days(agenda, running, now, quality)
    plan_poster(agenda, secret, drawn_at + timedelta(hours=1), now, quality)
    agenda.plan(now - timedelta(minutes=30), "the complaint desk", work_through)
    agenda.plan(now - timedelta(minutes=20), COMMENTS, read_comments)
    agenda.plan(now - timedelta(minutes=10), ELSEWHERE, bring_from_elsewhere, settles=False)
    agenda.plan(now - timedelta(minutes=7), COMMITMENTS, commit_to_targets, settles=False)
    agenda.plan(now - timedelta(minutes=5), "what goes with satisfaction", _explain, settles=False)
    agenda.plan(settled + timedelta(hours=3), INFORMED, inform_staff, settles=False)


def _explain() -> None:
    """As the worker does each hour."""
    for _period in explaining.compute(clock.utc_now()):
        pass


def _nothing() -> None:
    """Time goes by: what is due is done."""


def _set_scope(month: tuple[date, date]) -> None:
    set_scope(month, _staff("admin"), _staff("quality"))


def month_before(day: date) -> tuple[date, date]:
    """Return the first and last day of the month before that of ``day``."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _settle() -> None:
    now = clock.utc_now()
    for place in SITES:
        contacts.create_site(place.key, {"name": place.name, "zone": place.zone, "holiday_region": place.region}, now)
    ids = {client.key: contacts.create_principal(client.key, _described(client), now).id for client in CLIENTS}
    for person in STAFF:
        scope = [ids[person.principal]] if person.principal else None
        accounts.create_user(person.email, person.name, person.role, PASSWORD, now, principal_ids=scope)
    _choose_alerts()
    _schedule_packs(ids)
    questionnaire = questionnaires.save_draft(model_definition("post_contact"), now).questionnaire
    questionnaires.publish(questionnaire.id, None, now, _staff("quality"))
    db.session.commit()


def _choose_alerts() -> None:
    """Nadia Aubry wants to hear of low scores each hour; the others are told as their role is by default."""
    nadia = db.session.get_one(User, _staff("quality"))
    messages.save_preferences(nadia, {"low_score": HOURLY}, Reader(), clock.utc_now())


def _schedule_packs(ids: dict[str, int]) -> None:
    """Each principal's own account gets its figures on the first Monday of a month."""
    for user in db.session.scalars(select(User).filter_by(role="principal").order_by(User.id)):
        for principal_id in sorted(user.scope.principal_ids or ids.values()):
            schedule_pack(principal_id, user.id, MONTHLY, clock.utc_now(), _staff("quality"))


def _described(client: Client) -> dict[str, Any]:
    name, address, url = client.mediator
    return {
        "name": client.name,
        "brand": client.name,
        "zone": "Europe/Paris",
        "language": "fr",
        "sms_sender": "",
        "reply_email": f"relation@{client.key}.example",
        "mediator_name": name,
        "mediator_address": address,
        "mediator_url": url,
        "controller": f"{client.name}, 1 place de l’Exemple, 75000 Paris",
        "complaint_address": f"{client.name}, service réclamations, 1 place de l’Exemple, 75000 Paris",
        "complaint_email": f"reclamations@{client.key}.example",
        "identity_months": 36,
        "link_months": 24,
        "text_months": 24,
        "complaint_months": 60,
        "privacy_notice": {
            "fr": f"{client.name} utilise vos réponses pour améliorer son service et traiter vos réclamations."
            " Elles sont gardées vingt-quatre mois. Vous pouvez vous y opposer à tout moment.",
            "en": f"{client.name} uses your answers to improve its service and to treat your complaints."
            " They are kept for twenty-four months. You may object at any time.",
        },
    }


def _plan_survey(agenda: Agenda, client: Client, month: tuple[date, date], drawn_at: datetime) -> None:
    """Commit the seed before the month opens, import the log after it, close the period, draw and send."""
    title = f"{client.name}: programme, contact log, draw"
    committed_at = datetime.combine(month[0] - timedelta(days=10), time(10, 0), ZONE)
    agenda.plan(committed_at, title, partial(_commit, client, month), settles=False)
    agenda.plan(drawn_at - timedelta(hours=1), title, partial(_close, client, month), settles=False)
    agenda.plan(drawn_at, title, partial(_draw_and_send, client, month), settles=False)


def _commit(client: Client, month: tuple[date, date]) -> None:
    programme = _programme(client, _principal(client))
    commit_seed(programme, *month, clock.utc_now(), _staff("quality"))


def _close(client: Client, month: tuple[date, date]) -> None:
    principal_id = _principal(client).id
    _import(client, principal_id, *month)
    contacts.tell_counts(principal_id, daily_counts(principal_id, *month), clock.utc_now(), _staff("quality"))
    contacts.close_period(principal_id, *month, clock.utc_now(), _staff("quality"))


def _principal(client: Client) -> Principal:
    return db.session.scalars(select(Principal).filter_by(key=client.key)).one()


def _programme(client: Client, principal: Principal) -> Programme:
    version = db.session.scalars(select(QuestionnaireVersion)).one()
    return programmes.create_programme(
        programmes.NewProgramme(
            key=_key(client),
            name=f"{client.name}, après contact",
            principal_id=principal.id,
            terms=Terms(
                version_id=version.id,
                collection="sms",
                validity_days=30,
                rules=Rules(outcomes=("answered",), directions=("in",)),
                strata=("site", "channel"),
                sample_size=SIZES[client.key],
                minimum=10,
                reminders=1 if client.key == REMINDED else 0,
                reminder_gap_hours=7 * 24,
            ),
        ),
        clock.utc_now(),
        _staff("quality"),
    )


def _import(client: Client, principal_id: int, first_day: date, last_day: date) -> None:
    content = log_of(client, first_day, last_day).encode()
    now = clock.utc_now()
    batch = contacts.receive_log(principal_id, f"{client.key}.csv", content, now, _staff("quality"))
    contacts.start_import(batch, from_json(MAPPING))
    db.session.commit()
    for _progress in contacts.import_log(batch.id, content, now):
        db.session.commit()
    db.session.commit()


def _draw_and_send(client: Client, month: tuple[date, date]) -> None:
    now = clock.utc_now()
    programme = db.session.scalars(select(Programme).filter_by(key=_key(client))).one()
    draw_id = request_draw(programme, *month, None, now, _staff("quality")).id
    db.session.commit()
    for _piece in carry_out(draw_id, now):
        db.session.commit()
    enqueue("surveys.send", {"draw_id": draw_id}, f"draw:{draw_id}", now)


def _key(client: Client) -> str:
    return f"{client.key}-post-contact"


def _staff(role: str) -> int:
    return db.session.scalars(select(User.id).filter_by(role=role).order_by(User.id)).first() or 0
