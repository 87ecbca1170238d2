"""One person, from the command line: what is held of them, and erasing them."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from contacts import exports
from contacts.cli.group import DONE_WITH_REJECTS, contacts, language_option, principal_named, principal_option, stop
from contacts.forms.people import kept_words, kind_name
from contacts.models import Customer
from contacts.queries.persons import find, parts
from contacts.services.erasing import ErasureRefused, erase_person, planned
from contacts.services.purging import purge as purge_all
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.ledger import services as ledger
from foundation.web.clock import utc_now
from foundation.web.i18n import speaking

person = AppGroup("person", help="One person across the whole product.")
contacts.add_command(person)
term_argument = click.argument("term", default="-")


@person.command("export")
@term_argument
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write it (JSON).")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it to be read.")
@principal_option
@language_option
def export(term: str, out: Path, html: Path | None, principal_key: str | None, language: str) -> None:
    """Write everything held of one person.

    TERM is a phone number, an e-mail address or a reference; without it, or with -, it is read from the standard
    input, so that it stands in no list of commands. Exit code 2: nobody, or several people, are found.
    """
    with speaking(language):
        customer, now = _customer(term, principal_key), utc_now()
        out.write_text(exports.as_json(customer, now), encoding="utf-8")
        if html is not None:
            html.write_text(exports.as_html(customer, now), encoding="utf-8")
        ledger.log_access(f"person:{customer.id}", now, how="export")
        db.session.commit()
        click.echo(_("Written: %(file)s", file=out))


@person.command("erase")
@term_argument
@click.option("--note", required=True, help="How and when they asked; no name and no address.")
@click.option("--yes", is_flag=True, help="Do it without asking again.")
@principal_option
@language_option
def erase(term: str, note: str, yes: bool, principal_key: str | None, language: str) -> None:
    """Erase one person, after a summary of what goes.

    TERM as for export. Exit code: 0 everything went, 3 something has to stay for now (it is named, with its reason and
    its day), 2 nothing was done.
    """
    with speaking(language):
        customer = _customer(term, principal_key)
        for plan in planned(customer, utc_now()):
            click.echo(plan.principal.name)
            _tell(plan.gone, [one.as_json() for one in plan.kept])
        if not yes and not click.confirm(_("Erase? This cannot be undone"), err=True):
            stop(_("Nothing was done."))
        try:
            erasures = erase_person(customer.id, utc_now(), note=note)
        except ErasureRefused:
            stop(_("This person was erased before."))
        db.session.commit()
        click.echo(_("Erased: %(numbers)s", numbers=", ".join(f"E-{erasure.id}" for erasure in erasures)))
        if any(erasure.kept for erasure in erasures):
            sys.exit(DONE_WITH_REJECTS)


@contacts.command("purge")
@language_option
def purge(language: str) -> None:
    """Let go of what the principals keep no longer, now instead of tonight."""
    with speaking(language):
        done = 0
        for count in purge_all(utc_now()):
            db.session.commit()
            done += count
        db.session.commit()
        click.echo(_("Gone: %(count)s", count=done))


def _customer(term: str, principal_key: str | None) -> Customer:
    """The one person that is meant; ends with the code for wrong use if there is none, or more than one."""
    principal = principal_named(principal_key)
    typed = sys.stdin.readline() if term == "-" else term
    found = [one for one in find(typed, Scope(frozenset({principal.id}))) if one.customer_id is not None]
    if len(found) != 1:
        stop(_("Nobody was found.") if not found else _("Several people were found: be more precise."))
    return db.session.get_one(Customer, found[0].customer_id)


def _tell(gone: dict[str, int], kept: list[dict[str, object]]) -> None:
    for kind, count in gone.items():
        if count:
            click.echo(f"  {kind_name(parts(), kind)}: {count}")
    for one in kept:
        click.echo("  " + _("stays: %(what)s", what=f"{kind_name(parts(), one['kind'])}, {kept_words(parts(), one)}"))
