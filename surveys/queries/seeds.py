"""Seeds as they are used: unlocked with the secret of the installation."""

from flask import current_app

from surveys.models import SeedCommitment
from surveys.refusals import SurveyRefused
from surveys.seed_keys import unlocked


def opened(committed: SeedCommitment) -> bytes:
    """The seed itself. Raises SurveyRefused ``seed-unreadable`` when it was locked under another secret key."""
    seed = unlocked(current_app.config["SECRET_KEY"], committed.seed)
    if seed is None:
        raise SurveyRefused("seed-unreadable", commitment=committed.commitment)
    return seed
