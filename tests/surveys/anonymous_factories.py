"""A drawn draw of a programme that promises to be anonymous, and people who answer it."""

import secrets
from datetime import timedelta
from random import Random

from foundation.database import db
from surveys.anonymity import ANONYMOUS
from surveys.asking import next_step
from surveys.incoming import WebPage
from surveys.models import Draw, DrawStratum, FrameUnit
from surveys.queries.interviews import interview_of
from surveys.services.recording import take
from tests.surveys.answer_factories import NOW, add, create_contact, create_draw, create_invitation, create_version

SCALE = [{"id": str(n), "label": {"fr": f"{n} sur 5", "en": f"{n} of 5"}} for n in range(1, 6)]
DEFINITION = {
    "format": "satisfecit-questionnaire/1",
    "key": "anonymous",
    "languages": ["fr", "en"],
    "title": {"fr": "Votre avis sur {brand}", "en": "Your opinion of {brand}"},
    "questions": [
        {
            "id": "satisfaction",
            "type": "satisfaction",
            "required": True,
            "title": {"fr": "Satisfait ?", "en": "Satisfied?"},
            "choices": SCALE,
        },
        {
            "id": "subject",
            "type": "choice",
            "random_order": True,
            "title": {"fr": "De quoi s’agissait-il ?", "en": "What was it about?"},
            "choices": [{"id": name, "label": {"fr": name, "en": name}} for name in ("bill", "fault", "move", "other")],
        },
        {
            "id": "why",
            "type": "comment",
            "title": {"fr": "Pourquoi ?", "en": "Why?"},
            "visible_if": "{satisfaction} <= 2",
        },
    ],
}


def create_anonymous_draw(strata=("",), **changes):
    """``strata``: the site key of each stratum; the programme has one stratum for each."""
    fields = ["site"] if strata != ("",) else []
    values = {"collection": "web", "promise": ANONYMOUS, "strata": fields, "low_score": None}
    draw = create_draw(version=create_version(DEFINITION), **values | changes)
    db.session.execute(db.update(Draw).values(allocation={"strata": fields}).where(Draw.id == draw.id))
    for name in strata:
        said = [name] if fields else []
        add(DrawStratum(draw_id=draw.id, stratum=name, field_values=said, population=0, eligible=0, drawn=0))
    db.session.commit()
    return draw


def invite(draw, stratum="", language="fr", **changes):
    """One more drawn and written to, with its place in the frame."""
    number = secrets.randbelow(10**8)
    invitation = create_invitation(draw, f"+336{number:08d}", stratum=stratum, language=language, **changes)
    unit = {"draw_id": draw.id, "contact_id": invitation.contact_id, "public_id": secrets.token_hex(8)}
    add(FrameUnit(**unit, stratum=stratum, status="eligible", drawn=True, pi_drawn=1, pi_eligible=1))
    size = db.session.get_one(DrawStratum, (draw.id, stratum))
    size.population, size.eligible, size.drawn = size.population + 1, size.eligible + 1, size.drawn + 1
    db.session.commit()
    return invitation


def complete(invitation, answers, now=NOW, commit=True):
    """Answer every screen; ``answers`` is question id → what is chosen or typed."""
    for number in range(len(DEFINITION["questions"]) + 1):
        interview = interview_of(invitation.id)
        step = next_step(interview.version, interview.state, "web", seed=interview.seed)
        if not hasattr(step, "asked"):
            break
        page = {one.question.id: (answers[one.question.id],) for one in step.asked}
        take(interview, WebPage(step.step, page, interview.language), f"page:{invitation.id}:{number}", now)
    if commit:
        db.session.commit()


def random_answers(rng: Random, mark=""):
    """What somebody might answer; ``mark`` is what they write."""
    said = {"satisfaction": str(rng.randrange(1, 6)), "subject": rng.choice(["bill", "fault", "move", "other"])}
    return said | {"why": mark or f"mot {rng.randrange(10**6)}"}


def crowd(draw, count, rng=None, stratum="", now=NOW, minutes=7, language="fr"):
    """``count`` people who complete one after the other; returns (invitation id, answers) in that order."""
    rng = rng or Random(1)
    found = []
    for number in range(count):
        invitation = invite(draw, stratum, language)
        said = random_answers(rng, f"mot {rng.randrange(10**9)}")
        complete(invitation, said, now + timedelta(minutes=minutes * number))
        found.append((invitation.id, said))
    return found


__all__ = ["complete", "create_anonymous_draw", "create_contact", "crowd", "invite", "random_answers"]
