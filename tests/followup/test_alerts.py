"""What complaints and surveys know becomes alerts to staff."""

from datetime import timedelta

import pytest

import followup
from complaints import services as complaints
from foundation.accounts.models import User
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.web import clock
from notifications.models import Alert, OutboxMessage
from notifications.queries.alerts import ripe_for
from surveys.signals import dissatisfaction_expressed
from tests.complaints.factories import an_answer, create_case, create_principal, create_site
from tests.conftest import NOW, create_user, signed_in

pytestmark = pytest.mark.usefixtures("app")


def alerts(kind):
    db.session.rollback()
    return list(db.session.scalars(db.select(Alert).filter_by(kind=kind).order_by(Alert.id)))


def watch(days):
    clock.start_at(NOW + timedelta(days=days))
    complaints.watch_clocks(clock.utc_now())
    db.session.commit()


def test_a_delay_is_one_alert_when_near_and_one_when_past_however_often_it_is_scanned():
    site = create_site()
    case = create_case(site_id=site.id)
    for _scan in range(3):
        watch(10)
    near = alerts("due_soon")
    assert sorted(alert.facts["clock"] for alert in near) == ["acknowledgement", "answer"]
    assert {(one.principal_id, one.site_id, one.in_charge_id) for one in near} == {(case.principal_id, site.id, None)}
    (answer,) = [alert for alert in near if alert.facts["clock"] == "answer"]
    assert answer.text["fr"].startswith(f"{case.reference}\N{NO-BREAK SPACE}: Réponse, pour le lundi 7 décembre 2026")
    assert answer.text["en"] == f"{case.reference}: Answer by Monday 7 December 2026 (EDR, Lyon)"
    for _scan in range(3):
        watch(20)
    assert len(alerts("breached")) == 2
    assert all(alert.ended_at is not None for alert in alerts("due_soon"))
    assert {alert.subject_key for alert in alerts("breached")} == {f"case:{case.reference}"}


def test_a_delay_that_changes_hands_is_told_to_whoever_has_it_now():
    case, alice, bob = create_case(), create_user("handler"), create_user("handler")
    watch(10)
    for handler in (alice, bob):
        case.handler_id = handler.id
        watch(10)
        assert {one.in_charge_id for one in alerts("due_soon")} == {handler.id}
    clock.start_at(clock.utc_now() + timedelta(hours=2))
    assert [len(ripe_for(one, clock.utc_now())) for one in (alice, bob)] == [0, 2]


def test_a_delay_that_is_met_is_no_longer_due_soon():
    case = create_case()
    watch(10)
    alice = create_user("handler")
    complaints.assign(case.id, alice.id, clock.utc_now())
    complaints.acknowledge(case.id, alice.id, clock.utc_now())
    db.session.commit()
    watch(10)
    open_ones = [alert.facts["clock"] for alert in alerts("due_soon") if alert.ended_at is None]
    assert open_ones == ["answer"]


def test_a_delay_that_is_met_late_is_over(app):
    case, handler = create_case(), create_user("handler")
    watch(20)
    complaints.assign(case.id, handler.id, clock.utc_now())
    complaints.acknowledge(case.id, handler.id, clock.utc_now())
    watch(20)
    assert [alert.facts["clock"] for alert in alerts("breached") if alert.ended_at is None] == ["answer"]


def test_the_line_names_no_customer_and_its_link_opens_the_case(app):
    case = create_case(name="Mme Hoarau")
    watch(20)
    for alert in alerts("breached"):
        assert "Hoarau" not in str(alert.text)
    page = signed_in(app, create_user("manager")).get(alerts("breached")[0].path)
    assert (page.status_code, case.reference in page.text) == (200, True)


def express(payload):
    dissatisfaction_expressed.send(payload["programme_key"], payload=payload, at=NOW)
    db.session.commit()


def test_a_dissatisfied_answer_is_one_alert_to_quality_without_its_words(app):
    principal = create_principal()
    quality = create_user("quality", principal_ids=[principal.id])
    payload = an_answer(principal)
    for wants in ("none", "callback"):
        express(payload | {"wants": wants})
    run_until_idle(app)
    (alert,) = alerts("low_score")
    assert (alert.principal_id, alert.subject_key, alert.facts["score"]) == (principal.id, "programme:after-call", 2)
    assert payload["words"] not in str(alert.text) and "Après un appel" in alert.text["fr"]
    clock.start_at(NOW + timedelta(days=1))
    run_until_idle(app)
    mails = list(db.session.scalars(db.select(OutboxMessage.recipient).filter_by(purpose="alert")))
    assert mails == [quality.email]
    assert signed_in(app, db.session.get(User, quality.id)).get(alert.path).status_code == 200


def test_an_alert_that_cannot_be_raised_does_not_undo_the_answer(app, monkeypatch):
    """The alert is a job of its own: what breaks there leaves the proposal as it is."""
    registry = app.extensions["jobs"]
    monkeypatch.setitem(registry.kinds, "notifications.low_score", lambda payload, now: 1 / 0)
    express(an_answer(create_principal()))
    run_until_idle(app)
    assert alerts("low_score") == []
    from complaints.models import Proposal

    assert db.session.scalar(db.select(db.func.count(Proposal.id))) == 1


def test_every_kind_of_work_followup_writes_has_its_function(app):
    known = app.extensions["jobs"].kinds
    assert {kind for kind, _work in followup.JOB_KINDS} <= set(known)
