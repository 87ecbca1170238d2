"""What can be asked of the outbox, what came in, and who opted out."""

from notifications.queries.opt_outs import opted_out

__all__ = ["opted_out"]
