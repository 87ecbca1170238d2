"""One text: its words in force, what they cost, what they were, and new ones."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.errors import NotificationRefused
from notifications.forms.texts import RestoreForm, TextForm
from notifications.models import MessageText, MessageTextVersion
from notifications.previews import compared, preview
from notifications.queries import texts as queries
from notifications.services import texts as services
from notifications.services.texts import TextRefused
from notifications.texts import LANGUAGES, Problem, Template, Text, problems, tidy
from notifications.views import text_words
from notifications.views.base import bp
from notifications.views.texts import at_most, may_edit, only_for_all

PLACE = "/texts/<key>/<channel>/<language>"


@dataclass(frozen=True)
class Opened:
    """The text that a page is about: its row, if somebody wrote words for it, and the words in force."""

    text: Text
    language: str
    row: MessageText | None
    in_force: Template

    @property
    def seen(self) -> int:
        return self.row.version if self.row else 0

    @property
    def number(self) -> int:
        """The number of the version in force; 0 for the product's own words."""
        return (self.row and self.row.in_force) or 0

    @property
    def place(self) -> dict[str, str]:
        return {"key": self.text.key, "channel": self.text.channel, "language": self.language}


@bp.get(PLACE)
@permitted("notifications.read")
def text(key: str, channel: str, language: str) -> str:
    opened = _opened(key, channel, language)
    return _page(opened, _form_of(opened), opened.in_force)


@bp.post(PLACE)
@permitted("notifications.texts")
def save_text(key: str, channel: str, language: str) -> Any:
    """Put what was typed in force; or only show it, when that was asked for."""
    only_for_all()
    opened, form = _opened(key, channel, language), TextForm()
    typed = _typed(form)
    if not form.validate_on_submit():
        return _page(opened, form, typed), 400
    if request.form.get("act") == "preview":
        return _page(opened, form, typed)
    try:
        services.save(opened.text, language, typed, form.note.data or "", form.version.data, utc_now(), current_user.id)
    except NotificationRefused as refusal:
        db.session.rollback()
        return _refused(_opened(key, channel, language), form, typed, refusal)
    db.session.commit()
    flash(_("In force from now on. What waits to be sent keeps its words."))
    return redirect(url_for(".text", **opened.place))


@bp.post(f"{PLACE}/preview")
@permitted("notifications.texts")
def preview_text(key: str, channel: str, language: str) -> str:
    """The preview alone, for the page to show while somebody types; nothing is kept."""
    return render_template(
        "notifications/_text_preview.html", **_shown(_opened(key, channel, language), _typed(TextForm()), True)
    )


@bp.post(f"{PLACE}/restore")
@permitted("notifications.texts")
def restore_text(key: str, channel: str, language: str) -> Any:
    """Put an older version, or the product's own words, in force again."""
    only_for_all()
    opened, form = _opened(key, channel, language), RestoreForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        services.restore(opened.text, language, form.number.data, form.version.data, utc_now(), current_user.id)
    except TextRefused as refusal:
        db.session.rollback()
        flash(" ".join([_("This version may not be sent any more."), *map(text_words.problem, refusal.problems)]))
        return redirect(url_for(".text", **opened.place))
    except NotificationRefused as refusal:
        abort(404 if refusal.code == "unknown-version" else 409)
    db.session.commit()
    flash(_("In force from now on. What waits to be sent keeps its words."))
    return redirect(url_for(".text", **opened.place))


@bp.get(f"{PLACE}/compare")
@permitted("notifications.read")
def compare_text(key: str, channel: str, language: str) -> str:
    """Show two versions side by side; 0 is the product's own words."""
    opened = _opened(key, channel, language)
    old, new = request.args.get("old", 0, type=int), request.args.get("new", 0, type=int)
    found = [queries.words_of(opened.text, language, opened.row, number) for number in (old, new)]
    if found[0] is None or found[1] is None:
        abort(404)
    return render_template(
        "notifications/text_compare.html",
        opened=opened,
        numbers=(old, new),
        templates=found,
        sides=compared(_whole(found[0]), _whole(found[1])),
        written={version.number: version for version in queries.versions(opened.row)},
        names=_names(queries.versions(opened.row)),
        language_words=text_words.LANGUAGES,
    )


def _opened(key: str, channel: str, language: str) -> Opened:
    found = queries.catalogue().get(key, channel)
    if found is None or language not in LANGUAGES:
        abort(404)
    return Opened(found, language, queries.head(key, channel, language), queries.in_force().of(key, channel, language))


def _form_of(opened: Opened) -> TextForm:
    words = opened.in_force
    return TextForm(formdata=None, subject=words.subject, body=words.body, folded=words.folded, version=opened.seen)


def _typed(form: TextForm) -> Template:
    return Template(tidy(form.body.data or ""), tidy(form.subject.data or ""), bool(form.folded.data))


def _refused(opened: Opened, form: TextForm, typed: Template, refusal: NotificationRefused) -> tuple[str, int]:
    """The page with what was typed: told what is wrong, or beside the words of who was quicker."""
    if isinstance(refusal, TextRefused):
        for found in refusal.problems:
            field = form.subject if found.code == "no-subject" else form.body
            field.errors = [*field.errors, text_words.problem(found)]
        return _page(opened, form, typed), 400
    if refusal.code == "same-words":
        form.body.errors = [_("These are the words in force already.")]
        return _page(opened, form, typed), 400
    # Whoever saves again has seen the other's words beside their own.
    form.version.data = form.version.raw_data = None
    form.version.data = opened.seen
    return _page(opened, form, typed, conflict=compared(_whole(opened.in_force), _whole(typed))), 409


def _page(opened: Opened, form: TextForm, shown: Template, conflict: Any = None) -> str:
    versions, wordings = queries.versions(opened.row), queries.in_force()
    return render_template(
        "notifications/text.html",
        form=form,
        conflict=conflict,
        versions=versions,
        names=_names(versions, opened.row),
        may_edit=may_edit(),
        allowed="notifications.texts" in current_permissions(),
        restore=RestoreForm(formdata=None),
        others=[(language, at_most(opened.text, language, wordings)) for language in LANGUAGES],
        language_words=text_words.LANGUAGES,
        **_shown(opened, shown, checked=form.is_submitted() and not form.errors),
    )


def _shown(opened: Opened, template: Template, checked: bool) -> dict[str, Any]:
    """What the preview needs; ``checked``: with what is wrong with the words."""
    found: list[Problem] = problems(opened.text, opened.language, template) if checked else []
    return {
        "opened": opened,
        "preview": preview(opened.text, opened.language, template),
        "problems": [text_words.problem(one) for one in found],
        "price": queries.price(),
        "money": text_words.money,
    }


def _whole(template: Template) -> str:
    return f"{template.subject}\n\n{template.body}" if template.subject else template.body


def _names(versions: list[MessageTextVersion], row: MessageText | None = None) -> dict[int, str]:
    ids = {version.author_id for version in versions} | ({row.changed_by} if row and row.changed_by else set())
    return user_names(ids)
