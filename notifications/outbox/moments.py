"""When a message may go out."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from foundation.timing.storage import holiday_calendar
from notifications.windows import Window


def lawful_moment(document: Mapping[str, Any] | None, zone: str, region: str, moment: datetime) -> datetime:
    """Return the first moment at or after ``moment`` in the window of ``document``; None allows every moment.

    Raises CalendarExhausted where the holidays of ``region`` are not known.
    """
    if document is None:
        return moment
    is_holiday = holiday_calendar(region).is_holiday
    return Window.from_document(document).next_moment(moment, ZoneInfo(zone), is_holiday)


class Moments:
    """Lawful moments for many messages at once, each worked out once.

    A window may also be given as the text it is stored as: messages by the thousand have the same.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, datetime], datetime] = {}

    def lawful(self, document: Mapping[str, Any] | str | None, zone: str, region: str, moment: datetime) -> datetime:
        """Return what ``lawful_moment`` does."""
        if document is None:
            return moment
        key = (str(document), zone, region, moment)
        if key not in self._known:
            window = json.loads(document) if isinstance(document, str) else document
            self._known[key] = lawful_moment(window, zone, region, moment)
        return self._known[key]
