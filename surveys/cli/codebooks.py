"""``flask surveys codebook``."""

import json

import click

from foundation.cells import csv_file
from foundation.database import reading
from surveys.cli.group import surveys
from surveys.cli.wording import in_english
from surveys.codebook import codebook, codebook_table
from surveys.models import QuestionnaireVersion
from surveys.pages import problem_words
from surveys.queries.questionnaires import latest_version, questionnaire_by_key, version_numbered
from surveys.questionnaires import problems


@surveys.command("codebook")
@click.argument("key")
@click.option("--number", type=int, help="Of that version; otherwise of the last one published, else of the draft.")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@in_english
def print_codebook(key: str, number: int | None, kind: str) -> None:
    """Print what the columns and codes of a file of answers to the questionnaire KEY mean."""
    with reading():
        version = _version(key, number)
        document = codebook(version.definition, version.number, version.content_hash)
    if kind == "json":
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo(csv_file(*codebook_table(document)), nl=False)


def _version(key: str, number: int | None) -> QuestionnaireVersion:
    questionnaire = questionnaire_by_key(key)
    if questionnaire is None:
        raise click.UsageError(f"There is no questionnaire {key}.")
    published = [one for one in questionnaire.versions if one.published_at]
    newest = published[-1] if published else latest_version(questionnaire)
    version = newest if number is None else version_numbered(questionnaire, number)
    if version is None:
        raise click.UsageError(f"{key} has no version {number}.")
    if version.published_at is None and (found := problems(version.definition)):
        raise click.UsageError(f"The draft has problems; the first: {problem_words(found[0])}")
    return version
