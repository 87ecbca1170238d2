"""What a survey may refuse to do: a code and the facts; the pages find the words."""


class SurveyRefused(Exception):
    """An act that may not be done. ``code`` is stable, ``facts`` are plain values a page can print."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts = facts
