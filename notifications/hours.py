"""The windows every installation has, and which messages wait for one."""

from datetime import time
from typing import NamedTuple

from notifications.windows import Window

#: The key of no window: at any hour.
ANY = "any"
#: Nobody's own: for every principal that has none of its own.
HOUSE = 0
#: ``usual`` is what a person may expect of a survey. ``wide`` spares the night only: those who wait for an answer to
#: their complaint want it on a Sunday too.
BUILT_IN = {
    "usual": Window(),
    "wide": Window(time(8), time(22), frozenset(range(7)), holidays=True),
}


class Choice(NamedTuple):
    """The window messages of a purpose wait for, and whether e-mails, which wake nobody, wait as well."""

    key: str
    emails: bool


#: By purpose, where nobody chose. What answers somebody who has just acted (a question by SMS, an acknowledgement, a
#: confirmation, a sign-in) goes at once. The one of surveys is what a new programme is offered.
DEFAULT_CHOICES = {
    "survey": Choice("usual", True),
    "acknowledgement": Choice(ANY, False),
    "reply": Choice("wide", False),
    "decision": Choice("wide", False),
}


class Sample(NamedTuple):
    """A place to show what a window means there."""

    name: str
    zone: str
    region: str


SAMPLES = (
    Sample("Paris", "Europe/Paris", "metropole"),
    Sample("Strasbourg", "Europe/Paris", "alsace-moselle"),
    Sample("Pointe-à-Pitre", "America/Guadeloupe", "guadeloupe"),
    Sample("Fort-de-France", "America/Martinique", "martinique"),
    Sample("Cayenne", "America/Cayenne", "guyane"),
    Sample("Saint-Denis", "Indian/Reunion", "la-reunion"),
    Sample("Mamoudzou", "Indian/Mayotte", "mayotte"),
)
