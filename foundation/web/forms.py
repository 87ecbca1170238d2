"""The base form, and what its error summary shows.

An expired form is met once for all of them in ``foundation.web.errors``: what was typed is shown
again on a page that sends it anew, so no view has to think of it.
"""

from typing import Any

from flask import request
from flask_babel import format_decimal, get_locale
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError
from wtforms.validators import NumberRange

#: A sentence of the form library, which has its French.
BETWEEN = "Number must be between %(min)s and %(max)s."


class Typographic:
    """The messages of the form library, with the apostrophe that people print."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def gettext(self, text: str) -> str:
        return str(self.plain.gettext(text)).replace("'", "’")

    def ngettext(self, one: str, many: str, n: int) -> str:
        return str(self.plain.ngettext(one, many, n)).replace("'", "’")


class Between(NumberRange):
    """A number from ``least`` to ``most``, both inclusive; what it says has them as the reader writes numbers."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__(least, most)
        self.limits = {"min": least, "max": most}

    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except ValidationError:
            said = {name: format_decimal(limit) for name, limit in self.limits.items()}
            raise ValidationError(field.gettext(BETWEEN) % said) from None


class Form(FlaskForm):
    """A form with its CSRF token and with messages in the reader's language."""

    class Meta(FlaskForm.Meta):
        @property
        def locales(self) -> list[str]:
            return [str(get_locale() or "fr")]

        def get_translations(self, form: FlaskForm) -> Typographic:
            return Typographic(super().get_translations(form))

    @property
    def status(self) -> int:
        """The status to render with: 400 for a form that was posted and refused, else 200."""
        return 400 if request.method == "POST" else 200


def messages_of(form: FlaskForm) -> list[tuple[Field, str]]:
    """Return (field, message) of every error, in the order of the fields, for the summary on top."""
    return [(field, str(message)) for field in form for message in _flat(field.errors)]


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        errors = list(errors.values())
    return [one for error in errors for one in (_flat(error) if isinstance(error, (list, tuple, dict)) else [error])]


def described(marks: list[str], errors: Any) -> dict[str, str]:
    """Return the attributes that tie a field to its hint and its error, for those who hear the page."""
    attributes = {"aria-describedby": " ".join(marks)} if marks else {}
    return {**attributes, "aria-invalid": "true"} if errors else attributes
