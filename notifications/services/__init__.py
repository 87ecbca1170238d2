"""What can be done: queue a message, say stop, handle what a person must handle."""

from notifications.services.messages import decide_by_hand, enqueue, enqueue_many
from notifications.services.opt_out_links import opt_out_link, stop_by_link, undo_link
from notifications.services.opt_outs import forget_address, lift_stop, opt_out, stop_sender
from notifications.services.queue import mark_handled
from notifications.services.senders import set_rate
from notifications.services.told_stops import lift_told, record_told_stop
from notifications.services.webhooks import count_refusal

__all__ = [
    "count_refusal",
    "decide_by_hand",
    "enqueue",
    "enqueue_many",
    "forget_address",
    "lift_stop",
    "lift_told",
    "mark_handled",
    "opt_out",
    "opt_out_link",
    "record_told_stop",
    "set_rate",
    "stop_by_link",
    "stop_sender",
    "undo_link",
]
