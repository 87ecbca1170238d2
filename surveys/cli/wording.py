"""Commands speak English, with the words of the pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask_babel import force_locale

from surveys.pages import refused
from surveys.refusals import SurveyRefused


def in_english(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command print what pages say, in English."""

    @wraps(command)
    def speaking(*args: Any, **kwargs: Any) -> Any:
        with force_locale("en"):
            return command(*args, **kwargs)

    return speaking


def usage_error(refusal: SurveyRefused) -> click.UsageError:
    """What was refused, as the one line a command ends with."""
    return click.UsageError(refused(refusal))
