"""The ready-made mappings by name."""

from contacts.sources import aircall, asterisk_cdr, freepbx
from contacts.sources.ready import ReadySource

SOURCES: dict[str, ReadySource] = {module.READY.name: module.READY for module in (aircall, asterisk_cdr, freepbx)}
