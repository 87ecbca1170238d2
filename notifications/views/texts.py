"""Every text, what it costs at most, and what one part of an SMS costs."""

from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.forms.texts import PriceForm
from notifications.models import SmsPrice
from notifications.previews import Preview, preview
from notifications.queries import texts as queries
from notifications.services import texts as services
from notifications.states import PURPOSES
from notifications.texts import LANGUAGES, Text, Wordings
from notifications.views import text_words
from notifications.views.base import bp


@bp.get("/texts")
@permitted("notifications.read")
def texts() -> str:
    """Show every text by purpose, with its cost in each language."""
    return _list(_price_form(queries.price()))


@bp.post("/texts/price")
@permitted("notifications.texts")
def set_price() -> Any:
    """Write down what one part costs."""
    only_for_all()
    form, price = PriceForm(), queries.price()
    if not form.validate_on_submit():
        return _list(form), 400
    if (form.seen.data or "") != _seen(price):
        form.amount.errors = [_("Meanwhile somebody wrote down %(price)s.", price=text_words.money(1, price))]
        form.seen.data = form.seen.raw_data = None
        form.seen.data = _seen(price)
        return _list(form), 409
    millionths = int((form.amount.data * text_words.MILLION).to_integral_value())
    services.set_price(millionths, form.currency.data, utc_now(), current_user.id)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".texts"))


def _list(price_form: PriceForm) -> str:
    wordings, price = queries.in_force(), queries.price()
    rows = [(one, {language: at_most(one, language, wordings) for language in LANGUAGES}) for one in wordings.catalogue]
    used = [purpose for purpose in PURPOSES if any(one.purpose == purpose for one, _cells in rows)]
    return render_template(
        "notifications/texts.html",
        groups=[(purpose, [row for row in rows if row[0].purpose == purpose]) for purpose in used],
        numbers=queries.numbers_in_force(),
        price=price,
        money=text_words.money,
        form=price_form,
        may_edit=may_edit(),
        language_words=text_words.LANGUAGES,
    )


def _price_form(price: SmsPrice | None) -> PriceForm:
    amount = Decimal(price.millionths) / text_words.MILLION if price else None
    currency = price.currency if price else "EUR"
    return PriceForm(formdata=None, amount=amount, currency=currency, seen=_seen(price))


def _seen(price: SmsPrice | None) -> str:
    return f"{price.millionths} {price.currency}" if price else ""


def at_most(text: Text, language: str, wordings: Wordings) -> Preview:
    """Return what the words in force come to, with the longest values among others."""
    return preview(text, language, wordings.of(text.key, text.channel, language))


def may_edit() -> bool:
    """A text is one for all principals, so only who sees them all may change it."""
    return "notifications.texts" in current_permissions() and current_scope().principal_ids is None


def only_for_all() -> None:
    """Refuse whoever may not change the texts of all."""
    if not may_edit():
        abort(403)
