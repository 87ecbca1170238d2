"""What made-up customers answer, from how well they were served."""

import random

from demo.centre import CLIENTS, SITES

QUALITY = {site.key: site.quality for site in SITES}
LOWERED = {client.key: client.quality for client in CLIENTS}
PRAISE = (
    "Conseillère très claire, merci.",
    "Réponse rapide et précise.",
    "J’ai tout réglé en un appel.",
    "Accueil agréable, rien à redire.",
    "On m’a rappelé comme promis.",
)
BLAME = (
    "Personne ne rappelle, j’attends depuis dix jours.",
    "On me réclame une somme que j’ai déjà payée.",
    "Trois conseillers, trois réponses différentes.",
    "Ma demande n’a pas été comprise.",
    "J’ai attendu vingt minutes avant d’être coupé.",
    "Le courrier promis n’est jamais arrivé.",
)
MIDDLING = ("Correct, sans plus.", "Un peu long.", "")


def scores_of(site: str, channel: str, client: str, chance: random.Random) -> dict[str, int | str]:
    """Return answers by question id: scales as whole numbers, yes/no as ``yes`` or ``no``, and a comment."""
    level = QUALITY[site] + LOWERED[client] - (0.05 if channel == "email" else 0.0)
    satisfied = chance.random() < level
    score = chance.choices((5, 4), weights=(3, 4))[0] if satisfied else chance.choices((3, 2, 1), weights=(5, 3, 2))[0]
    return {
        "satisfaction": score,
        "recommendation": max(0, min(10, round(2 * score + chance.gauss(0, 1.2)))),
        "effort": max(1, min(7, round(1.3 * score + chance.gauss(0.3, 1.0)))),
        "solved": "yes" if chance.random() < (0.88 if satisfied else 0.35) else "no",
        **{theme: _near(score, chance) for theme in ("access", "taking_charge", "handling", "conclusion")},
        "comment": _comment(score, chance),
        "complaint": chance.choice(("yes", "note", "note", "call_back")),
        "call_back": chance.choice(("yes", "no")),
    }


def _near(score: int, chance: random.Random) -> int:
    return max(1, min(5, score + chance.choice((-1, 0, 0, 0, 1))))


def _comment(score: int, chance: random.Random) -> str:
    if chance.random() < 0.55:
        return ""
    return chance.choice(PRAISE if score >= 4 else MIDDLING if score == 3 else BLAME)
