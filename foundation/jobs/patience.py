"""How long the workers wait for one another."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Patience:
    """Leases and heartbeats of the workers; the defaults are those of a real installation."""

    # The leader renews it several times within this; one that was killed is replaced after it.
    leader_lease: timedelta = timedelta(seconds=10)
    # A job whose worker was killed runs again after this; a living worker renews it.
    job_lease: timedelta = timedelta(seconds=30)
    renew_every: timedelta = timedelta(seconds=2)
    # A process that was told to stop waits so long for what it is doing, then gives it back.
    grace_seconds: float = 1.5
    # Procrastinate only: how often a process says that it lives, and after what silence its jobs are taken back.
    heartbeat_seconds: float = 5.0
    silence_seconds: float = 20.0
    # Procrastinate only: jobs that wait for a moment are looked for so often; others are announced.
    poll_seconds: float = 1.0
    # Procrastinate only: how often what was interrupted or never announced is looked for.
    take_back_seconds: int = 5
