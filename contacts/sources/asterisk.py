"""What all logs of Asterisk have in common: channels, dispositions, and who is inside."""

import re
from dataclasses import dataclass

from contacts.sources.settings import Setting, Settings, pairs

#: "SIP/2001-0000abcd", "PJSIP/trunk-00000012", "Local/2001@from-queue-0000001;1": the device without its number.
CHANNEL_END = re.compile(r"-[0-9a-f]{8,}(?:;[12])?$")
#: One channel of a call, "1790000000.123", before it the name of the system where there is one.
UNIQUE = re.compile(r"(?:[\w.-]+-)?\d{6,}\.\d+")
ANSWERED = "ANSWERED"
NOT_ANSWERED = ("NO ANSWER", "BUSY", "FAILED", "CONGESTION", "CANCEL")
EXTENSION_DIGITS = Setting("extension_digits", "number", default="5")
DIRECTIONS = Setting("direction.", "pairs")


@dataclass(frozen=True)
class Leg:
    """One row of a CDR."""

    line: int
    call: str
    start: str
    end: str
    source: str
    destination: str
    context: str
    member: str
    application: str
    #: What the application was given: for a queue, its name and options.
    data: str
    disposition: str
    account: str
    name: str = ""
    did: str = ""
    #: The number shown to whoever was called outside.
    shown: str = ""


def device(channel: str) -> str:
    """The device or trunk a channel belongs to: what stays the same from call to call."""
    return CHANNEL_END.sub("", channel.strip())


def is_inside(number: str, settings: Settings) -> bool:
    """True for an extension: digits only, not more than ``extension_digits``."""
    return number.isdecimal() and len(number) <= int(settings["extension_digits"])


def is_number(text: str) -> bool:
    """True for what a telephone could dial outside: digits, with a plus sign or not."""
    return text.removeprefix("+").isdecimal()


def direction_of(leg: Leg, settings: Settings) -> str:
    """``in``, ``out``, or ``internal`` where nobody outside took part; a context that is set decides first."""
    contexts = {word.lower(): ours for word, ours in pairs(settings, "direction.").items()}
    if leg.context.lower() in contexts:
        return contexts[leg.context.lower()]
    if leg.did or leg.shown:
        return "in" if leg.did else "out"
    if not is_inside(leg.source, settings):
        return "in"
    return "out" if is_number(leg.destination) and not is_inside(leg.destination, settings) else "internal"


class CdrCall:
    """A call made of the rows that carry its key."""

    def __init__(self, first: Leg) -> None:
        self.legs: list[Leg] = []

    def add(self, leg: Leg) -> None:
        # A call that rings for hours writes thousands of rows; only those that change the picture are kept.
        if len(self.legs) < 50:
            self.legs.append(leg)
        else:
            self.legs[-1] = leg

    @property
    def first(self) -> Leg:
        return min(self.legs, key=lambda leg: (leg.start, leg.line))

    @property
    def end(self) -> str:
        return max(leg.end for leg in self.legs)

    @property
    def talks(self) -> list[Leg]:
        """The rows in which somebody at the other end answered, in order.

        ANSWERED alone says that the channel was picked up, which a menu or a queue does as well.
        """
        answered = [leg for leg in self.legs if leg.disposition.upper() == ANSWERED and leg.member]
        return sorted(answered, key=lambda leg: (leg.start, leg.line))
