"""A small SMS provider of our own, so that everything works without an account and without the network.

It keeps its own tables, as if it were elsewhere, and commits on its own: what it
took it has, whatever happens to whoever asked. Some numbers behave badly on
purpose, by their last four digits, and an operator sets the weather of its
network on a page; both let a person see what becomes of that.
"""

from notifications.simulator.forgetting import forget
from notifications.simulator.provider import NUMBER, REFUSED, UNDELIVERED, Simulator
from notifications.simulator.receipts import give_receipts
from notifications.simulator.side import thread, write

__all__ = ["NUMBER", "REFUSED", "UNDELIVERED", "Simulator", "forget", "give_receipts", "thread", "write"]
