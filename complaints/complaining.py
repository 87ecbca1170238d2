"""The words by which a message calls itself a complaint."""

import re
import unicodedata

WORDS = re.compile(r"\b(reclamations?|reclame|plaintes?|me plains|porter plainte|complaints?|complain(ing)?)\b")
# « Pas de réclamation » calls itself none.
DENIED = re.compile(
    r"\b(?:pas (?:de |une |d'autres? )?|aucune? |sans |ni |no |not (?:a |any )?|without (?:a |any )?)"
    r"(?:reclamations?|plaintes?|complaints?)\b"
)


def speaks_of_complaint(body: str) -> bool:
    """Whether a message calls itself a complaint, whatever its accents and capitals."""
    plain = unicodedata.normalize("NFKD", body.casefold())
    said = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("’", "'")
    return WORDS.search(DENIED.sub("", said)) is not None
