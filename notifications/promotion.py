"""Whether a message about a customer's own contact or complaint advertises something.

What serves the relation (a survey, an answer to a complaint) needs no consent; a message that also advertises is
prospection and does (Code des postes et des communications électroniques, L34-5). So a text of class *relation* that
advertises is refused, and the words are named. The check is by purpose: an answer to a complaint may grant a
« remise gracieuse » or speak of the « code promo » that did not work; only plain soliciting is refused there.
"""

import re
import unicodedata
from functools import lru_cache

from notifications.segments import fold

#: Purposes whose messages are written about a complaint: redress is not advertising.
REDRESS = frozenset({"acknowledgement", "reply", "decision"})
#: Purposes that write to staff, or answer a person's STOP or START.
EXEMPT = frozenset({"alert", "account"})

# Plain soliciting, in any purpose.
_SOLICITING = [
    r"profitez(?:[ -]?(?:en|vite|de|d'))?",
    r"(?:de)?couvrez (?:vite )?(?:nos|notre) (?:\w+ )?(?:offres?|nouveautes?|promotions?|soldes)",
    r"parrainez(?: \w+){0,3}", r"tentez (?:votre|de gagner)(?: chance)?",
    r"(?:jouez et )?gagnez (?:un|une|des|jusqu'a)\b(?: \w+)?",
    r"offres? (?:speciales?|exceptionnelles?|promotionnelles?|exclusives?|de bienvenue|limitees?|flash)",
    r"ventes? (?:privees?|flash)", r"black friday",
    r"derniers? jours? (?:de|des|pour) (?:soldes|promotions?|l'offre)",
    r"ne (?:ratez|manquez) pas (?:nos|notre|cette|l') ?\w+", r"satisfait ou rembourse", r"special offers?",
    r"limited[ -]time offers?", r"exclusive offers?", r"don'?t miss (?:out|our|this)", r"flash sales?",
    r"refer a friend", r"shop now", r"buy now", r"order now", r"enter (?:our|the) (?:prize )?draw",
    r"win (?:a|an|up to)\b(?: \w+)?",
]  # fmt: skip
# What no survey has to offer; an answer to a complaint may. Then figures: -20 %, 20 % off, from 9.99 €, 10 € off.
_OFFERING = [
    r"(?:code|codes) (?:promo\w*|avantages?|reductions?|cadeaux?)", r"promos?", r"promotions?", r"promotionnel\w*",
    r"soldes(?! (?:de|du|d'))", r"soldees?", r"reductions?", r"rabais", r"ristournes?", r"remises?",
    r"bons? (?:d'achat|plans?)", r"cheques?[ -]cadeaux?", r"cartes?[ -]cadeaux?", r"cadeaux?", r"gratuits?",
    r"gratuites?", r"gratuitement", r"offerte?s?", r"(?:nos|notre|cette|une|votre) offres? d[e'] ?\w+",
    r"decouvrez nos offres", r"parrainages?", r"parrain\w*", r"tirages? au sort", r"jeux?[ -]concours", r"a gagner",
    r"loterie", r"destockage", r"liquidation", r"moins chere?s?", r"petits prix",
    r"prix (?:casses?|reduits?|choc|imbattables?|exceptionnels?|mini|bas)", r"meilleurs? prix",
    r"points? (?:offerts?|bonus)", r"cashback", r"abonnez-vous", r"souscrivez", r"commandez", r"achetez",
    r"promo codes?", r"voucher\w*", r"coupons?", r"discounts?\w*", r"on sale", r"sales? (?:starts?|ends?|now)",
    r"free(?! of charge)", r"gifts?(?: cards?)?", r"bargains?", r"raffles?", r"prize draws?", r"lottery",
    r"giveaways?", r"best prices?", r"low(?:est)? prices?", r"cheap(?:er|est)?",
    r"our (?:new |latest |great |best )?offers?", r"subscribe", r"rewards?", r"cash ?back", r"upgrade (?:now|today)",
    r"[-−–] ?\d{1,2} ?%", r"\d{1,2} ?% (?:de |d')?(?:remise|reduction|rabais|off|discount)",
    r"(?:jusqu'a|up to) [-−–]?\d{1,2} ?%",
    r"(?:des|a partir de|seulement|only|from|pour) \d+(?:[.,]\d{1,2})? ?(?:€|euros?\b|eur\b)",
    r"(?:only|from|for) [€£$] ?\d+(?:[.,]\d{1,2})?",
    r"\d+(?:[.,]\d{1,2})? ?(?:€|euros?) (?:offerts?|off|de (?:remise|reduction|rabais)|en moins)",
]  # fmt: skip
# Words of the lists above that say something else here; taken out before looking. A survey asks what people think of
# prices and offers: asking is not offering.
_FRIENDS = [
    r"(?:appels?|numeros?|reponses?|sms|envois?|services?|lignes?)(?: \w+)? gratuite?s?",
    r"gratuite?s? (?:pour vous|et non surtaxee?s?)",
    r"(?:repondez|repondre|refuser|refusez|appelez|saisir)(?: \w+)? gratuitement",
    r"remises? (?:en (?:service|etat|main|marche|cause|route)|a (?:zero|jour|neuf)|gracieuses?)",
    r"remises? (?:du|de (?:votre|vos|la|l'|ce|cette|colis|cles))\b(?! *\d)",
    r"offert(?=e?s? (?:un|une|le|la|des) (?:accueil|service|aide|reponse|ecoute|solution|echange))",
    r"reductions? (?:de|des|du) (?:delais?|bruit|vitesse|debit|tension|attente|temps)",
    r"liquidation (?:de|des) (?:vos|votre|droits|retraite|pension)", r"vos soldes", r"points? de (?:vente|contact)",
    r"feel free", r"(?:you are|are|be|is) free (?:not )?to", r"free to \w+", r"toll[ -]free", r"hands[ -]free",
    r"free (?:call|number|reply|text)", r"no longer subscribe",
    r"vous (?:en |y )?profitez", r"ne manquez pas (?:notre|cette|l') ?(?:appel|visite|rendez-vous|echeance|date)\b",
    r"(?:pensez-vous|satisfaite?s? de|avis sur|jugez-vous|content de)(?: \w+)? (?:prix|offres?|tarifs?|promotions?)",
    r"(?:opinion (?:on|of|about)|satisfied with|think of)(?: \w+)? (?:prices?|offers?)",
]  # fmt: skip

_LINKS = re.compile(r"https?://\S+|\{[a-z_]+\}")
_STRONG = re.compile(r"(?<![\w])(?:" + "|".join(_SOLICITING) + r")(?![\w])")
_ALL = re.compile(r"(?<![\w])(?:" + "|".join([*_SOLICITING, *_OFFERING]) + r")(?![\w])")
_FRIENDLY = re.compile(r"(?<![\w])(?:" + "|".join(_FRIENDS) + r")(?![\w])")


def found_in(text: str, purpose: str, *names: str) -> list[str]:
    """Return the words of ``text`` that advertise, as they are written, each once in order; none: it does not.

    Links, ``{places}`` and ``names`` are not looked at: a company may be called what it likes, and a customer may have
    called about what they like.
    """
    if purpose in EXEMPT:
        return []
    text = _LINKS.sub(" # ", text)
    for name in filter(None, names):
        text = text.replace(name, "#").replace(fold(name), "#")
    return list(_found(text, purpose))


# Many messages say the same but for their links, which are gone here.
@lru_cache(maxsize=4096)
def _found(text: str, purpose: str) -> tuple[str, ...]:
    plain, origin = _plain(text)
    plain = _FRIENDLY.sub(lambda friend: "#" * len(friend[0]), plain)
    pattern = _STRONG if purpose in REDRESS else _ALL
    found = (text[origin[match.start()] : origin[match.end() - 1] + 1] for match in pattern.finditer(plain))
    return tuple(dict.fromkeys(" ".join(words.split()) for words in found))


def _plain(text: str) -> tuple[str, list[int]]:
    """Return ``text`` in small letters without accents, and for each of its characters the place it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        base = unicodedata.normalize("NFKD", character)[:1] if character.isalpha() else character
        base = {"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\n": " ", "‑": "-"}.get(base, base).lower()
        for letter in base:
            letters.append(letter)
            origin.append(place)
    return "".join(letters), origin
