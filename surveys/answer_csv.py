"""Rows as CSV, in pieces of some size: a file of any length is never held."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

ROWS_IN_A_PIECE = 500


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a file with ``header``, some hundred at a time; lines end with a line feed."""
    left = iter(rows)
    piece = _written([header])
    while piece:
        yield piece
        piece = _written(islice(left, ROWS_IN_A_PIECE))


def _written(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()
