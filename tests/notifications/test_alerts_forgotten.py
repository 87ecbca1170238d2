"""What is over is forgotten after ninety days; what still holds is not, or it would be told anew."""

from datetime import timedelta

import pytest

from foundation.database import db
from notifications import engines, services
from notifications.models import Alert, AlertTelling
from tests.conftest import NOW, create_user

LONG_AGO = NOW - timedelta(days=100)
OLD = NOW - timedelta(days=90)


def alert(key, kind="breached", raised_at=LONG_AGO, ended_at=None):
    new = services.NewAlert(kind=kind, key=key, subject_key="case:1", text={"fr": "x", "en": "x"}, path="/complaints")
    services.raise_alert(new, raised_at)
    row = db.session.scalars(db.select(Alert).filter_by(key=key)).one()
    row.ended_at = ended_at
    reader = AlertTelling(alert_id=row.id, user_id=create_user("quality").id, at=raised_at, message_key=key)
    db.session.add(reader)
    db.session.commit()


@pytest.mark.parametrize(
    "facts, stays",
    [
        ({"ended_at": OLD - timedelta(seconds=1)}, False),
        ({"ended_at": OLD + timedelta(seconds=1)}, True),
        ({"ended_at": None}, True),
        ({"kind": "low_score"}, False),
        ({"kind": "low_score", "raised_at": OLD + timedelta(seconds=1)}, True),
    ],
    ids=["over for long", "over not so long", "still holds", "an old low score", "a newer low score"],
)
def test_an_alert_is_forgotten_ninety_days_after_it_is_over(app, facts, stays):
    alert("one", **facts)
    engines.forget_old_alerts(NOW)
    db.session.commit()
    kept = [db.session.scalar(db.select(db.func.count()).select_from(model)) for model in (Alert, AlertTelling)]
    assert kept == [stays, stays]


def test_forgetting_is_part_of_the_worker_s_round(app):
    alert("one", ended_at=LONG_AGO)
    app.extensions["jobs"].schedule["notifications.forget-alerts"].run(NOW)
    assert db.session.scalar(db.select(Alert.id)) is None
