"""Why an act on a complaint is refused: a code and facts, for which pages find the words."""

from collections.abc import Iterable


class ComplaintRefused(Exception):
    """The base of what this package refuses."""

    code = "refused"


class ActRefused(ComplaintRefused):
    """The act is not possible now, or not for this person.

    ``code`` is one of ``lifecycle.REASONS``; ``by`` names the permissions of those who may.
    """

    def __init__(self, event: str, code: str, by: Iterable[str] = ()) -> None:
        super().__init__(f"{event}: {code}")
        self.event = event
        self.code = code
        self.by = tuple(by)


class StaleCase(ComplaintRefused):
    """Something happened to the case since the form was shown; nothing was done."""

    code = "stale"

    def __init__(self, seen: int, current: int) -> None:
        super().__init__(f"seen {seen}, now {current}")
        self.seen = seen
        self.current = current


class DatesOutOfOrder(ComplaintRefused):
    """Sent, received and registered are not in this order, or one lies in the future."""

    code = "dates-out-of-order"


class AlreadyQualified(ComplaintRefused):
    """Someone else said before whether the answer is a complaint."""

    code = "already-qualified"


class UnknownEvents(ComplaintRefused):
    """A history that the lifecycle does not allow."""

    code = "impossible-history"
