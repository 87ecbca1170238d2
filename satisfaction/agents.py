"""Figures of agents: which may be shown at all, and for how long they are kept.

They are off until the information of staff is recorded for a site, and speak of days after it only. They are never part
of a report, of a binder or of what a principal sees.
"""

from collections.abc import Mapping
from datetime import date

#: Fewer answers than this say more of luck than of an agent.
FLOOR = 10
KEPT_MONTHS = 12


def may_be_shown(answers: Mapping[str, int]) -> frozenset[str]:
    """The agents of a site whose figure may be shown, from how many answered about each.

    Those below FLOOR are hidden; and if these together are below it too, so are the smallest others, since a figure of
    the whole site less those shown would be theirs.
    """
    shown = sorted((agent for agent, count in answers.items() if count >= FLOOR), key=lambda one: (answers[one], one))
    hidden = sum(count for count in answers.values() if count < FLOOR)
    while shown and 0 < hidden < FLOOR:
        hidden += answers[shown.pop(0)]
    return frozenset(shown)


def oldest_kept(today: date) -> date:
    """The last day of a period before which its figures are purged: the same day twelve months ago."""
    year, month = divmod(today.year * 12 + today.month - 1 - KEPT_MONTHS, 12)
    return date(year, month + 1, min(today.day, 28))
