"""The ready-made mappings by name."""

from typing import Any

from contacts.mapping import BadMapping, Mapping, Problem, from_json
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
    """``mapping`` with ``more`` settings, which take the place of those of the same name. Raises BadMapping.

    A ready-made one is made anew, so that what was saved once reads the columns of today.
    """
    if not mapping.ready:
        if more:
            raise BadMapping([Problem("setting-unknown", name) for name in more])
        return mapping
    # The name of the source stays, so that a contact is known again whatever else is set.
    return ready_source(mapping.ready).mapping({"source": mapping.source, **mapping.settings, **more})


def mapping_in(document: Any) -> Mapping:
    """The mapping of a file in JSON: its fields, or the name of a ready-made one with settings. Raises BadMapping."""
    if not isinstance(document, dict) or "ready" not in document or "fields" in document:
        return from_json(document)
    settings = document.get("settings", {})
    if not isinstance(settings, dict) or not all(isinstance(value, str) for value in settings.values()):
        raise BadMapping([Problem("mapping-form", "settings")])
    if set(document) - {"ready", "settings"}:
        raise BadMapping([Problem("mapping-form", name) for name in sorted(set(document) - {"ready", "settings"})])
    return ready_source(str(document["ready"])).mapping(settings)
