"""The words by which a message calls itself a complaint."""

import re
import unicodedata

WORDS = re.compile(r"\b(reclamations?|reclame|plaintes?|me plains|porter plainte|complaints?|complain(ing)?)\b")


def speaks_of_complaint(body: str) -> bool:
    """Whether a message calls itself a complaint, whatever its accents and capitals."""
    plain = unicodedata.normalize("NFKD", body.casefold())
    return WORDS.search("".join(letter for letter in plain if not unicodedata.combining(letter))) is not None
