"""A worker to be killed: it raises alerts and writes digests, as fast as it can, until it is."""

import itertools
import sys

from app import create_app
from foundation.database import db
from foundation.web import clock
from notifications import engines, services
from notifications.services import NewAlert


def main(database_url: str, moment: str) -> None:
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "a secret for tests that is long enough"})
    clock.start_from(moment)
    with app.app_context():
        print("ready", flush=True)
        for number in itertools.count():
            key = f"{moment}:{number}"
            text = {"fr": f"[{key}]", "en": f"[{key}]"}
            services.raise_alert(NewAlert("breached", key, key, text, "/complaints", principal_id=1), clock.utc_now())
            db.session.commit()
            print("raised", flush=True)
            engines.alerts_round(clock.utc_now())


main(sys.argv[1], sys.argv[2])
