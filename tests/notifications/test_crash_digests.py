"""Workers killed without warning while they write digests: every alert is told, and none twice."""

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from foundation.database import db
from foundation.web import clock
from notifications import engines, services
from notifications.alerting import Reader
from notifications.models import Alert, OutboxMessage
from tests.conftest import NOW, create_user
from tests.notifications.test_crashes import kill

KILLS = 25 if os.environ.get("LONG") else 2
ROOT = Path(__file__).parent.parent.parent


def start_worker(url, moment, folder):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SATISFECIT_INSTANCE": str(folder)}
    command = [sys.executable, str(Path(__file__).parent / "crash_digests.py"), url, moment.isoformat()]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    assert worker.stdout.readline() == b"ready\n"
    return worker


def test_killed_workers_tell_everything_and_nothing_twice(app, tmp_path):
    manager = create_user("manager")
    services.save_preferences(manager, {"breached": "at_once"}, Reader(opens=0, closes=24, weekends=True), NOW)
    db.session.commit()
    dice, now = random.Random(4), NOW
    for _kill in range(KILLS):
        now += timedelta(hours=2)
        worker = start_worker(app.config["DATABASE_URL"], now, tmp_path)
        for _raised in range(dice.randrange(3, 12)):
            assert worker.stdout.readline() == b"raised\n"
        time.sleep(dice.uniform(0, 0.02))  # somewhere in the writing of its mail
        kill(worker)
    clock.start_at(now + timedelta(hours=2))
    engines.alerts_round(clock.utc_now())
    db.session.rollback()
    raised = list(db.session.scalars(db.select(Alert.key).filter_by(kind="breached")))
    mails = db.session.scalars(db.select(OutboxMessage.body).filter_by(purpose="alert")).all()
    told = Counter(key for body in mails for key in re.findall(r"\[(.+?)\]", body))
    assert len(raised) > KILLS and set(told.values()) == {1}
    assert told.keys() == set(raised)
