"""All that is held of one person, as they are given it: for a program, and to be read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from contacts.forms.people import COLUMNS, ELSEWHERE, kind_name, word
from contacts.models import Customer, Principal
from contacts.queries.persons import erasures_of, held_of, parts, person_of
from foundation.database import db
from foundation.people import Held, Part
from foundation.web.filters import moment
from foundation.web.i18n import current_language

FORMAT = "satisfecit-person-1"


@dataclass(frozen=True)
class Section:
    """One kind of thing held, ready to be printed: names of columns, which of them are moments, rows in their order."""

    kind: str
    title: str
    columns: list[str]
    moments: frozenset[int]
    rows: list[list[str]]


def sections(customer: Customer, zone: str) -> Iterator[Section]:
    """Everything held of a person, in words; kinds of which there is nothing too, without rows."""
    for part, held in held_of(person_of(customer)):
        names = list(held.rows[0]) if held.rows else []
        rows = [[_shown(part, name, row[name], zone) for name in names] for row in held.rows]
        moments = frozenset(
            place for place, name in enumerate(names) if any(isinstance(row[name], datetime) for row in held.rows)
        )
        title = str(kind_name(parts(), held.kind))
        yield Section(held.kind, title, [str(COLUMNS.get(name, name)) for name in names], moments, rows)


def as_json(customer: Customer, now: datetime) -> str:
    """The same for a program: moments in UTC, codes as they are stored, and what is not in it, said."""
    principal = db.session.get_one(Principal, customer.principal_id)
    document = {
        "format": FORMAT,
        "exported_at": now.isoformat(),
        "language": current_language(),
        "principal": {"key": principal.key, "name": principal.name, "controller": principal.controller},
        "held": {held.kind: _plain(held) for _part, held in held_of(person_of(customer))},
        "erasures": [{"at": row.at.isoformat(), "gone": row.gone, "kept": row.kept} for row in erasures_of(customer)],
        "elsewhere": [str(one) for one in ELSEWHERE],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_html(customer: Customer, now: datetime) -> str:
    """The same to be read: one page that needs nothing from elsewhere."""
    principal = db.session.get_one(Principal, customer.principal_id)
    # Not as a page: there may be no request, and nothing in it is anybody's menu.
    return current_app.jinja_env.get_template("contacts/person_export.html").render(
        principal=principal,
        sections=list(sections(customer, principal.zone)),
        elsewhere=ELSEWHERE,
        at=now,
        title=_("What %(company)s holds about you", company=principal.brand),
    )


def _plain(held: Held) -> list[dict[str, Any]]:
    return [{name: _json(value) for name, value in row.items()} for row in held.rows]


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _shown(part: Part, name: str, value: Any, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, zone)
    return "" if value is None else str(word(part, name, value))
