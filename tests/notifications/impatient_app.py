"""The application for workers that are killed: the real one, impatient, with a simulated network that takes its time.

``flask --app tests.notifications.impatient_app jobs run``
"""

from dataclasses import replace
from datetime import timedelta

from app import create_app as create_real_app
from notifications.providers import Post
from notifications.retries import Rules
from notifications.simulator import Simulator
from tests.jobs.conftest import IMPATIENT


def create_app():
    rules = Rules(lease=timedelta(seconds=1.5), round_seconds=0.5)
    # On a busy machine what is under way takes its time to be recorded; nothing is waited for beyond that.
    patience = replace(IMPATIENT, grace_seconds=5.0)
    app = create_real_app({"JOBS_PATIENCE": patience, "NOTIFICATION_RULES": rules})
    network = Simulator(latency=0.03)
    network.timeout, network.lag = 0.3, timedelta(seconds=0.2)
    app.extensions["notifications"] = Post({"sms": network}, "https://centre.example")
    return app
