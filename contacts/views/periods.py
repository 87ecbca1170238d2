"""Periods: which are closed, and closing one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from contacts import services
from contacts.forms.uploads import PeriodForm, choices_of
from contacts.forms.wording import closed_words, period_words
from contacts.frames import whole_months
from contacts.models import Period, Principal
from contacts.queries import contact_counts, late_counts
from contacts.queries import log as queries
from contacts.queries.parties import principals
from contacts.queries.reconciliation import unexplained
from contacts.services import PeriodRefused
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@dataclass(frozen=True)
class OpenMonth:
    """A month that is over, has contacts and is not closed yet."""

    principal: Principal
    first_day: date
    last_day: date
    contacts: int
    #: To what the sources say, and silent days, that nobody explained.
    gaps: int


@bp.get("/contacts/periods")
@permitted("contacts.read")
def periods() -> Any:
    return _page(_form())


@bp.post("/contacts/periods")
@permitted("contacts.write")
def close() -> Any:
    """Close a period; whoever sees only some sites of the principal may not."""
    if current_scope().site_ids is not None:
        abort(403)
    form = _form()
    if form.validate_on_submit():
        try:
            period = services.close_period(
                *(form.principal.data, form.first_day.data, form.last_day.data, utc_now(), current_user.id),
                despite_gaps=form.despite_gaps.data,
            )
        except PeriodRefused as refusal:
            db.session.rollback()
            form.first_day.errors = [period_words(refusal)]
            return _page(form, status=409, gaps=refusal.gaps)
        db.session.commit()
        flash(closed_words(period))
        return redirect(url_for(".periods"))
    return _page(form, status=400)


def _form() -> PeriodForm:
    form = PeriodForm()
    form.principal.choices = choices_of([(seen.id, seen.name) for seen in principals(current_scope())])
    return form


def _page(form: PeriodForm, status: int = 200, gaps: int = 0) -> Any:
    scope = current_scope()
    closed = queries.periods(scope)
    may_close = "contacts.write" in current_user.permissions and scope.site_ids is None
    page = render_template(
        "contacts/periods.html",
        form=form,
        periods=[(period, name, _late(period)) for period, name in closed],
        closers=user_names({period.closed_by for period, _name in closed if period.closed_by}),
        months=_open_months([period for period, _name in closed]) if may_close else [],
        may_close=may_close,
        gaps=gaps,
    )
    return page, status


def _late(period: Period) -> int:
    return sum(late_counts(period.principal_id, period.first_day, period.last_day).values())


def _open_months(closed: list[Period]) -> list[OpenMonth]:
    """The months that could be closed now, the latest first."""
    return [month for principal in principals(current_scope()) for month in _months_of(principal, closed, utc_now())]


def _months_of(principal: Principal, closed: list[Period], now: datetime) -> list[OpenMonth]:
    ends = queries.first_and_last(principal.id)
    if ends is None:
        return []
    zone = ZoneInfo(principal.zone)
    first, today = ends[0].astimezone(zone).date(), now.astimezone(zone).date()
    taken = [(period.first_day, period.last_day) for period in closed if period.principal_id == principal.id]
    months = [
        OpenMonth(
            principal,
            start,
            end,
            sum(contact_counts(principal.id, start, end).values()),
            len(unexplained(principal.id, start, end, utc_now())),
        )
        for start, end in whole_months(first, min(ends[1].astimezone(zone).date(), today), today)
        if not any(start <= last and end >= begin for begin, last in taken)
    ]
    return [month for month in reversed(months) if month.contacts]
