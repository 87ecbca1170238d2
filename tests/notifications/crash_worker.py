"""A worker to be killed: it does what the schedule does, as fast as it can, until it is."""

import sys
from datetime import timedelta

from app import create_app
from foundation.web.clock import utc_now
from notifications import simulator
from notifications.dispatcher.sending import dispatch
from notifications.dispatcher.sweeping import sweep
from notifications.providers import Post
from notifications.retries import Rules

# Impatient, so that what a kill interrupted is looked up within seconds.
RULES = Rules(lease=timedelta(seconds=1.5), round_seconds=0.5)


def main(database_url: str) -> None:
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "a secret for tests that is long enough"})
    provider = simulator.Simulator(latency=0.01)
    provider.timeout, provider.lag = 0.3, timedelta(seconds=0.2)
    post = Post({"sms": provider}, "https://centre.example")
    with app.app_context():
        print("ready", flush=True)
        while True:
            dispatch(post, RULES)
            sweep(post, utc_now(), RULES)
            simulator.give_receipts(utc_now())


main(sys.argv[1])
