"""``flask contacts``: logs and periods, from the command line."""

from contacts.cli import importing, periods, sources
from contacts.cli.group import contacts

__all__ = ["contacts", "importing", "periods", "sources"]
