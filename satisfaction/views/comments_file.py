"""The comments that somebody chose, as a file."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flask import Response, abort, request
from flask_login import current_user

from foundation.accounts.queries import current_scope
from foundation.accounts.scope import Scope
from foundation.cells import csv_file
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language
from satisfaction.comments import Comment
from satisfaction.queries import anonymous_comments, comment_tags, comments, programmes
from satisfaction.queries.comments import Asked
from satisfaction.views.blueprint import bp
from satisfaction.views.comments import Reading, read_choice

#: The newest so many: more are narrowed by period.
MOST = 5000
COLUMNS = (
    "comment", "programme", "site", "channel", "period_from", "period_to", "at", "question", "theme", "score", "band",
    "tags", "words",
)  # fmt: skip


@bp.get("/comments.csv")
@permitted("satisfaction.comments")
def comments_file() -> Response:
    """Give what the page shows, all its pages, as it shows it: masked; it is noted who took them."""
    scope = current_scope()
    reading = read_choice(scope, request.args)
    if reading.wanted is None or reading.principal is None:
        abort(404)
    asked = comments.asked_in([each.id for each in reading.programmes], reading.principal.brand)
    found = list(islice(_all(reading, scope, asked), MOST))
    written = csv_file(COLUMNS, _rows(found, {each.id: each.key for each in reading.programmes}, scope))
    begin_writing()
    facts = {name: str(value) for name, value in reading.address(before=0).items()} | {"comments": len(found)}
    ledger.log_access(f"comments:{reading.principal.key}", utc_now(), current_user.id, **facts)
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="comments-{reading.principal.key}.csv"'}
    return Response(b"\xef\xbb\xbf" + written, mimetype="text/csv", headers=headers)


def _all(reading: Reading, scope: Scope, asked: Asked) -> Iterator[Comment]:
    wanted = replace(reading.wanted, before=0) if reading.wanted else None
    while wanted:
        read = anonymous_comments.anonymous_comments if wanted.anonymous else comments.comments
        page = read(wanted, scope, asked, current_language())
        yield from page.comments
        wanted = replace(wanted, before=page.next) if page.next else None


def _rows(found: list[Comment], names: dict[int, str], scope: Scope) -> Iterator[list[object]]:
    sites, tags = programmes.site_names(scope), comment_tags.tags_of([one.key for one in found])
    for one in found:
        first_day, last_day = one.days or (None, None)
        yield [
            one.key, names.get(one.programme_id, ""), sites.get(one.site, one.site), one.channel, first_day, last_day,
            one.at and one.at.isoformat(), one.question, one.theme, one.score, one.band,
            " · ".join(code.label for code in tags.get(one.key, [])), one.words,
        ]  # fmt: skip
