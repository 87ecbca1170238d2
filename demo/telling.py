"""Telling the made-up complaints: each step through the service that its page uses, at its own moment."""

import random
from datetime import date, datetime, timedelta
from functools import partial

import phonenumbers
from sqlalchemy import select

import complaints.services as complaints
from complaints.models import Case, Proposal
from contacts.models import Principal, Site
from demo.agenda import Agenda
from demo.centre import CLIENTS, SITES
from demo.log import FIRST_NAMES, LAST_NAMES
from demo.stories import EVERYDAY, REASONS, STORIES, Story
from foundation.accounts.models import User
from foundation.database import db
from foundation.web import clock

TITLE = "complaints made without a survey"


def plan_stories(agenda: Agenda, now: datetime, month: tuple[date, date]) -> None:
    """Let every complaint happen, step by step.

    ``month`` is the one surveyed, both days included; it gets its everyday complaints.
    """
    cases: dict[int, int] = {}
    for number, story in enumerate([*STORIES, *everyday(month, now.date())]):
        agenda.plan(now - timedelta(days=story.days_ago), TITLE, partial(_begin, cases, story, number))
        for ago, what, word in story.steps:
            agenda.plan(now - timedelta(days=ago), TITLE, partial(_go_on, cases, number, what, word))


def _begin(cases: dict[int, int], story: Story, number: int) -> None:
    cases[number] = _file(story, number)


def _go_on(cases: dict[int, int], number: int, what: str, word: str) -> None:
    _step(cases[number], what, word)


def everyday(month: tuple[date, date], today: date) -> list[Story]:
    """Return an everyday complaint for every second day of the month, most of them answered in time."""
    chance = random.Random(f"everyday {month[0]}")
    days = [month[0] + timedelta(days=n) for n in range(0, (month[1] - month[0]).days + 1, 2)]
    return [_everyday(number, (today - day).days, chance) for number, day in enumerate(days)]


def _everyday(number: int, ago: int, chance: random.Random) -> Story:
    words, category, decision = chance.choice(EVERYDAY)
    answer = chance.choice((4, 6, 8, 10, 20))
    steps = ((ago - 1, "acknowledge", ""), (ago - answer, "decide", decision))
    return Story(
        client=chance.choice(CLIENTS).key,
        site=chance.choice(SITES).key,
        name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
        phone=f"06 39 98 91 {number:02d}",
        language="fr",
        days_ago=ago,
        words=words,
        category=category,
        steps=tuple(step for step in steps if step[0] >= 0),
    )


def _file(story: Story, number: int) -> int:
    now = clock.utc_now()
    filing = complaints.Filing(
        filing_key=f"demo:{number}",
        principal_id=db.session.scalars(select(Principal.id).filter_by(key=story.client)).one(),
        site_id=db.session.scalars(select(Site.id).filter_by(key=story.site)).one_or_none(),
        words=story.words,
        channel="web",
        sent_at=now,
        received_at=now,
        language=story.language,
        name=story.name,
        phone=_e164(story.phone),
        category=story.category,
    )
    return complaints.file_complaint(filing, now).id


def _step(case_id: int, what: str, word: str) -> None:
    now, handler, reviewer = clock.utc_now(), _staff("handler"), _staff("reviewer")
    if what == "acknowledge":
        complaints.assign(case_id, handler, now)
        complaints.acknowledge(case_id, handler, now)
    elif what == "decide":
        complaints.decide(case_id, word, REASONS[word], handler, now)
    elif what == "appeal":
        complaints.file_appeal(case_id, now, word)
    elif what == "decide_appeal":
        complaints.assign_appeal(case_id, reviewer, now)
        complaints.decide_appeal(case_id, word, REASONS[word], reviewer, now)


def _e164(phone: str) -> str:
    number = phonenumbers.parse(phone, "FR")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _staff(role: str) -> int:
    return db.session.scalars(select(User.id).filter_by(role=role).order_by(User.id)).first() or 0


def work_through() -> None:
    """Let the desk do what is older than two days: qualify what answers proposed, acknowledge what is a complaint."""
    before = clock.utc_now() - timedelta(days=2)
    waiting = select(Proposal).where(Proposal.qualification.is_(None), Proposal.answered_at < before)
    for proposal in db.session.scalars(waiting.order_by(Proposal.id)).all():
        serious = proposal.answer_copy.get("score") == 1
        reason = "Le client attend une réponse." if serious else "Remarque sans demande, transmise à l’équipe."
        complaints.qualify(proposal.id, serious, reason, _staff("handler"), clock.utc_now())
        db.session.commit()
    received = select(Case.id).where(Case.state == "received", Case.received_at < before, Case.origin == "survey")
    for case_id in db.session.scalars(received.order_by(Case.id)).all():
        _step(case_id, "acknowledge", "")
        db.session.commit()
