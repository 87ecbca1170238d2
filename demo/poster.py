"""A poster in a waiting room, and what a few people who scanned it answered."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

import surveys.services.programmes as programmes
import surveys.services.questionnaires as questionnaires
from contacts.models import Principal, Site
from demo.agenda import Agenda
from demo.answers import scores_of
from foundation.database import db
from foundation.web.clock import utc_now
from surveys.engine import Ask, WebPage, next_step
from surveys.models import Poster
from surveys.queries.poster_interviews import begun, door
from surveys.services.poster_interviews import take
from surveys.services.posters import key_of, open_posters
from surveys.storage import model_definition
from surveys.terms import Terms
from surveys.tokens import poster_token

CLIENT, SITE = "belline", "lyon"
TITLE = "Mutuelle Belline: a poster"
SCANNED = 9
#: How many of them leave after their first answer.
LEFT = 2


def plan_poster(agenda: Agenda, secret: str, opened_at: datetime, now: datetime, actor_id: int) -> None:
    """Hang it at ``opened_at``; whoever scans it does so between then and ``now``."""
    chance = random.Random(f"poster {opened_at.date()}")
    agenda.plan(opened_at, TITLE, partial(_hang, secret, actor_id), settles=False)
    for number in range(SCANNED):
        moment = opened_at + (number + chance.random()) * ((now - opened_at - timedelta(hours=1)) / SCANNED)
        agenda.plan(moment, TITLE, partial(_scan, secret, number, chance), settles=False)


def _hang(secret: str, actor_id: int) -> None:
    now = utc_now()
    questionnaire = questionnaires.save_draft(_asked(), now).questionnaire
    version = questionnaires.publish(questionnaire.id, None, now, actor_id)
    principal_id = db.session.scalars(select(Principal.id).filter_by(key=CLIENT)).one()
    terms = Terms(version_id=version.id, collection="web", promise="confidential", method="everyone")
    new = programmes.NewProgramme("belline-accueil", "Mutuelle Belline, à l’accueil", principal_id, terms)
    programme = programmes.create_programme(new, now, actor_id)
    site_id = db.session.scalars(select(Site.id).filter_by(key=SITE)).one()
    open_posters(programme, [site_id], secret, now, actor_id)


def _asked() -> dict[str, Any]:
    """The short model without what needs to know who answers."""
    model = model_definition("post_contact_short")
    title = {"fr": "Votre passage à l’accueil", "en": "Your visit to our front desk"}
    questions = [question for question in model["questions"] if not question.get("purpose")]
    return {**model, "key": "accueil", "title": title, "questions": questions}


def _scan(secret: str, number: int, chance: random.Random) -> None:
    """One visitor, by the door that the page uses."""
    poster = db.session.scalars(select(Poster)).one()
    form_key = f"{number:032x}"
    interview = door(key_of(poster, secret), form_key, secret, utc_now())
    answers = scores_of(SITE, "phone", CLIENT, chance)
    for place in range(1 if number < LEFT else 99):
        assert interview is not None
        step = next_step(interview.version, interview.state, "web", seed=interview.seed)
        if not isinstance(step, Ask):
            return
        said = {one.question.id: (str(answers.get(one.question.id, "")),) for one in step.asked}
        take(interview, WebPage(step.step, said), f"demo:poster:{number}:{place}", utc_now())
        interview = begun(poster_token(secret, poster.id, form_key), for_change=True)
