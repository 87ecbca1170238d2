"""Agents under pseudonyms: who handled a contact can be told apart and counted, and is named nowhere.

A pseudonym is eight letters and digits (40 bits) of a keyed hash of what the log calls the agent: always the same for
one principal of one installation, another one for another principal, and not to be found again from a list of names
without the key. Two agents of one principal with the same pseudonym would be counted as one: with 1,000 agents this
happens with a probability of 5 in 10 million, with 10,000 of 5 in 100,000 (n² / 2^41).
"""

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from contacts.column_names import plain_name

#: Crockford's base 32: no I, L, O or U, so that a pseudonym can be read out and typed.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 40
#: What logs call the column of the agent, as ``plain_name`` writes it.
COLUMN_NAMES = "agent user users conseiller conseillere teleconseiller advisor"
#: Further columns that tell who works here; kept as facts they are pseudonyms too.
STAFF_COLUMNS = frozenset(
    f"{COLUMN_NAMES} agentname agents agentid agentlogin nomagent nomconseiller nomduconseiller operateur operatrice"
    " operator teleoperateur teleoperatrice utilisateur username superviseur superviseure supervisor teamleader"
    " manager responsable handledby answeredby lastagent firstagent".split()
)


@dataclass(frozen=True, slots=True)
class Agent:
    """Who handled a contact; ``first_name`` only where the log's mapping says that its agents may be named."""

    pseudonym: str = ""
    first_name: str = ""


NOBODY = Agent()


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Gives the agents of one principal their pseudonyms; ``secret`` is the installation's."""

    secret: str
    principal_id: int

    def agent(self, raw: str, may_be_named: bool) -> Agent:
        """The agent whom the log calls ``raw``."""
        if not raw.strip():
            return NOBODY
        return Agent(pseudonym(self.secret, self.principal_id, raw), first_name(raw) if may_be_named else "")

    def of(self, raw: str) -> str:
        """Only the pseudonym."""
        return pseudonym(self.secret, self.principal_id, raw)


# A log names the same few hundred agents again and again.
@lru_cache(maxsize=4096)
def pseudonym(secret: str, principal_id: int, raw: str) -> str:
    """The pseudonym, such as ``A-7F3K-2QDM``, of whom the log calls ``raw``; empty where it names nobody.

    Capital and small letters, spaces and the way an accent is coded make no difference. HMAC-SHA-256 under a key of
    this use alone, derived from ``secret``.
    """
    written = " ".join(unicodedata.normalize("NFKC", raw).casefold().split())
    if not written:
        return ""
    key = hmac.digest(secret.encode(), b"satisfecit contacts agents", "sha256")
    digest = hmac.digest(key, f"{principal_id}|{written}".encode(), "sha256")
    number = int.from_bytes(digest[: BITS // 8], "big")
    letters = "".join(LETTERS[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return f"A-{letters[:4]}-{letters[4:]}"


def first_name(raw: str) -> str:
    """The first name in ``Marie Dupont``, ``DUPONT Marie`` or ``Dupont, Marie``; empty where a code or address stands.

    Of a single word it is taken that it is a first name; of words all in capitals, or none, that the first one is.
    """
    if any(mark.isdigit() or mark in "@_/\\" for mark in raw):
        return ""
    family, comma, given = raw.partition(",")
    words = (given if comma else family).split()
    if not words:
        return ""
    small = [word for word in words if not (len(word) > 1 and word.isupper())]
    return (small or words)[0].title()[:60]


def is_staff_column(column: str) -> bool:
    """Whether a column of this name tells who works here."""
    return plain_name(column) in STAFF_COLUMNS


def masked(cells: list[str], staff: Iterable[int], pseudonyms: Pseudonyms) -> list[str]:
    """A copy of the cells of a row with pseudonyms in the places ``staff``."""
    places = set(staff)
    return [pseudonyms.of(cell) if place in places else cell for place, cell in enumerate(cells)]
