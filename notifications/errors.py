"""What this package refuses, with a code and facts; pages find the words."""


class NotificationRefused(Exception):
    """A message that may not be queued, or an act that may not be done on one."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
