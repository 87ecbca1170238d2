"""``flask contacts sources``."""

import click

from contacts.cli.group import contacts, language_option
from contacts.forms.source_words import setting_line
from contacts.sources.registry import SOURCES
from foundation.web.i18n import speaking


@contacts.command("sources")
@language_option
def sources(language: str) -> None:
    """List the ready-made mappings, each with what it must and may be told."""
    with speaking(language):
        for ready in SOURCES.values():
            click.echo(f"{ready.name}  {ready.title}")
            for setting in ready.settings:
                click.echo(f"    {setting_line(setting)}")
