"""What a page needs of an interview, whether somebody was drawn for it or scanned a poster."""

from datetime import datetime
from typing import Protocol

from surveys.definitions import CompiledVersion
from surveys.interview_events import State
from surveys.queries.interview_rows import AskedAbout, AskedUnder, Asker


class Asked(Protocol):
    """``surveys.queries.interviews.Interview`` is one, and ``surveys.queries.poster_interviews.AtPoster``."""

    @property
    def terms(self) -> AskedUnder: ...
    @property
    def principal(self) -> Asker: ...
    @property
    def contact(self) -> AskedAbout | None:
        """The contact it is about; None at a poster, where nobody is known."""

    @property
    def site(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def version(self) -> CompiledVersion: ...
    @property
    def state(self) -> State: ...
    @property
    def seed(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def by_sms(self) -> bool:
        """Whether whoever is asked can send STOP in reply."""

    def closed(self, now: datetime) -> bool: ...
