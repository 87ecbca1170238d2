"""Complaints that were made without any survey, and what became of them. All of it is made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A complaint made ``days_ago``, and how far it went: each step is (days ago, what, with what)."""

    client: str
    site: str | None
    name: str
    phone: str
    language: str
    days_ago: int
    words: str
    category: str
    steps: tuple[tuple[int, str, str], ...] = ()


STORIES = (
    Story(
        "belline", "lyon", "Jeanne Roux", "06 39 98 90 01", "fr", 58,
        "Ma demande de remboursement du 3 n’a toujours pas été traitée, malgré trois appels.", "delivery",
        ((56, "acknowledge", ""), (44, "decide", "upheld"), (40, "appeal", "Le montant reçu n’est pas celui promis."),
         (30, "decide_appeal", "partly_changed")),
    ),
    Story(
        "belline", "lille", "Karim Benali", "06 39 98 90 02", "fr", 34,
        "On m’a donné trois informations différentes sur ma carte de tiers payant.", "information",
        ((33, "acknowledge", ""), (25, "decide", "partly_upheld")),
    ),
    Story(
        "energie-rhone", "lyon", "Françoise Hoarau", "06 39 98 90 03", "fr", 24,
        "On me réclame 412 € alors que j’ai relevé mon compteur devant votre technicien. Personne ne rappelle.",
        "billing", ((23, "acknowledge", ""), (12, "decide", "rejected"), (3, "appeal", "")),
    ),
    Story(
        "energie-rhone", "saint-denis", "John Baker", "06 39 98 90 04", "en", 16,
        "I moved in two weeks ago and still have no contract, after four calls.", "delivery",
        ((15, "acknowledge", ""),),
    ),
    Story(
        "belline", "strasbourg", "Chloé Schmitt", "06 39 98 90 05", "fr", 15,
        "Le conseiller a raccroché pendant que je lui parlais.", "conduct", ((14, "acknowledge", ""),),
    ),
    Story(
        "energie-rhone", "lille", "Hugo Girard", "06 39 98 90 06", "fr", 6,
        "Votre courrier me demande un relevé que j’ai déjà transmis deux fois.", "information", (),
    ),
    Story(
        "belline", None, "Inès Moreau", "06 39 98 90 07", "fr", 2,
        "J’ai attendu quarante minutes au téléphone avant d’être coupée.", "access", (),
    ),
)  # fmt: skip
#: Everyday complaints of the month surveyed: (words, category, decision), told over and over with other people.
EVERYDAY = (
    ("Mon remboursement a été versé sur un ancien compte.", "billing", "upheld"),
    ("La date promise pour le rappel n’a pas été tenue.", "delivery", "upheld"),
    ("On m’a demandé deux fois les mêmes pièces.", "information", "partly_upheld"),
    ("Je conteste les frais ajoutés à ma facture.", "billing", "rejected"),
)
REASONS = {
    "upheld": "Vous avez raison : votre demande est restée sans suite par notre faute. Elle est traitée ce jour.",
    "partly_upheld": "Les informations données étaient incomplètes, sans effet sur vos droits.",
    "rejected": "Le relevé transmis correspond à celui de notre technicien ; le montant demandé est donc exact.",
    "partly_changed": "La première réponse est maintenue sur le fond ; la différence de montant vous sera versée.",
}
