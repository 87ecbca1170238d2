"""What a person may have asked us to stop, who told us, and what START may undo."""

from notifications.states import STOPPABLE

#: What a stop reaches, by topic. ``all`` takes in whatever may be stopped at all, also what is added later.
TOPICS: dict[str, frozenset[str]] = {
    "reminder": frozenset({"reminder"}),
    "survey": frozenset({"survey", "reminder", "interview"}),
    "all": STOPPABLE,
}
#: Where a stop came from: the word by SMS or by e-mail, the provider's refusal, the page behind a link, or a member of
#: staff whom the person told.
SOURCES = ("sms", "email", "provider", "link", "person")
# START undoes what the word or the provider did; a link followed or a person told stays.
LIFTED_BY_START = frozenset({"sms", "email", "provider"})
#: How a person told a member of staff.
MEANS = ("phone", "letter", "email", "counter")
#: How a stop ended.
LIFTINGS = ("start", "undo", "person")


def topics_that_stop(purpose: str) -> list[str]:
    """Return the topics whose stop reaches messages of ``purpose``; none for what no stop reaches."""
    return [topic for topic, purposes in TOPICS.items() if purpose in purposes]
