"""Where a recipient lives, as far as their number tells: the zone of their clock and the region of their holidays."""

from typing import NamedTuple

import phonenumbers
from phonenumbers import timezone

from foundation.timing.calendars import ZONE_REGIONS, region_of_zone


class Place(NamedTuple):
    """A zone of the tz database and a region of ``foundation.timing``."""

    zone: str
    region: str


METROPOLE = "+33"
# Réunion and Mayotte share +262, and the tz data of phonenumbers knows neither the newer overseas ranges (+590 691,
# +262 639) nor which of the two islands a mobile belongs to. For Morocco it names the Canaries, an hour off.
_ZONES = {
    "+262269": "Indian/Mayotte",
    "+262639": "Indian/Mayotte",
    "+262": "Indian/Reunion",
    "+590": "America/Guadeloupe",
    "+594": "America/Cayenne",
    "+596": "America/Martinique",
    "+212": "Africa/Casablanca",
}
_UNKNOWN = "Etc/Unknown"


def place_of(recipient: str, zone: str, region: str = "") -> Place:
    """Return where ``recipient`` (E.164 or e-mail) lives, else ``zone`` and ``region`` (by default that of the zone).

    A number of the French mainland says nothing, since people take it along; nor does
    one of a country with several zones. Abroad the holidays stay those of ``region``:
    no other lists are kept.
    """
    home = Place(zone, region or region_of_zone(zone))
    if not recipient.startswith("+") or recipient.startswith(METROPOLE):
        return home
    found = _zone_of(recipient)
    if found is None:
        return home
    return Place(found, ZONE_REGIONS.get(found, home.region))


def _zone_of(number: str) -> str | None:
    """Return the zone of an E.164 number, the longest prefix first; None where it has none or several."""
    for prefix in sorted(_ZONES, key=len, reverse=True):
        if number.startswith(prefix):
            return _ZONES[prefix]
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
    return zones[0] if len(zones) == 1 and zones[0] != _UNKNOWN else None
