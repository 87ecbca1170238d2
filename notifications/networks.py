"""How a simulated network treats a message: quickly or slowly, in order or not, or not at all."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

#: The ways a simulated delivery may fail, as a provider numbers them.
FAILURES = ("30003", "30005", "30006", "30007", "30008")
#: The shares, in per cent of the messages, that an operator sets.
SHARES = ("out_of_order", "repeated", "missing", "lost_answers")
#: How often a receipt that is repeated comes in all, and how far apart.
TIMES, _APART = 3, timedelta(seconds=1)
# Words a provider that keeps its own list of stops obeys: the whole message, in English only, as Twilio's.
_STOPS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
_STARTS = {"START", "YES", "UNSTOP"}


@dataclass(frozen=True)
class Happening:
    """``tells`` false: the message reaches ``status`` at the provider. True: the provider says so to us."""

    tells: bool
    status: str
    code: str | None
    after: timedelta


@dataclass(frozen=True)
class Journey:
    """What becomes of one message, and whether the answer to whoever sent it is lost on its way."""

    answer_lost: bool
    happenings: tuple[Happening, ...]


@dataclass(frozen=True)
class Network:
    """The weather of the network. Shares are whole per cent of the messages; ``seed`` makes it repeat itself.

    ``quickest`` and ``slowest`` are the seconds between two receipts of a message.
    """

    quickest: int = 1
    slowest: int = 1
    failures: Mapping[str, int] = field(default_factory=dict)
    out_of_order: int = 0
    repeated: int = 0
    missing: int = 0
    lost_answers: int = 0
    #: The provider keeps a list of its own of those who wrote STOP, answers them and refuses to write to them.
    own_stops: bool = False
    seed: str = ""

    def values(self) -> dict[str, Any]:
        """Return it as plain values, as it is stored."""
        return asdict(self) | {"failures": dict(self.failures)}

    def journey(self, number: int, code: str | None = None) -> Journey:
        """Return what becomes of the ``number``-th message; with ``code`` it fails so, whatever the dice say."""
        # The dice are thrown in one order whatever the shares are, so that changing one share changes nothing else.
        dice = random.Random(f"{self.seed}:{number}") if self.seed else random.Random()
        lost, failing, disordered, repeated, missing = (dice.random() * 100 for _ in range(5))
        sent, ended = (timedelta(seconds=dice.uniform(self.quickest, self.slowest)) for _ in range(2))
        code = code or self._failure(failing)
        end = Happening(False, "undelivered" if code else "delivered", code, sent + ended)
        happened = (Happening(False, "sent", None, sent), end)
        told = () if missing < self.missing else _told(*happened, late=disordered < self.out_of_order)
        again = TIMES if repeated < self.repeated else 1
        repeats = tuple(replace(one, after=one.after + _APART * turn) for one in told for turn in range(again))
        return Journey(lost < self.lost_answers, happened + repeats)

    def _failure(self, roll: float) -> str | None:
        for code in sorted(self.failures):
            if roll < self.failures[code]:
                return code
            roll -= self.failures[code]
        return None


def _told(sent: Happening, end: Happening, *, late: bool) -> tuple[Happening, ...]:
    """The two receipts; where ``late``, the first is told after the second."""
    first = end.after + sent.after + timedelta(seconds=1) if late else sent.after
    return replace(sent, tells=True, after=first), replace(end, tells=True)


def provider_keyword(body: str) -> str | None:
    """Return STOP or START where a provider would see one in what a customer wrote."""
    word = body.strip().upper()
    return "STOP" if word in _STOPS else "START" if word in _STARTS else None


#: Ready-made weather, and how many seconds of refusals (429) it begins with.
PRESETS: dict[str, tuple[Network, int]] = {
    "calm": (Network(), 0),
    "busy": (
        Network(
            quickest=2, slowest=30, failures={"30003": 3, "30008": 1}, out_of_order=20, repeated=10, missing=2,
        ),
        20,
    ),
    "bad": (
        Network(
            quickest=5, slowest=60, failures={"30003": 8, "30005": 2, "30007": 3, "30008": 4}, out_of_order=40,
            repeated=30, missing=15, lost_answers=15, own_stops=True,
        ),
        60,
    ),
}  # fmt: skip
