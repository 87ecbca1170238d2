"""Who is in the demo centre: principals, sites, staff. All of it is made up."""

from dataclasses import dataclass

PASSWORD = "satisfecit demo"


@dataclass(frozen=True)
class Place:
    """A site, and how well its customers are served there (0 to 1)."""

    key: str
    name: str
    zone: str
    region: str
    quality: float


@dataclass(frozen=True)
class Client:
    """A principal, its voice, and how many contacts a month it has."""

    key: str
    name: str
    reasons: tuple[str, ...]
    contacts: int
    mediator: tuple[str, str, str]
    quality: float


@dataclass(frozen=True)
class Person:
    """Somebody who signs in; ``principal`` narrows what they see."""

    email: str
    name: str
    role: str
    principal: str | None = None


SITES = (
    Place("lille", "Lille", "Europe/Paris", "metropole", 0.86),
    Place("lyon", "Lyon", "Europe/Paris", "metropole", 0.76),
    Place("strasbourg", "Strasbourg", "Europe/Paris", "alsace-moselle", 0.90),
    Place("saint-denis", "Saint-Denis", "Indian/Reunion", "la-reunion", 0.83),
)
CLIENTS = (
    Client(
        "belline",
        "Mutuelle Belline",
        ("remboursement", "adhésion", "carte de tiers payant", "devis"),
        2400,
        ("Médiation Santé Exemple", "12 rue des Lilas, 75000 Paris", "https://mediation-sante.example"),
        0.0,
    ),
    Client(
        "energie-rhone",
        "Énergie du Rhône",
        ("facturation", "relevé de compteur", "emménagement", "panne"),
        1500,
        ("Médiation Énergie Exemple", "3 quai du Port, 69000 Lyon", "https://mediation-energie.example"),
        -0.08,
    ),
)
STAFF = (
    Person("admin@demo.example", "Camille Roussel", "admin"),
    Person("qualite@demo.example", "Nadia Aubry", "quality"),
    Person("responsable@demo.example", "Marc Tessier", "manager"),
    Person("reclamations@demo.example", "Awa Diallo", "handler"),
    Person("reclamations2@demo.example", "Paul Lemoine", "handler"),
    Person("recours@demo.example", "Rachel Meyer", "reviewer"),
    Person("auditeur@demo.example", "Hélène Vasseur", "auditor"),
    Person("conseiller@demo.example", "Yann Le Goff", "agent"),
    Person("donneur@demo.example", "Sofia Martin (Mutuelle Belline)", "principal", "belline"),
)
