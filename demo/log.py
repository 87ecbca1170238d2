"""A made-up contact log, as a telephone system would export it, always the same for the same month."""

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from demo.centre import SITES, Client

FIRST_NAMES = (
    "Marie Jean Fatima Louis Chloé Karim Jeanne Hugo Inès Antoine Léa Mohamed Sophie Thomas Awa Pierre Camille Lucas"
    " Nadia Julien Manon Nicolas Aïcha Paul Élise Samir Claire Mathieu Zoé Yanis"
).split()
LAST_NAMES = (
    "Martin Hoarau Bernard Payet Dubois Grondin Robert Benali Richard Meyer Petit Schmitt Durand Diallo Leroy Moreau"
    " Nguyen Simon Laurent Lefebvre Michel Traoré Garcia David Bertrand Roux Vincent Fournier Morel Girard"
).split()
COLUMNS = (
    "Numéro", "Début", "Site", "Canal", "Sens", "Motif", "Conseiller", "Décroché", "Téléphone", "Courriel", "Nom",
    "Langue", "Appelé",
)  # fmt: skip
#: Twelve agents a site, as a telephone system names them; of these only pseudonyms come in.
AGENTS = {
    site.key: [f"{FIRST_NAMES[(7 * place + n) % 30]} {LAST_NAMES[(5 * place + 3 * n) % 30]}" for n in range(12)]
    for place, site in enumerate(SITES)
}
SOURCE = "standard téléphonique"
#: Where customers call and write; the second number is for the reasons named with it.
CALLED = {
    "belline": ("01 99 00 20 10", "01 99 00 20 11", ("adhésion", "devis"), "contact@belline.example"),
    "energie-rhone": ("04 65 71 30 10", "04 65 71 30 11", ("panne",), "clients@energie-rhone.example"),
}
MAPPING = {
    "source": SOURCE,
    "zone": "Europe/Paris",
    "dates": "day-first",
    "fields": {
        "external_id": {"column": "Numéro"},
        "started_at": {"column": "Début"},
        "site": {"column": "Site"},
        "channel": {"column": "Canal", "values": {"téléphone": "phone", "courriel": "email"}},
        "direction": {"column": "Sens", "values": {"entrant": "in"}},
        "reason": {"column": "Motif"},
        "agent": {"column": "Conseiller"},
        "outcome": {"column": "Décroché", "values": {"oui": "answered", "non": "unanswered"}},
        "phone": {"column": "Téléphone"},
        "email": {"column": "Courriel"},
        "name": {"column": "Nom"},
        "language": {"column": "Langue"},
        "entry_point": {"column": "Appelé"},
    },
}


def log_of(client: Client, first_day: date, last_day: date) -> str:
    """Return the client's log of those days (both included) as CSV text with local times."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(client, first_day, last_day, random.Random(f"{client.key} {first_day}")))
    return written.getvalue()


def _rows(client: Client, first_day: date, last_day: date, chance: random.Random) -> Iterator[list[str]]:
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    working = [day for day in days if day.weekday() < 6]
    people = [_person(client, number, chance) for number in range(client.contacts)]
    moments = sorted(_moment(chance.choice(working), chance) for _ in range(client.contacts))
    for number, moment in enumerate(moments, 1):
        yield _row(client, number, moment, chance.choice(people), chance)


def _person(client: Client, number: int, chance: random.Random) -> tuple[str, str, str, str]:
    """Name, phone, e-mail and language. The numbers are those set aside for works of fiction."""
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    offset = 0 if client.key == "belline" else 5000
    phone = f"06 39 98 {(offset + number) // 100:02d} {number % 100:02d}" if chance.random() < 0.94 else ""
    email = f"client{number}@{client.key}.example" if chance.random() < 0.4 else ""
    return name, phone, email, "en" if chance.random() < 0.05 else "fr"


def _moment(day: date, chance: random.Random) -> datetime:
    return datetime(day.year, day.month, day.day, 8) + timedelta(seconds=chance.randrange(10 * 3600))


def _row(client: Client, number: int, moment: datetime, person: tuple[str, ...], chance: random.Random) -> list[str]:
    name, phone, email, language = person
    site = chance.choices(SITES, weights=(4, 3, 2, 1))[0]
    channel = chance.choices(("téléphone", "courriel"), weights=(4, 1))[0]
    answered = "oui" if chance.random() < 0.93 else "non"
    reason = chance.choice(client.reasons)
    agent = AGENTS[site.key][chance.randrange(1, 13) - 1] if answered == "oui" else ""
    return [
        f"{client.key}-{moment:%y%m}-{number:05d}", f"{moment:%d/%m/%Y %H:%M:%S}", site.key, channel, "entrant",
        reason, agent, answered, phone, email, name, language, _called(client, channel, reason),
    ]  # fmt: skip


def _called(client: Client, channel: str, reason: str) -> str:
    first, second, reasons, box = CALLED[client.key]
    return box if channel == "courriel" else second if reason in reasons else first
