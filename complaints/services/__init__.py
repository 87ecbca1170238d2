"""What can be done about complaints, one function an act. Whoever calls commits."""

from complaints.services.acts import (
    acknowledge,
    assign,
    classify,
    close,
    close_expired,
    entrust,
    note,
    place,
    receive_message,
    send_message,
    withdraw,
)
from complaints.services.appeals import accept_late_appeal, assign_appeal, file_appeal, refer_late_appeal
from complaints.services.decisions import decide, decide_appeal
from complaints.services.filing import Filing, file_complaint
from complaints.services.proposals import open_from_answer, propose_from_answer, qualify
from complaints.services.watching import watch_clocks

__all__ = [
    "Filing",
    "accept_late_appeal",
    "acknowledge",
    "assign",
    "assign_appeal",
    "classify",
    "close",
    "close_expired",
    "decide",
    "decide_appeal",
    "entrust",
    "file_appeal",
    "file_complaint",
    "note",
    "open_from_answer",
    "place",
    "propose_from_answer",
    "qualify",
    "receive_message",
    "refer_late_appeal",
    "send_message",
    "watch_clocks",
    "withdraw",
]
