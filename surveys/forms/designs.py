"""Fields for what a design needs beside a method and a size."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, Field, IntegerField, StringField, ValidationError
from wtforms.validators import Length, Optional

from foundation.web.forms import Between, Form
from surveys.designs import Design


class DesignFields(Form):
    """Margins in points of percent, response in percent; kept in thousandths."""

    completes = IntegerField(
        _l("Answers expected of each stratum at least"), default=0, validators=[Optional(), Between(0, 1000)]
    )
    margin = DecimalField(_l("Margin of error wanted, in points"), places=1, validators=[Optional(), Between(0.1, 50)])
    site_margin = DecimalField(
        _l("Margin of error wanted for each site, in points"), places=1, validators=[Optional(), Between(0.1, 50)]
    )
    expected_response = DecimalField(
        _l("Response expected while there is no past, in percent"),
        places=1,
        validators=[Optional(), Between(0.1, 100)],
    )
    spread_question = StringField(_l("Question whose past answers count"), validators=[Optional(), Length(max=60)])

    def batch_design(self) -> dict[str, Any]:
        """What was typed, as a programme keeps it."""
        return Design(
            completes=self.completes.data or 0,
            margin=thousandths(self.margin.data),
            site_margin=thousandths(self.site_margin.data),
            expected_response=thousandths(self.expected_response.data),
            question=(self.spread_question.data or "").strip(),
        ).to_json()

    def validate_completes(self, field: Field) -> None:
        # Here and not at the margin: what is left empty is not validated.
        method = getattr(self, "method", None)
        if method is not None and method.data == "precision" and not (self.margin.data or self.site_margin.data):
            raise ValidationError(_("Say which margin of error is wanted."))


def design_typed(stored: dict[str, Any]) -> dict[str, Any]:
    """What the fields show for a design that is kept."""
    design = Design.from_json(stored)
    in_points = {name: percents(getattr(design, name)) for name in ("margin", "site_margin", "expected_response")}
    return in_points | {"completes": design.completes, "spread_question": design.question}


def thousandths(percent: Decimal | None) -> int | None:
    return None if percent is None else round(percent * 10)


def percents(stored: int | None) -> Decimal | None:
    return None if stored is None else Decimal(stored) / 10
