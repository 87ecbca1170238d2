"""Whose days a case is counted in."""

from complaints.clocks import Place
from contacts.models import Principal, Site
from foundation.database import db
from foundation.timing.calendars import region_of_zone
from foundation.timing.storage import holiday_calendar


def place_of(principal_id: int, site_id: int | None) -> Place:
    """Return the zone and calendar of the handling site, else of the principal."""
    if site_id is not None:
        site = db.session.get_one(Site, site_id)
        return Place(site.zone, holiday_calendar(site.holiday_region))
    zone = db.session.get_one(Principal, principal_id).zone
    return Place(zone, holiday_calendar(region_of_zone(zone)))
