"""The ready-made mappings by name."""

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
