"""``flask surveys import`` and ``flask surveys export``."""

import json
import sys
from typing import IO

import click

from foundation.database import db, reading
from foundation.web.clock import utc_now
from notifications.queries.texts import in_force
from surveys.cli.group import surveys
from surveys.cli.wording import in_english, usage_error
from surveys.formats.report import Imported
from surveys.formats.surveyjs_out import to_surveyjs
from surveys.models import QuestionnaireVersion
from surveys.pages import place_words, problem_words
from surveys.pages.dropped import dropped_words, state_words
from surveys.publication import WARNS
from surveys.queries.programmes import programme_by_key
from surveys.queries.questionnaires import latest_version, questionnaire_by_key
from surveys.questionnaires import problems
from surveys.refusals import SurveyRefused
from surveys.services.exchange import read_questionnaire
from surveys.services.questionnaires import save_draft


@surveys.command("import")
@click.argument("file", type=click.File("rb"))
@in_english
def import_file(file: IO[bytes]) -> None:
    """Make the questionnaire in FILE the draft of the next version.

    FILE is our JSON, SurveyJS, a LimeSurvey structure (.lss) or an XLSForm (.xlsx, .csv, .md), found by its content.
    It is published on its page. What became of each question is named; if anything was left out or changed, the
    command ends with 3.
    """
    try:
        imported = read_questionnaire(file.read(), file.name)
        version = save_draft(imported.definition, utc_now())
    except SurveyRefused as refusal:
        raise usage_error(refusal) from refusal
    db.session.commit()
    state = "published already" if version.published_at else "a draft"
    click.echo(f"{version.questionnaire.key}, version {version.number}: {state}.")
    _report(imported)
    for problem in [] if version.published_at else problems(version.definition, in_force()):
        warns = "to look at twice, " if problem.severity == WARNS else ""
        click.echo(f"  {warns}{place_words(problem)}: {problem_words(problem)}")
    if imported.dropped:
        sys.exit(3)


def _report(imported: Imported) -> None:
    """What became of each question of the file, then what it says beside its questions."""
    for fate in imported.fates:
        became = f" ({', '.join(fate.source.ids)})" if fate.source.ids else ""
        click.echo(f"  {fate.source.where}, {fate.source.name}: {state_words(fate)}{became}")
        for note in fate.notes:
            click.echo(f"    {note.where}: {dropped_words(note)}")
    for note in imported.elsewhere:
        click.echo(f"  left out, {note.where}: {dropped_words(note)}")


@surveys.command("export")
@click.argument("key")
@click.option("--surveyjs", is_flag=True, help="As a SurveyJS document.")
def export(key: str, surveyjs: bool) -> None:
    """Print a questionnaire as JSON.

    KEY is its own (the last published version, else the draft) or a programme's (the version it asks).
    """
    with reading():
        version = _version(key)
        if version is None:
            raise click.UsageError(f"There is no questionnaire and no programme {key}.")
        document = to_surveyjs(version.definition) if surveyjs else version.definition
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _version(key: str) -> QuestionnaireVersion | None:
    if questionnaire := questionnaire_by_key(key):
        published = [one for one in questionnaire.versions if one.published_at]
        return published[-1] if published else latest_version(questionnaire)
    programme = programme_by_key(key)
    return programme.terms_at(utc_now()).version if programme else None
