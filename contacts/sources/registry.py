"""The ready-made mappings by name."""

from contacts.mapping import BadMapping, Mapping, Problem
from contacts.sources import (
    aircall,
    amazon_connect,
    asterisk_cdr,
    asterisk_queue_log,
    freepbx,
    genesys_conversations,
    genesys_interactions,
    taskrouter,
    three_cx,
    zendesk,
)
from contacts.sources.ready import ReadySource
from contacts.sources.settings import Settings

SOURCES: dict[str, ReadySource] = {
    module.READY.name: module.READY
    for module in (
        genesys_interactions,
        genesys_conversations,
        asterisk_cdr,
        asterisk_queue_log,
        freepbx,
        three_cx,
        amazon_connect,
        taskrouter,
        aircall,
        zendesk,
    )
}


def ready_source(name: str) -> ReadySource:
    """The ready-made mapping of that name. Raises BadMapping ``ready-unknown``."""
    if name not in SOURCES:
        raise BadMapping([Problem("ready-unknown", name)])
    return SOURCES[name]


def told(mapping: Mapping, more: Settings) -> Mapping:
    """``mapping`` with ``more`` settings, which take the place of those of the same name. Raises BadMapping."""
    if not more:
        return mapping
    if not mapping.ready:
        raise BadMapping([Problem("setting-unknown", name) for name in more])
    # The name of the source stays, so that a contact is known again whatever else is set.
    return ready_source(mapping.ready).mapping({"source": mapping.source, **mapping.settings, **more})
