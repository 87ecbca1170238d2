"""The hours in which messages may go out: shown with what they mean where, changed, and chosen by purpose."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import pages
from notifications.errors import NotificationRefused
from notifications.forms.windows import ChoicesForm, WindowForm
from notifications.hours import ANY, BUILT_IN, DEFAULT_CHOICES, HOUSE, Choice
from notifications.queries import windows
from notifications.queries.windows import Named
from notifications.services.windows import choose_windows, save_window
from notifications.views import stop_words
from notifications.views.base import bp
from notifications.windows import Window


@bp.get("/windows")
@permitted("notifications.read")
def window_list() -> str:
    shown = windows.windows(current_scope())
    return render_template(
        "notifications/windows.html",
        shown=shown,
        usual=windows.window("usual"),
        moments=windows.moments(_usual(), utc_now()),
        whose=_whose(),
        choices={id_: windows.choices(id_) for id_ in _whose()},
        own={id_: windows.chosen_by(id_) for id_ in _whose()},
        may_change="notifications.rules" in current_permissions(),
        may_change_house=current_scope().principal_ids is None,
        **_words(),
    )


@bp.route("/windows/new", methods=["GET", "POST"])
@permitted("notifications.rules")
def new_window() -> Any:
    return _edit(None, Named("", HOUSE, "", Window()))


@bp.route("/windows/<int:principal_id>/<key>", methods=["GET", "POST"])
@permitted("notifications.rules")
def change_window(principal_id: int, key: str) -> Any:
    """Change a window; one that a principal has from the house becomes its own."""
    if principal_id not in _mine():
        abort(404)
    known = windows.window(key, principal_id) or abort(404)
    own = known.principal_id == principal_id
    return _edit(key, Named(key, principal_id, known.name, known.window, known.version if own else 0))


@bp.route("/windows/<int:principal_id>", methods=["GET", "POST"])
@permitted("notifications.rules")
def window_choices(principal_id: int) -> Any:
    """Say for each purpose which window its messages wait for, at one principal or in the house (0)."""
    if principal_id not in _mine():
        abort(404)
    form = ChoicesForm(data=_chosen(principal_id))
    for purpose, field, _emails in form.pairs():
        field.choices = _keys(principal_id, purpose)
    if not form.validate_on_submit():
        return _chooser(form, principal_id), form.status
    chosen = {purpose: Choice(key.data, emails.data) if key.data else None for purpose, key, emails in form.pairs()}
    try:
        choose_windows(principal_id, chosen, form.version.data or 0, utc_now(), current_user.id)
    except NotificationRefused:
        db.session.rollback()
        # Whoever chooses again has seen the other's choices above their own.
        form.version.raw_data = None
        form.version.data = windows.choices_version(principal_id)
        return _chooser(form, principal_id, theirs=_theirs(principal_id)), 409
    db.session.commit()
    flash(_("The hours are chosen."))
    return redirect(url_for(".window_list"))


def _chooser(form: ChoicesForm, principal_id: int, theirs: list[tuple[str, str, bool | None]] | None = None) -> str:
    whose = _whose()
    return render_template(
        "notifications/window_choices.html",
        form=form,
        principal_id=principal_id,
        whose=whose,
        theirs=theirs,
        **_words(),
    )


def _theirs(principal_id: int) -> list[tuple[str, str, bool | None]]:
    """What each purpose waits for by now: its label, its window, and, where there are hours, whether e-mails wait."""
    chosen = _chosen(principal_id)
    return [
        (
            str(field.label.text),
            dict(_keys(principal_id, purpose)).get(chosen[purpose], chosen[purpose]),
            None if chosen[purpose] in ("", ANY) else chosen[f"{purpose}_emails"],
        )
        for purpose, field, _emails in ChoicesForm(formdata=None).pairs()
    ]


def _edit(key: str | None, known: Named) -> Any:
    form = WindowForm(data=_data(known))
    form.needs_name = key not in BUILT_IN
    form.whose.choices = [(id_, name) for id_, name in _mine().items() if key is None or id_ == known.principal_id]
    moments, status = [], form.status
    if form.validate_on_submit():
        moments = windows.moments(form.window(), utc_now())
        status = 200
        if request.form.get("act") == "save":
            try:
                save_window(
                    key,
                    form.whose.data,
                    form.name.data or "",
                    form.window(),
                    _version(form),
                    utc_now(),
                    current_user.id,
                )
            except NotificationRefused:
                db.session.rollback()
                return _editor(form, key, known, moments, conflict=_by_now(form, known)), 409
            db.session.commit()
            flash(_("The hours are saved. Messages already waiting keep the hours they were asked for with."))
            return redirect(url_for(".window_list"))
    elif request.method == "GET":
        moments = windows.moments(known.window, utc_now())
    return _editor(form, key, known, moments), status


def _editor(form: WindowForm, key: str | None, known: Named, moments: Any, conflict: Named | None = None) -> str:
    return render_template(
        "notifications/window.html", form=form, key=key, known=known, moments=moments, conflict=conflict, **_words()
    )


def _by_now(form: WindowForm, known: Named) -> Named:
    """Return what somebody else made of a window meanwhile; whoever saves again has seen it above their own."""
    theirs = windows.window(known.key, known.principal_id) or known
    form.version.raw_data = None
    form.version.data = str(theirs.version if theirs.principal_id == known.principal_id else 0)
    return theirs


def _data(known: Named) -> dict[str, Any]:
    shown = known.window
    return {
        "name": known.name,
        "whose": known.principal_id,
        "opens": shown.opens,
        "closes": shown.document()["to"],
        "days": sorted(shown.weekdays),
        "holidays": shown.holidays,
        "version": str(known.version),
    }


def _version(form: WindowForm) -> int:
    return int(form.version.data) if (form.version.data or "").isdecimal() else 0


def _usual() -> Window:
    found = windows.window("usual")
    return found.window if found else Window()


def _chosen(principal_id: int) -> dict[str, Any]:
    own, choices = windows.chosen_by(principal_id), windows.choices(principal_id)
    fields: dict[str, Any] = {purpose: choices[purpose].key if purpose in own else "" for purpose in choices}
    emails = {f"{purpose}_emails": choice.emails for purpose, choice in choices.items()}
    return fields | emails | {"version": windows.choices_version(principal_id)}


def _keys(principal_id: int, purpose: str) -> list[tuple[str, str]]:
    known = {one.key: one for one in windows.windows(current_scope()) if one.principal_id in (HOUSE, principal_id)}
    named = [(ANY, _("At any hour")), *((one.key, pages.window_name(one.key, one.name)) for one in known.values())]
    return [("", _otherwise(principal_id, purpose, dict(named))), *named]


def _otherwise(principal_id: int, purpose: str, names: dict[str, str]) -> str:
    """Say what holds without a choice of one's own: the house's, and for the house what nobody chose."""
    if principal_id == HOUSE:
        return _("As nobody had chosen (%(window)s)", window=names[DEFAULT_CHOICES[purpose].key])
    key = windows.choices(HOUSE)[purpose].key
    return _("As the house (%(window)s)", window=names.get(key, key))


def _whose() -> dict[int, str]:
    """Return the house and the principals that are seen, by id."""
    return {HOUSE: _("The house"), **dict(stop_words.principals())}


def _mine() -> dict[int, str]:
    """Return those whose hours may be changed: the house's by who sees all."""
    return dict(stop_words.principal_choices(everyone=_("The house")))


def _words() -> dict[str, Any]:
    return {
        "texts": stop_words,
        "window_name": pages.window_name,
        "hours_words": pages.hours_words,
        "days_words": pages.days_words,
        "any_hour": ANY,
    }
