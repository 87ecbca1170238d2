"""Loading the demo centre: a month of contacts, surveyed and complained about, as people would have done it.

Everything goes through the services that pages use, at the moments at which it would have happened: the clock of
this process is set back and runs forward.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

import contacts.services as contacts
import notifications.services as messages
import surveys.services.programmes as programmes
import surveys.services.questionnaires as questionnaires
from contacts.mapping import from_json
from contacts.models import Principal, Site
from demo.answers import scores_of
from demo.centre import CLIENTS, PASSWORD, SITES, STAFF, Client
from demo.log import MAPPING, log_of
from demo.telling import tell_stories, work_through
from foundation.accounts import services as accounts
from foundation.accounts.models import User
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.jobs.services import enqueue
from foundation.web import clock
from notifications.alerting import HOURLY, Reader
from surveys.eligibility import Rules
from surveys.engine import Ask, WebPage, next_step
from surveys.interview_events import state_of
from surveys.models import Invitation, Programme, QuestionnaireVersion
from surveys.queries.interviews import interview_of
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.recording import take
from surveys.services.seeds import commit_seed
from surveys.storage import model_definition
from surveys.terms import Terms

ZONE = ZoneInfo("Europe/Paris")
SIZES = {"belline": 900, "energie-rhone": 500}
#: The client whose customers are reminded once, a week after the invitation.
REMINDED = "energie-rhone"
RESPONSE = 0.36
BREAKS_OFF = 0.06
STILL_WAITING = 40  # invitations that nobody answers, for whoever tries the phone


def is_empty() -> bool:
    """Whether the database holds nobody yet, so that loading harms nothing."""
    return db.session.scalar(select(User.id).limit(1)) is None and db.session.scalar(select(Principal.id)) is None


def load(app: Flask) -> Iterator[str]:
    """Load the demo centre, committing as it goes; yields the name of each step as it begins."""
    now = clock.utc_now()
    drawn_at = datetime.combine((now - timedelta(days=8)).astimezone(ZONE).date(), time(9, 0), ZONE)
    first_day, last_day = month_before(drawn_at.date())
    try:
        yield "principals, sites and staff"
        _at(datetime.combine(first_day - timedelta(days=40), time(9, 0), ZONE))
        _settle()
        yield "complaints made without a survey"
        tell_stories(app, now, (first_day, last_day))
        for client in CLIENTS:
            yield f"{client.name}: programme, contact log, draw"
            _survey(client, first_day, last_day, drawn_at)
        yield "invitations"
        for minutes in (1, 5, 10):
            _at(drawn_at + timedelta(minutes=minutes))
            run_until_idle(app)
        yield "answers"
        _answer_all(app, drawn_at, now)
        yield "the complaint desk"
        work_through(app, now)
        clock.start_at(None)
        run_until_idle(app)
    finally:
        clock.start_at(None)


def month_before(day: date) -> tuple[date, date]:
    """Return the first and last day of the month before that of ``day``."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _at(moment: datetime) -> None:
    clock.start_at(moment)


def _settle() -> None:
    now = clock.utc_now()
    for place in SITES:
        contacts.create_site(place.key, {"name": place.name, "zone": place.zone, "holiday_region": place.region}, now)
    ids = {client.key: contacts.create_principal(client.key, _described(client), now).id for client in CLIENTS}
    for person in STAFF:
        scope = [ids[person.principal]] if person.principal else None
        accounts.create_user(person.email, person.name, person.role, PASSWORD, now, principal_ids=scope)
    _choose_alerts()
    questionnaire = questionnaires.save_draft(model_definition("post_contact"), now).questionnaire
    questionnaires.publish(questionnaire.id, None, now, _staff("quality"))
    db.session.commit()


def _choose_alerts() -> None:
    """Nadia Aubry wants to hear of low scores each hour; the others are told as their role is by default."""
    nadia = db.session.get_one(User, _staff("quality"))
    messages.save_preferences(nadia, {"low_score": HOURLY}, Reader(), clock.utc_now())


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


def _survey(client: Client, first_day: date, last_day: date, drawn_at: datetime) -> None:
    """Commit the seed before the month opens, import the log after it, close the period, draw and send."""
    _at(datetime.combine(first_day - timedelta(days=10), time(10, 0), ZONE))
    principal = db.session.scalars(select(Principal).filter_by(key=client.key)).one()
    programme = _programme(client, principal)
    commit_seed(programme, first_day, last_day, clock.utc_now(), _staff("quality"))
    db.session.commit()
    _at(drawn_at - timedelta(hours=1))
    _import(client, principal.id, first_day, last_day)
    contacts.close_period(principal.id, first_day, last_day, clock.utc_now(), _staff("quality"))
    db.session.commit()
    _at(drawn_at)
    _draw_and_send(programme, first_day, last_day)


def _programme(client: Client, principal: Principal) -> Programme:
    version = db.session.scalars(select(QuestionnaireVersion)).one()
    return programmes.create_programme(
        programmes.NewProgramme(
            key=f"{client.key}-post-contact",
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


def _draw_and_send(programme: Programme, first_day: date, last_day: date) -> None:
    now = clock.utc_now()
    draw_id = request_draw(programme, first_day, last_day, None, now, _staff("quality")).id
    db.session.commit()
    for _piece in carry_out(draw_id, now):
        db.session.commit()
    enqueue("surveys.send", {"draw_id": draw_id}, f"draw:{draw_id}", now)
    db.session.commit()


def _answer_all(app: Flask, drawn_at: datetime, now: datetime) -> None:
    """Let about a third of the customers answer over the days since; the newest invitations wait for whoever looks."""
    chance = random.Random(f"answers {drawn_at.date()}")
    moments = sorted(
        (drawn_at + chance.random() * (now - drawn_at - timedelta(hours=2)), invitation_id)
        for invitation_id in _who_answers(chance)
    )
    for number, (moment, invitation_id) in enumerate(moments):
        _at(moment)
        _answer(invitation_id, chance)
        db.session.commit()
        if number % 25 == 0:
            run_until_idle(app)


def _who_answers(chance: random.Random) -> list[int]:
    sent = select(Invitation.id).where(Invitation.disposition.in_(("sent", "delivered"))).order_by(Invitation.id)
    ids = list(db.session.scalars(sent))
    return [invitation_id for invitation_id in ids[STILL_WAITING:] if chance.random() < RESPONSE]


def _answer(invitation_id: int, chance: random.Random) -> None:
    interview = interview_of(invitation_id)
    assert interview is not None
    site = db.session.get_one(Site, interview.invitation.site_id)
    principal = db.session.get_one(Principal, interview.invitation.principal_id)
    answers = scores_of(site.key, interview.contact.channel, principal.key, chance)
    stops_after = chance.randrange(2, 8) if chance.random() < BREAKS_OFF else 99
    for number in range(stops_after):
        step = next_step(interview.version, state_of(interview.events), "web")
        if not isinstance(step, Ask):
            return
        said = {one.question.id: (str(answers.get(one.question.id, "")),) for one in step.asked}
        take(interview, WebPage(step.step, said), f"demo:{invitation_id}:{number}", clock.utc_now())
        again = interview_of(invitation_id)
        assert again is not None
        interview = again


def _staff(role: str) -> int:
    return db.session.scalars(select(User.id).filter_by(role=role).order_by(User.id)).first() or 0
