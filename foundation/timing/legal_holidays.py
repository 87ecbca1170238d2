"""The holiday lists of each region, computed with the ``holidays`` library (a development tool).

Only days the law makes public holidays are kept: Code du travail L3133-1 (national), L3134-13
(Good Friday and 26 December in Alsace-Moselle), L3422-2 (abolition of slavery overseas). The library
also lists days of custom (Mi-Carême, Victor Schœlcher); counting them would promise customers later
dates than the law allows.
"""

from datetime import date
from typing import Any

import holidays

FIRST_YEAR, LAST_YEAR = 2020, 2035
SUBDIVISIONS = {
    "metropole": None,
    "alsace-moselle": "6AE",
    "guadeloupe": "971",
    "martinique": "972",
    "guyane": "973",
    "la-reunion": "974",
    "mayotte": "976",
}
NATIONAL = {
    "Jour de l'an": "New Year's Day",
    "Lundi de Pâques": "Easter Monday",
    "Fête du Travail": "Labour Day",
    "Fête de la Victoire": "Victory Day",
    "Ascension": "Ascension Day",
    "Lundi de Pentecôte": "Whit Monday",
    "Fête nationale": "National Day",
    "Assomption": "Assumption Day",
    "Toussaint": "All Saints' Day",
    "Armistice": "Armistice Day",
    "Noël": "Christmas Day",
}
ALSACE_MOSELLE = {"Vendredi saint": "Good Friday", "Saint-Étienne": "St Stephen's Day"}
OVERSEAS = {"Abolition de l'esclavage": "Abolition of slavery"}
CUSTOM = {"Mi-Carême", "Fête de Victor Schoelcher", "Vendredi saint"}


class UnknownHoliday(Exception):
    """The library lists a day this module has no opinion about."""

    code = "unknown-holiday"


def legal_names(region: str) -> dict[str, str]:
    """Return the French names of the region's legal holidays, each with its English name."""
    if region == "metropole":
        return NATIONAL
    return NATIONAL | (ALSACE_MOSELLE if region == "alsace-moselle" else OVERSEAS)


def holiday_list(region: str) -> dict[str, Any]:
    """Return the region's list as it is stored, without its hash. Raises UnknownHoliday."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    found = holidays.country_holidays("FR", subdiv=SUBDIVISIONS[region], years=years, language="fr")
    return {
        "region": region,
        "first_day": date(FIRST_YEAR, 1, 1).isoformat(),
        "last_day": date(LAST_YEAR, 12, 31).isoformat(),
        "sources": ["Code du travail L3133-1", "Code du travail L3134-13", "Code du travail L3422-2"],
        "holidays": {
            day.isoformat(): names
            for day in sorted(found)
            if (names := _names(found[day].split("; "), legal_names(region)))
        },
    }


def _names(listed: list[str], legal: dict[str, str]) -> dict[str, str] | None:
    unknown = set(listed) - set(legal) - CUSTOM
    if unknown:
        raise UnknownHoliday(", ".join(sorted(unknown)))
    kept = [name for name in listed if name in legal]
    return {"fr": ", ".join(kept), "en": ", ".join(legal[name] for name in kept)} if kept else None
