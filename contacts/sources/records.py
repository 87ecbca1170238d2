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
            yield from self._one(line, event, value)

    def _one(self, line: int, event: str, value: Any) -> Iterator[Record]:
        opens, closes = event.startswith("start_"), event.startswith("end_")
        self.depth -= closes
        if self.builder is not None:
            yield from self._on(event, value, closes)
        elif not closes and event != "map_key" and self.depth == self.level:
            yield from self._begin(line, event, value, opens)
        elif closes:
            self._end()
        self.depth += opens

    def _begin(self, line: int, event: str, value: Any, opens: bool) -> Iterator[Record]:
        if self.level == 0 and event == "start_array":
            self.level = 1
            return
        self.line, self.parts, self.builder = line, 0, ObjectBuilder()
        yield from self._on(event, value, closes=not opens)

    def _on(self, event: str, value: Any, closes: bool) -> Iterator[Record]:
        """One more part of the record that is being built."""
        if self.level == 0 and self.depth == 1 and self._enters(event, value):
            return
        self.builder.event(event, value)
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise UnreadableFile("record-too-large", self.line)
        if self.depth == self.level and (closes or (self.parts == 1 and event not in ("start_map", "start_array"))):
            record, self.builder = self.builder.value, None
            if self.rest is not None and self.level == 0:
                self.to.around, self.rest = record, None
                return
            yield self.line, record

    def _enters(self, event: str, value: Any) -> bool:
        """True if the list of an answer begins here: what was built so far is what stands around it."""
        if event == "map_key":
            self.key = value
        if event != "start_array" or not self.to.inside or self.key != self.to.inside:
            return False
        self.rest, self.builder, self.level = self.builder, None, 2
        return True

    def _end(self) -> None:
        """A list of records is over: back to the top, or to what stands around it."""
        if self.depth == self.level - 1:
            if self.level == 2:
                self.builder = self.rest
            self.level = 0
