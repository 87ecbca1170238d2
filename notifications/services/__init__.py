"""What can be done: queue a message, say stop, handle what a person must handle."""

from notifications.services.messages import decide_by_hand, enqueue
from notifications.services.opt_outs import lift_stop, opt_out, opt_out_link
from notifications.services.queue import mark_handled

__all__ = ["decide_by_hand", "enqueue", "lift_stop", "mark_handled", "opt_out", "opt_out_link"]
