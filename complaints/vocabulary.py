"""The codes of complaints; pages find the words for them."""

CHANNELS = ("phone", "email", "chat", "sms", "post", "web", "social", "survey")
#: Ways in that leave the complainant no dated copy of their own words.
ORAL_CHANNELS = frozenset({"phone"})
ORIGINS = ("spontaneous", "survey")
CATEGORIES = ("billing", "delivery", "product", "information", "conduct", "access", "data", "other")
DECISIONS = ("upheld", "partly_upheld", "rejected")
#: Of an appeal: what became of the first decision. Never "upheld", which means opposite things of the two.
APPEAL_OUTCOMES = ("confirmed", "partly_changed", "overturned")
PARTIES = ("customer", "staff", "system")
LANGUAGES = ("fr", "en")
