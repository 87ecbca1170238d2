"""Files to take away: the answers of a programme, and what their columns and codes mean."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, jsonify, stream_with_context
from flask_login import current_user

from foundation.accounts.queries import current_scope
from foundation.cells import csv_file
from foundation.database import begin_writing, db, reading
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys.answer_csv import csv_pieces
from surveys.codebook import codebook, codebook_table
from surveys.models import Programme
from surveys.queries.answers import answer_table
from surveys.queries.programmes import programme_in_scope
from surveys.queries.questionnaires import questionnaire_by_key, version_numbered
from surveys.questionnaires import problems
from surveys.views.blueprint import bp

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for something else


@bp.get("/programmes/<key>/answers.csv")
@permitted("surveys.read")
def answers_csv(key: str) -> Response:
    """Give the answers as codes, without anybody's words, row by row as they are read; note that they were taken."""
    scope = current_scope()
    if programme_in_scope(key, scope) is None:
        abort(404)
    begin_writing()
    ledger.log_access("surveys:answers", utc_now(), current_user.id, programme=key)
    db.session.commit()

    def pieces() -> Iterator[str]:
        # Whoever downloads slowly must not hold SQLite's one write lock meanwhile.
        with reading():
            programme = db.session.scalars(db.select(Programme).filter_by(key=key)).one()
            yield BOM
            yield from csv_pieces(*answer_table(programme, scope))

    return Response(stream_with_context(pieces()), mimetype="text/csv", headers=_named(f"answers-{key}.csv"))


@bp.get("/questionnaires/<key>/<int:number>/codebook.<any(csv, json):kind>")
@permitted("surveys.read")
def codebook_file(key: str, number: int, kind: str) -> Any:
    """Give the codebook of a version that can be read without problems."""
    found = questionnaire_by_key(key)
    version = version_numbered(found, number) if found else None
    if version is None or (version.published_at is None and problems(version.definition)):
        abort(404)
    document = codebook(version.definition, version.number, version.content_hash)
    name = f"codebook-{key}-{number}.{kind}"
    if kind == "json":
        answer = jsonify(document)
        answer.headers.update(_named(name))
        return answer
    return Response(BOM.encode() + csv_file(*codebook_table(document)), mimetype="text/csv", headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename={name}"}
