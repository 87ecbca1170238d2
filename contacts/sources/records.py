"""Records out of JSON: an array, an object that holds one, objects line by line or one after the other; streamed."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson
from ijson.common import ObjectBuilder

from contacts.reading import UnreadableFile

#: How much is read at once where lines are longer than that.
PIECE = 65_536
MARK = b"\xef\xbb\xbf"
#: What one record may be made of; this bounds memory, whatever the file is.
MOST_PARTS = 300_000
Record = tuple[int, Any]
OPENING, CLOSING = frozenset(("start_map", "start_array")), frozenset(("end_map", "end_array"))


class Records:
    """The records of a JSON file. ``around`` is what stood beside the last list of them (totals, cursors)."""

    def __init__(self, source: BinaryIO, inside: str = "") -> None:
        """``inside`` is the key under which an answer of the vendor's API has its list."""
        self.source = source
        self.inside = inside
        self.around: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Record]:
        """Each record with the line it begins on, from 1.

        Raises UnreadableFile ``empty-file``, ``json-broken`` with the line, ``record-too-large``.
        """
        self.around = {}
        splitter = _Splitter(self)
        events = ijson.sendable_list()
        parser = ijson.basic_parse_coro(events, multiple_values=True)
        line = 0
        for line, piece in _pieces(self.source):
            yield from splitter.records(line, _events(parser.send, piece, events, line))
        if line == 0:
            raise UnreadableFile("empty-file")
        yield from splitter.records(line, _events(lambda _piece: parser.close(), b"", events, line))


def _pieces(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The bytes of each line, long ones in pieces; nothing before the first that is not blank."""
    source.seek(0)
    line, begun = 1, False
    while piece := source.readline(PIECE):
        ends = piece.endswith(b"\n")
        if not begun:
            piece = piece.removeprefix(MARK)
            begun = bool(piece.strip())
        if begun:
            yield line, piece
        line += ends


def _events(feed: Any, piece: bytes, events: list[Any], line: int) -> list[Any]:
    """What the parser says of one piece."""
    try:
        feed(piece)
    except (ijson.JSONError, ValueError) as error:
        raise UnreadableFile("json-broken", line) from error
    found = list(events)
    del events[:]
    return found


class _Splitter:
    """Puts records together from the events of the parser."""

    def __init__(self, records: Records) -> None:
        self.to = records
        self.depth = 0
        #: The depth at which records begin; 0: at the top.
        self.level = 0
        self.key = ""
        self.line = 0
        self.parts = 0
        self.builder: Any = None
        self.rest: Any = None

    def records(self, line: int, events: list[Any]) -> Iterator[Record]:
        for event, value in events:
            closes = event in CLOSING
            self.depth -= closes
            if self.builder is None and not self._begins(line, event, closes):
                self.depth += event in OPENING
            elif self._adds(event, value):
                yield self.line, self.builder.value
                self.builder = None
            else:
                self.depth += event in OPENING

    def _begins(self, line: int, event: str, closes: bool) -> bool:
        """True if a record begins with this event; otherwise a list of them begins or ends."""
        if closes:
            self._leave()
            return False
        if event == "map_key" or self.depth != self.level:
            return False
        if self.level == 0 and event == "start_array":
            self.level = 1
            return False
        self.line, self.parts, self.builder = line, 0, ObjectBuilder()
        return True

    def _adds(self, event: str, value: Any) -> bool:
        """Add one more part to the record that is being built; True if it is complete now."""
        if self.level == 0 and self.depth == 1 and self._enters(event, value):
            return False
        self.builder.event(event, value)
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise UnreadableFile("record-too-large", self.line)
        if self.depth != self.level or event in OPENING or event == "map_key":
            return False
        return self.rest is None or self.level != 0 or self._surrounds()

    def _surrounds(self) -> bool:
        """What stood around a list is complete: no record, but to be known."""
        self.to.around, self.rest, self.builder = self.builder.value, None, None
        return False

    def _enters(self, event: str, value: Any) -> bool:
        """True if the list of an answer begins here: what was built so far is what stands around it."""
        if event == "map_key":
            self.key = value
        if event != "start_array" or not self.to.inside or self.key != self.to.inside:
            return False
        self.rest, self.builder, self.level = self.builder, None, 2
        return True

    def _leave(self) -> None:
        """A list of records is over: back to the top, or to what stands around it."""
        if self.depth == self.level - 1:
            if self.level == 2:
                self.builder, self.parts = self.rest, 0
            self.level = 0
