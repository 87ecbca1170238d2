"""The line that tells staff of a dissatisfied answer."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _


def low_score_line(payload: Mapping[str, Any]) -> str:
    """Say that somebody is dissatisfied, without their words; ``payload`` is that of ``surveys.signals``."""
    values = {"score": payload["score"], "programme": payload["programme"]}
    if payload["score"] is None:
        return _("A dissatisfied answer to “%(programme)s”", **values)
    if payload["wants"] == "callback":
        return _("A score of %(score)s in “%(programme)s”: the customer wants to be called back", **values)
    return _("A score of %(score)s in “%(programme)s”", **values)
