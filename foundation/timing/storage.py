"""Holiday lists kept in files, each with its hash."""

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from foundation.timing.calendars import REGIONS, WorkingCalendar

FOLDER = Path(__file__).parent / "snapshots"


class HolidayListChanged(Exception):
    """A holiday file does not have the hash it states: someone edited it by hand."""

    code = "holiday-list-changed"


def content_hash(holiday_list: dict[str, Any]) -> str:
    """Return the SHA-256 of the list as canonical JSON, without its own hash."""
    content = {key: value for key, value in holiday_list.items() if key != "sha256"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_holiday_list(path: Path) -> dict[str, Any]:
    """Return what ``path`` holds. Raises HolidayListChanged if it is not what was generated."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if stored["sha256"] != content_hash(stored):
        raise HolidayListChanged(path.name)
    return stored


@cache
def holiday_calendar(region: str) -> WorkingCalendar:
    """Return the calendar of ``region``; its version is the first 12 characters of the file's hash.

    Raises KeyError for a region without a list, HolidayListChanged for an edited file.
    """
    if region not in REGIONS:
        raise KeyError(region)
    stored = read_holiday_list(FOLDER / f"{region}.json")
    return WorkingCalendar(
        region=region,
        first_day=date.fromisoformat(stored["first_day"]),
        last_day=date.fromisoformat(stored["last_day"]),
        holidays={date.fromisoformat(day): names for day, names in stored["holidays"].items()},
        version=stored["sha256"][:12],
    )


def write_holiday_list(holiday_list: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Write the list with its hash and return the file."""
    path = folder / f"{holiday_list['region']}.json"
    hashed = {**holiday_list, "sha256": content_hash(holiday_list)}
    path.write_text(json.dumps(hashed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
