"""What the quality lead did with the comments of the demo centre: a list of tags, and some of them given."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from contacts.models import Principal
from foundation.accounts.models import User
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.web import clock
from satisfaction.comments import Wanted
from satisfaction.queries.comments import asked_in, comments
from satisfaction.services.comment_actions import open_action
from satisfaction.services.comments import Act, add_code, tag
from surveys.models import Invitation, Programme

TITLE = "comments, read and tagged"
#: Tag, theme, when it is given, and words of the comments that get it.
TAGS = (
    ("Attente", "access", "Temps passé à attendre, au téléphone ou avant une réponse.", ("attendu", "attends", "long")),
    (
        "Promesse non tenue",
        "conclusion",
        "Rappel ou courrier promis qui n’est pas venu.",
        ("promis n’est", "rappelle,"),
    ),
    ("Réponses différentes", "handling", "Deux personnes ont dit deux choses.", ("trois réponses", "pas été comprise")),
    ("Merci", "", "Le client remercie ou félicite.", ("merci", "agréable", "comme promis")),
)
READ = 60


def read_comments() -> None:
    """Tag the newest comments of each principal, and note one thing to be done."""
    lead = db.session.scalars(select(User).filter_by(role="quality").order_by(User.id)).one()
    act = Act(lead.id, clock.utc_now())
    for principal in db.session.scalars(select(Principal).order_by(Principal.id)).all():
        _read(principal, act)


def _read(principal: Principal, act: Act) -> None:
    codes = [add_code(principal.id, label, theme, meaning, act) for label, theme, meaning, _words in TAGS]
    asked = asked_in(db.session.scalars(select(Programme.id).filter_by(principal_id=principal.id)).all())
    for number, comment in enumerate(comments(Wanted(principal.id), EVERYTHING, asked, "fr", READ).comments):
        invitation = db.session.get_one(Invitation, comment.invitation_id)
        said = comment.words.casefold()
        given = [code.id for code, line in zip(codes, TAGS, strict=True) if any(word in said for word in line[3])]
        tag(comment, invitation, given, act)
        if number == 0:
            open_action(
                comment, invitation, "Relire le suivi des rappels avec l’équipe", act.actor_id, _soon(act.now), act
            )


def _soon(now: datetime) -> date:
    return (now + timedelta(days=10)).date()
