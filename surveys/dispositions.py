"""Where an invitation stands, in the codes of AAPOR's Standard Definitions (2016), and where it may go from there.

The choices that AAPOR leaves open are made once, here. *Delivered, nothing came back* is 3.19, unknown eligibility:
the strict reading, which lowers the response rate RR1. An interview begun and left is a refusal (2.12) below half of
the questions and a partial (1.2) from half on; it becomes either when its link expires.

To delay and to block are two things. *Held* is a delay: the person may not be asked now (an open complaint, another
interview by SMS on the same number), and will be when the reason is gone, unless the time is over by then (*not sent*,
3.11). *Ineligible* (4.10) turned out after the draw not to belong to those who are asked: somebody who works here, a
test call.
"""

from typing import NamedTuple


class Disposition(NamedTuple):
    aapor: str
    outcome: str  # I P R NC O UH UO NE: the letter it counts under in an outcome rate
    leads_to: frozenset[str] = frozenset()


_ANSWERING = {"started", "completed", "partial", "broken_off", "refused", "wrong_person"}

DISPOSITIONS = {
    "drawn": Disposition("3.11", "UO", frozenset({"queued", "held", "ineligible", "not_sent", *_ANSWERING})),
    "held": Disposition("3.11", "UO", frozenset({"queued", "ineligible", "not_sent", *_ANSWERING})),
    "queued": Disposition(
        "3.11", "UO", frozenset({"sent", "delivered", "failed", "undeliverable", "held", "not_sent", *_ANSWERING})
    ),
    "not_sent": Disposition("3.11", "UO"),
    "sent": Disposition("3.19", "UO", frozenset({"delivered", "failed", "undeliverable", *_ANSWERING})),
    "delivered": Disposition("3.19", "UO", frozenset(_ANSWERING)),
    # A provider may call a message lost and its handset still answer: what the person does counts more.
    "failed": Disposition("3.30", "UO", frozenset({"sent", "delivered", *_ANSWERING})),
    "undeliverable": Disposition("4.30", "NE", frozenset({"delivered", *_ANSWERING})),
    "started": Disposition("2.12", "R", frozenset(_ANSWERING - {"started"})),
    "partial": Disposition("1.2", "P", frozenset({"completed"})),
    "broken_off": Disposition("2.12", "R", frozenset({"completed", "partial"})),
    "refused": Disposition("2.11", "R"),
    "wrong_person": Disposition("4.70", "NE"),
    "ineligible": Disposition("4.10", "NE"),
    "completed": Disposition("1.1", "I"),
    # After the end of an anonymous draw: of this person no more is known. How many answered is counted apart.
    "erased": Disposition("3.19", "UO"),
}

#: Whoever stands here is asked nothing more.
OVER = frozenset({"completed", "refused", "wrong_person", "ineligible", "not_sent"})
#: Whoever stands here has our words and has not ended the interview: the ones who may be reminded.
REMINDED = ("sent", "delivered", "started")
#: Holds that pass: an invitation waits for their end. Every other hold says that the person is none of those we ask.
DELAYING_HOLDS = frozenset({"complaint"})

OUTCOMES = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")


def may_become(current: str, following: str) -> bool:
    """Whether an invitation that stands at ``current`` may go to ``following``."""
    return following in DISPOSITIONS[current].leads_to


def outcomes(counts: dict[str, int]) -> dict[str, int]:
    """Invitations by AAPOR outcome, from the number of them at each disposition; every outcome is present."""
    summed = dict.fromkeys(OUTCOMES, 0)
    for disposition, count in counts.items():
        summed[DISPOSITIONS[disposition].outcome] += count
    return summed
