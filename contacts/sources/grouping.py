"""Several rows or events of one call brought together, in memory that does not grow with the file."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from contacts.sources.plain import Broken

Piece = TypeVar("Piece")
PieceIn = TypeVar("PieceIn", contravariant=True)


class Whole(Protocol[PieceIn]):
    """Whatever pieces are added to."""

    def add(self, piece: PieceIn) -> None: ...


Call = TypeVar("Call", bound=Whole)

#: A call is over once this many further records had nothing of it. Counted in records, not in hours: a wrong clock in
#: one line then splits no other call, and memory has a bound. What comes later still is refused as a second row with
#: the same identifier, so nothing is counted twice.
WINDOW = 20_000


def grouped(
    pieces: Iterable[tuple[str, Piece] | Broken], begin: Callable[[Piece], Call], window: int = WINDOW
) -> Iterator[Call | Broken]:
    """The calls made of ``pieces``, each with the key of its call; what is broken goes through as it is."""
    # By key, in the order of their last piece: the call, and where in the file that was.
    still_open: dict[str, tuple[Call, int]] = {}
    for at, keyed in enumerate(pieces):
        if isinstance(keyed, Broken):
            yield keyed
            continue
        key, piece = keyed
        call = still_open.pop(key)[0] if key in still_open else begin(piece)
        call.add(piece)
        still_open[key] = (call, at)
        while still_open and at - (oldest := next(iter(still_open.items())))[1][1] > window:
            del still_open[oldest[0]]
            yield oldest[1][0]
    for call, _last in still_open.values():
        yield call
