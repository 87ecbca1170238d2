"""Where a recipient lives, from the number alone."""

from zoneinfo import ZoneInfo

import pytest
from phonenumbers.tzdata import TIMEZONE_DATA

from notifications.places import place_of


@pytest.mark.parametrize(
    "number, zone, region",
    [
        ("+262262123456", "Indian/Reunion", "la-reunion"),
        ("+262692123456", "Indian/Reunion", "la-reunion"),
        ("+262693123456", "Indian/Reunion", "la-reunion"),
        ("+262269123456", "Indian/Mayotte", "mayotte"),
        ("+262639123456", "Indian/Mayotte", "mayotte"),
        ("+590590123456", "America/Guadeloupe", "guadeloupe"),
        ("+590690123456", "America/Guadeloupe", "guadeloupe"),
        ("+590691123456", "America/Guadeloupe", "guadeloupe"),
        ("+594594123456", "America/Cayenne", "guyane"),
        ("+594694123456", "America/Cayenne", "guyane"),
        ("+596596123456", "America/Martinique", "martinique"),
        ("+596697123456", "America/Martinique", "martinique"),
        ("+687751234", "Pacific/Noumea", "metropole"),
        ("+32470123456", "Europe/Brussels", "metropole"),
        ("+212612345678", "Africa/Casablanca", "metropole"),
    ],
)
def test_a_number_that_tells_where_it_is_rung_is_believed(number, zone, region):
    assert place_of(number, "Europe/Paris") == (zone, region)


@pytest.mark.parametrize("recipient", ["+33612345678", "+33388123456", "+61412345678", "jeanne@example.org", "+", "?"])
def test_one_that_does_not_leaves_what_was_known(recipient):
    assert place_of(recipient, "Europe/Paris", "alsace-moselle") == ("Europe/Paris", "alsace-moselle")
    assert place_of(recipient, "Indian/Reunion") == ("Indian/Reunion", "la-reunion")


def test_every_zone_a_number_may_lead_to_is_one_that_clocks_know():
    unknown = {zone for zones in TIMEZONE_DATA.values() for zone in zones} - {"Etc/Unknown"}
    assert unknown and all(ZoneInfo(zone) for zone in unknown)
