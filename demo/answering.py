"""Letting made-up customers answer, each at a moment of their own."""

import random
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from contacts.models import Principal, Site
from demo.agenda import Agenda
from demo.answers import scores_of
from foundation.database import db
from foundation.web import clock
from surveys.engine import Ask, WebPage, next_step
from surveys.interview_events import state_of
from surveys.models import Draw, Invitation
from surveys.queries.interviews import interview_of
from surveys.services.recording import take

RESPONSE = 0.36
BREAKS_OFF = 0.06
STILL_WAITING = 40  # invitations of the batches that nobody answers, for whoever tries the phone
SETTLES_EACH = 40


def plan_answers(agenda: Agenda, title: str, drawn_at: datetime, now: datetime) -> None:
    """About a third of those drawn in a batch answer over the days since; the first ones wait for whoever looks."""
    chance = random.Random(f"answers {drawn_at.date()}")
    answering = [one for one in invited("batch", drawn_at)[STILL_WAITING:] if chance.random() < RESPONSE]
    spent = now - drawn_at - timedelta(hours=2)
    moments = sorted((drawn_at + timedelta(minutes=15) + chance.random() * spent, one) for one in answering)
    for number, (moment, invitation_id) in enumerate(moments):
        agenda.plan(moment, title, partial(_answer, invitation_id, chance), settles=number % SETTLES_EACH == 0)


def plan_fresh_answers(agenda: Agenda, title: str, since: datetime, now: datetime, chance: random.Random) -> None:
    """The same of those whom a continuous draw took at ``since`` or later: within two days, where that is past."""
    answering = [one for one in invited("continuous", since) if chance.random() < RESPONSE]
    for invitation_id in answering:
        moment = clock.utc_now() + chance.random() * timedelta(hours=44)
        if moment < now - timedelta(minutes=40):
            agenda.plan(moment, title, partial(_answer, invitation_id, chance), settles=False)


def invited(kind: str, since: datetime) -> list[int]:
    """The invitations of draws of that kind that were made since then and sent."""
    sent = select(Invitation.id).where(Invitation.disposition.in_(("sent", "delivered")))
    ours = sent.join(Draw, Draw.id == Invitation.draw_id).where(Draw.kind == kind, Invitation.created_at >= since)
    return list(db.session.scalars(ours.order_by(Invitation.id)))


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
