"""What a ready-made mapping is: how one vendor's file is read, and what must be known for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

from contacts.mapping import Mapping
from contacts.reading import Table, UnreadableFile
from contacts.sources.plain import SourceTable, columns_of, plain_mapping
from contacts.sources.resent import resent_table
from contacts.sources.settings import COMMON, Setting, Settings, completed

Reader = Callable[[BinaryIO, Settings, list[str]], SourceTable]


@dataclass(frozen=True)
class ReadySource:
    """One vendor's file. ``own`` are the settings beside those that every source knows."""

    name: str
    title: str
    id_column: str
    reader: Reader
    own: tuple[Setting, ...] = ()

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Everything it may be told, the required ones first."""
        return tuple(sorted((*self.own, *COMMON), key=lambda setting: not setting.required))

    @property
    def columns(self) -> list[str]:
        return columns_of(self.id_column)

    def read(self, source: BinaryIO, settings: Settings) -> Table | SourceTable:
        """The contacts of ``source``, which must be seekable; its own rejects, put right, are read as well.

        Raises BadMapping where a setting is missing or wrong, UnreadableFile where the file is not what it
        should be, or not all of it.
        """
        known = completed(self.settings, settings)
        resent = resent_table(source, self.columns)
        table = resent or self.reader(source, known, self.columns)
        if next(table.rows(), None) is None:
            raise UnreadableFile("no-contacts")
        return table

    def mapping(self, settings: Settings) -> Mapping:
        """How the columns of ``read`` become contacts. Raises BadMapping as ``read`` does."""
        known = completed(self.settings, settings)
        mapping = plain_mapping(self.name, self.id_column, known, known.get("zone", ""))
        given = {name: value for name, value in settings.items() if value.strip()}
        return replace(mapping, ready=self.name, settings=given)
