"""Interviews by the hundred thousand in 48 strata: what cells, reports and peers are measured on."""

import secrets
from datetime import timedelta

import numpy as np
from sqlalchemy import insert, update

from benchmarks.product import CALLED_AT
from benchmarks.product import draw_of as made_draw
from contacts.models import Contact, Period, Principal, Site
from contacts.vocabulary import CHANNELS
from foundation.database import db
from foundation.web.clock import utc_now
from surveys.models import AnswerEvent, Draw, DrawStratum, FrameUnit, Invitation

#: The questionnaire they answer, and the questions of it that every interview answers.
QUESTIONNAIRE = "post_contact"
PIECE = 5_000
SITES = 12
#: Five questions of it, each on a scale that holds 1 to 5.
QUESTIONS = ("satisfaction", "access", "taking_charge", "handling", "conclusion")


def interviews(count: int, questions: tuple[str, ...] = QUESTIONS, per_drawn: int = 1, seed: int = 1) -> Draw:
    """A draw of ``count`` completed interviews, one in twenty with a correction, spread over 12 sites and 4 channels.

    Of each contact drawn there are as many more in the frame as ``per_drawn`` says. Commits as it goes.
    """
    now, chance = utc_now(), np.random.default_rng(seed)
    principal = Principal(key="benchmark", name="Benchmark", brand="Benchmark", created_at=now)
    sites = [Site(key=f"site{number:02}", name=f"Site {number}", created_at=now) for number in range(SITES)]
    db.session.add_all([principal, *sites])
    db.session.flush()
    draw = made_draw(principal, QUESTIONNAIRE)
    frame = {"population": count * (1 + per_drawn), "eligible": count * (1 + per_drawn), "drawn": count}
    known = update(Draw).where(Draw.id == draw.id)
    db.session.execute(update(Period).values(population=frame["population"]))
    db.session.execute(known.values(exclusions={"ineligible": {}, "suppressed": {}}, **frame))
    places = [(site, channel) for site in sites for channel in tuple(CHANNELS)[:4]]
    labels = [f"{site.key} · {channel}" for site, channel in places]
    for number, label in enumerate(labels):
        drawn = len(range(number, count, len(labels)))
        eligible = drawn * (1 + per_drawn)
        db.session.add(
            DrawStratum(
                draw_id=draw.id,
                stratum=label,
                field_values=list(label.split(" · ")),
                population=eligible,
                eligible=eligible,
                drawn=drawn,
            )
        )
    db.session.commit()
    for first in range(0, count, PIECE):
        _piece(draw, range(first, min(first + PIECE, count)), places, labels, questions, per_drawn, chance)
        db.session.commit()
    return draw


def _piece(
    draw: Draw,
    numbers: range,
    places: list[tuple[Site, str]],
    labels: list[str],
    questions: tuple[str, ...],
    per_drawn: int,
    chance: np.random.Generator,
) -> None:
    now = utc_now()
    called = {"direction": "in", "outcome": "answered", "started_at": CALLED_AT, "source": "log", "facts": {}}
    contacts = [
        {**called, "principal_id": draw.principal_id, "site_id": places[number % 48][0].id, "recorded_at": now,
         "channel": places[number % 48][1], "external_id": f"{number}.{copy}", "public_id": secrets.token_hex(16)}
        for number in numbers
        for copy in range(1 + per_drawn)
    ]  # fmt: skip
    ids = list(db.session.scalars(insert(Contact).returning(Contact.id, sort_by_parameter_order=True), contacts))
    frame, invitations = [], []
    for place, number in enumerate(numbers):
        stratum = labels[number % 48]
        for copy in range(1 + per_drawn):
            frame.append(
                {"draw_id": draw.id, "contact_id": ids[place * (1 + per_drawn) + copy], "drawn": not copy,
                 "public_id": secrets.token_hex(16), "stratum": stratum, "status": "eligible", "reason": "",
                 "pi_drawn": 1, "pi_eligible": 1 + per_drawn}
            )  # fmt: skip
        invitations.append(
            {"draw_id": draw.id, "programme_id": draw.programme_id, "version_id": draw.version_id,
             "contact_id": ids[place * (1 + per_drawn)], "principal_id": draw.principal_id, "stratum": stratum,
             "site_id": places[number % 48][0].id, "language": "fr", "collection": "web", "created_at": now,
             "disposition": "completed", "completed_at": now, "expires_at": now + timedelta(days=7),
             "public_id": secrets.token_hex(12)}
        )  # fmt: skip
    db.session.execute(insert(FrameUnit), frame)
    made = list(
        db.session.scalars(insert(Invitation).returning(Invitation.id, sort_by_parameter_order=True), invitations)
    )
    said = chance.integers(1, 6, size=(len(made), len(questions) + 1))
    events = []
    for row, invitation_id in enumerate(made):
        asked = [*questions, questions[0]] if row % 20 == 0 else questions
        for position, question in enumerate(asked):
            events.append(
                {"invitation_id": invitation_id, "version_id": draw.version_id, "position": position, "at": now,
                 "kind": "answer", "question_id": question, "value": int(said[row, position]), "mode": "web",
                 "step": "", "in_turn": True, "idempotency_key": f"w{invitation_id}:{position}"}
            )  # fmt: skip
    db.session.execute(insert(AnswerEvent), events)
