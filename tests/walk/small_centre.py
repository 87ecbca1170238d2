"""A contact log of last month, small enough to read: two sites, two channels, some rows that cannot be read."""

from datetime import date, timedelta

PASSWORD = "a password for the walk"
STAFF = {
    "admin": "admin@walk.example",
    "quality": "quality@walk.example",
    "handler": "handler@walk.example",
    "second": "second@walk.example",
    "reviewer": "reviewer@walk.example",
}
HEADER = "Appel;Jour;Heure;Site;Canal;Motif;Décroché;Téléphone;Client"


def last_month(today: date) -> tuple[date, date]:
    """Return the first and last day of the month before that of ``today``."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def contact_log(first_day: date, contacts: int = 160) -> str:
    """Return a log with a separate date and time, as an office would send it, and three faulty rows at its end."""
    rows = [HEADER]
    for number in range(contacts):
        day = first_day + timedelta(days=number % 27)
        site, channel = ("Lille", "Lyon")[number % 2], ("téléphone", "courriel")[number // 2 % 2]
        answered = "non" if number % 16 == 15 else "oui"
        rows.append(
            f"A{number:04d};{day:%d/%m/%Y};{9 + number % 8:02d}:{number % 60:02d};{site};{channel};facture;{answered};"
            f"06 39 98 10 {number % 100:02d};Client {number}"
            if number < 100
            else f"A{number:04d};{day:%d/%m/%Y};{9 + number % 8:02d}:{number % 60:02d};{site};{channel};facture;"
            f"{answered};06 39 98 11 {number % 100:02d};Client {number}"
        )
    rows.append(f";{first_day:%d/%m/%Y};10:00;Lille;téléphone;facture;oui;;sans numéro d’appel")
    rows.append("A9001;31/02/2026;10:00;Lille;téléphone;facture;oui;;jour qui n’existe pas")
    rows.append(f"A9002;{first_day:%d/%m/%Y};10:00;Atlantide;téléphone;facture;oui;;site inconnu")
    return "\n".join(rows) + "\n"
