"""What a cell of a log is found by where it may hold somebody's address: cheap to make, and never too narrow.

Whether it holds the address is for ``contacts.queries.persons.addresses_typed`` to say, which takes a hundred times as
long; a look only spares it the cells that cannot.
"""

import re
from collections.abc import Iterable

from contacts.addresses import SIGNS, BadAddress, normalise_email

#: Of a number so many of its last figures stand in a cell, however it was written.
FIGURES = 8
_RUN = re.compile(rf"\d{{{FIGURES},}}")


def looks_of(cells: Iterable[str]) -> set[str]:
    """What these cells are found by: an e-mail address as it is kept, or the last figures of each long number."""
    return {look for cell in cells for look in _looks(cell)}


def _looks(cell: str) -> list[str]:
    if "@" in cell:
        try:
            address = normalise_email(cell)
        except BadAddress:
            return []
        return [address] if address else []
    if len(cell) < FIGURES:
        return []
    runs = _RUN.findall(SIGNS.sub("", cell))
    return ["".join(str(int(figure)) for figure in run[-FIGURES:]) for run in runs]
