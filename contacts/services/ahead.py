"""The next rows read while the last are written, where the writing is another process's work."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from itertools import islice
from typing import TypeVar

from contacts.services.bulk import is_postgresql

T = TypeVar("T")


@contextmanager
def pieces_of(rows: Iterator[T]) -> Iterator[Callable[[int], list[T]]]:
    """Give a function that takes so many rows; the list is empty when there are no more.

    On PostgreSQL a thread reads as many again meanwhile. On SQLite it would only be in the way: there the same
    process writes, and takes turns with the thread at every row.
    """
    if not is_postgresql():
        yield lambda number: list(islice(rows, number))
        return
    with ThreadPoolExecutor(1) as reader:
        context, ahead = copy_context(), list[Future[list[T]]]()

        def take(number: int) -> list[T]:
            piece = ahead.pop().result() if ahead else list(islice(rows, number))
            ahead.append(reader.submit(context.run, lambda: list(islice(rows, number))))
            return piece

        yield take
