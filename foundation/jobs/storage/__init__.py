"""What the workers read and write about jobs, leases and the schedule; each function is one short transaction.

They commit themselves, unless they say otherwise: they are the job runner's own
book-keeping, apart from the work it carries out.
"""

from foundation.jobs.storage.jobs import (
    announce_later,
    claim,
    finish,
    give_up,
    hand_back,
    job_is_due,
    overdue,
    put_back,
    renew,
    write_progress,
)
from foundation.jobs.storage.leases import LEADER, lead, resign
from foundation.jobs.storage.schedules import note_round, schedules

__all__ = [
    "LEADER",
    "announce_later",
    "claim",
    "finish",
    "give_up",
    "hand_back",
    "job_is_due",
    "lead",
    "note_round",
    "overdue",
    "put_back",
    "renew",
    "resign",
    "schedules",
    "write_progress",
]
