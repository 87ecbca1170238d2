"""What can be done: queue a message, say stop, handle what a person must handle."""

from notifications.services.alerts import (
    NewAlert,
    end_alerts,
    forget_alerts,
    raise_alert,
    raise_alerts,
    save_preferences,
    tell,
)
from notifications.services.cancelling import cancel, withdraw
from notifications.services.controls import change_rate, pause_sender, resume_sender
from notifications.services.messages import decide_by_hand, enqueue, enqueue_many
from notifications.services.opt_out_links import opt_out_link, stop_by_link, undo_link
from notifications.services.opt_outs import forget_address, lift_stop, opt_out, stop_sender
from notifications.services.queue import mark_handled
from notifications.services.senders import set_rate
from notifications.services.stops import hold_waiting
from notifications.services.taking_back import take_back
from notifications.services.threads import join_thread
from notifications.services.told_stops import lift_told, record_told_stop
from notifications.services.troubles import note_troubles
from notifications.services.webhooks import count_refusal

__all__ = [
    "NewAlert",
    "cancel",
    "change_rate",
    "count_refusal",
    "decide_by_hand",
    "end_alerts",
    "enqueue",
    "enqueue_many",
    "forget_address",
    "forget_alerts",
    "hold_waiting",
    "join_thread",
    "lift_stop",
    "lift_told",
    "mark_handled",
    "note_troubles",
    "opt_out",
    "opt_out_link",
    "pause_sender",
    "raise_alert",
    "raise_alerts",
    "record_told_stop",
    "resume_sender",
    "save_preferences",
    "set_rate",
    "stop_by_link",
    "stop_sender",
    "take_back",
    "tell",
    "undo_link",
    "withdraw",
]
