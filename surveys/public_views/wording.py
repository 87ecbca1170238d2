"""What the form itself says beside the words of the questionnaire: how to answer, and why an answer was not taken."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from foundation.web.filters import long_date, number
from surveys.public_views.fields import Field


def advice(field: Field) -> str:
    """How this field is filled in, where that does not show by itself; empty if it does."""
    if field.drawn_as == "boxes":
        return " ".join(part for part in (_how_many(field), _alone(field)) if part)
    if field.drawn_as == "ranks":
        return _("Rank 1 is what matters most to you; ranks at the end may stay empty.")
    if field.drawn_as == "number":
        return _bounds(field, lambda bound: number(bound, field.decimals))
    if field.drawn_as == "date":
        return _bounds(field, lambda bound: long_date(date.fromisoformat(bound))) or _("Day, month, year.")
    if field.drawn_as == "words":
        return _(
            "Please leave out personal data: no names, contact details or file numbers, nothing about your health."
        )
    return ""


def reason(field: Field) -> str:
    """Why the answer in this field was not taken, and what to do."""
    said = _reasons(field).get(field.refusal)
    return said or _("This answer could not be read. Please answer once more.")


def _reasons(field: Field) -> dict[str, str]:
    outside = _("This is outside what can be answered here.")
    # The bounds of other fields are days and amounts, no numbers of choices.
    how_many = _how_many(field) if field.drawn_as in ("boxes", "ranks") else ""
    return {
        "required": _("Please choose an answer to go on.") if field.is_group else _("Please answer here to go on."),
        "too-long": _("Your text is too long: please keep it under %(most)s characters.", most=number(field.letters)),
        "declined-and-answered": _("You answered and declined to answer: please keep one of the two."),
        "not-a-number": _("Please write a number in figures."),
        "too-many-decimals": _("Please write fewer decimals, and no mark between thousands."),
        "out-of-range": f"{outside} {advice(field)}".strip(),
        "not-a-date": _("Please write the day, the month and the year: 24/11/2026."),
        "too-few-chosen": how_many,
        "too-many-chosen": how_many,
        "exclusive-choice": _("One of these answers stands alone: please choose it, or the others."),
        "rank-left-out": _("A rank is empty before one that is filled in."),
        "ranked-twice": _("The same answer stands at two ranks."),
    }


def _how_many(field: Field) -> str:
    least, most = int(field.least or 0), int(field.most or 0)
    if least > 1 and least == most:
        return _("Choose %(count)s answers.", count=least)
    if least > 1 and most:
        return _("Choose %(least)s to %(most)s answers.", least=least, most=most)
    if least > 1:
        return _("Choose at least %(least)s answers.", least=least)
    if most:
        return ngettext("Choose one answer at most.", "Choose up to %(num)s answers.", most)
    return _("Several answers are possible.")


def _alone(field: Field) -> str:
    return _("Where “only answer” is written, choose nothing else.") if field.exclusive else ""


def _bounds(field: Field, written: Callable[[Any], str]) -> str:
    if field.least is not None and field.most is not None:
        return _("From %(least)s to %(most)s.", least=written(field.least), most=written(field.most))
    if field.least is not None:
        return _("%(least)s or more.", least=written(field.least))
    return _("%(most)s or less.", most=written(field.most)) if field.most is not None else ""
