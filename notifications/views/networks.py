"""The weather of the simulated network: what an operator or a tester sets, and what some numbers do on purpose."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import simulator
from notifications.forms.networks import NetworkForm, PresetForm
from notifications.networks import PRESETS
from notifications.simulator import network
from notifications.views.base import bp
from notifications.views.phones import only_when_simulated


@bp.route("/phone/network", methods=["GET", "POST"])
@permitted("notifications.simulate")
def weather() -> Any:
    """Show how the simulated network behaves, and set it."""
    only_when_simulated()
    known, refuses_until = network.current()
    form = NetworkForm(data=NetworkForm.values_of(known))
    if form.validate_on_submit():
        network.set_weather(form.network(), form.refuse_for.data or 0, utc_now())
        db.session.commit()
        flash(_("The network behaves so from the next message on."))
        return redirect(url_for(".weather"))
    still = refuses_until if refuses_until and refuses_until > utc_now() else None
    return render_template(
        "notifications/network.html",
        form=form,
        presets=PresetForm(),
        refuses_until=still,
        refused=simulator.REFUSED,
        undelivered=simulator.UNDELIVERED,
    ), form.status


@bp.post("/phone/network/preset")
@permitted("notifications.simulate")
def preset() -> Any:
    """Set one of the ready-made weathers; "calm" is how it begins."""
    only_when_simulated()
    form = PresetForm()
    if not form.validate_on_submit():
        abort(400)
    network.set_weather(*PRESETS[form.name.data], utc_now())
    db.session.commit()
    flash(_("The network behaves so from the next message on."))
    return redirect(url_for(".weather"))
