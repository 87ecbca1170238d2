"""The border of a principal, and how far an agreement moves it."""

from datetime import datetime

from flask import current_app


def stop_reaches(principal_id: int, at: datetime) -> set[int]:
    """Return the principals whom a stop said to one of them reaches at ``at``, ``principal_id`` among them.

    Asks whoever knows the agreements, registered in app.py; without any a stop ends at its principal.
    """
    sharing = current_app.extensions.get("stop_borders")
    return sharing(principal_id, at) if sharing else {principal_id}
