"""Work of the surveys behind the page. Long work commits after each piece, so that nobody waits for the database."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app

from foundation.database import db
from surveys.services import anonymous, continuous, poster_interviews, posters, releasing
from surveys.services.drawing import carry_out
from surveys.services.interviews import settle_expired
from surveys.services.reminding import remind_due
from surveys.services.sending import release_held, send_invitations


def draw(payload: dict[str, Any], now: datetime) -> None:
    """Carry out the draw of ``payload``; doing it again changes nothing."""
    for _piece in carry_out(payload["draw_id"], now):
        db.session.commit()


def close_draw(payload: dict[str, Any], now: datetime) -> None:
    """Close the continuous draw of ``payload``; doing it again changes nothing."""
    for _piece in continuous.close_draw(payload["draw_id"], now):
        db.session.commit()


def send(payload: dict[str, Any], now: datetime) -> None:
    """Put the invitations of the draw of ``payload`` into the outbox; doing it again sends nothing twice."""
    secret, public_url = current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"]
    for _piece in send_invitations(payload["draw_id"], secret, public_url, now):
        db.session.commit()


def settle(now: datetime) -> None:
    """Say what became of interviews that were begun and whose time ran out."""
    for work in (settle_expired, poster_interviews.settle_expired):
        while work(now):
            db.session.commit()


def remind(now: datetime) -> None:
    """Ask those who had to wait and may be asked now, and remind those who are due; coming twice changes nothing."""
    secret, public_url = current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"]
    for _piece in release_held(secret, public_url, now):
        db.session.commit()
    for _piece in remind_due(secret, public_url, now):
        db.session.commit()


def let_go(now: datetime) -> None:
    """Let anonymous answers go in crowds; of draws that are over all of them, and forget who has answered."""
    for work in (partial(anonymous.forget_left, now), releasing.release_some, partial(releasing.end_draws, now)):
        while work():
            db.session.commit()


def let_go_posters(now: datetime) -> None:
    """The same of answers given at posters; posters that are over end."""
    for work in (partial(posters.forget_used, now), posters.release_some, partial(posters.end_posters, now)):
        while work():
            db.session.commit()
