"""What every kind of file is read as: columns, and rows of text with the line each begins on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol


class UnreadableFile(Exception):
    """A file that is no table of text; ``code`` says why, ``line`` where if that is known."""

    def __init__(self, code: str, line: int | None = None, names: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code} line {line} {names}")
        self.code = code
        self.line = line
        self.names = names

    def __reduce__(self) -> "tuple[type[UnreadableFile], tuple[str, int | None, tuple[str, ...]]]":
        return UnreadableFile, (self.code, self.line, self.names)


class Table(Protocol):
    """A log: its header, and its rows as often as asked."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns, all different."""
        ...

    @property
    def separator(self) -> str:
        """What separates the cells of rows that go back to the sender: that of the file, ``;`` where it has none."""
        ...

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it begins on, read anew at each call; blank lines are no rows.

        Raises UnreadableFile where the file breaks off in the middle.
        """
        ...


def named(header: Sequence[str]) -> list[str]:
    """The names of the columns; one without a name is called by its place, "#3". Raises ``duplicate-column``."""
    names = [" ".join(name.split()) or f"#{place}" for place, name in enumerate(header, start=1)]
    twice = tuple(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise UnreadableFile("duplicate-column", line=1, names=twice)
    return names
