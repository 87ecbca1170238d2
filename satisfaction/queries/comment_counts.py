"""How many comments there are, and how many bear each tag and theme."""

from foundation.accounts.scope import Scope
from satisfaction.comments import Counts, Wanted
from satisfaction.queries import comment_tags, comments
from satisfaction.queries.anonymous_comments import anonymous_comments

#: More than any house has.
ALL = 10**9


def counts(wanted: Wanted, scope: Scope) -> Counts:
    """Comments of the principal, programme and days asked for, by tag and theme; the rest of ``wanted`` is passed over.

    Anonymous ones are among them, as far as they may be read.
    """
    asked_for = Wanted(wanted.principal_id, wanted.programme_id, wanted.days)
    asked = comments.asked_in([])
    anonymous = anonymous_comments(asked_for, scope, asked, "fr", ALL).comments
    return Counts(
        comments=comments.count(asked_for, scope, asked) + len(anonymous),
        tagged=comment_tags.tagged_count(asked_for, scope),
        by_code=comment_tags.by_code(asked_for, scope),
        by_theme=comment_tags.by_theme(asked_for, scope),
    )
