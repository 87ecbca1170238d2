"""``flask contacts``: logs, periods and people, from the command line."""

from contacts.cli import importing, people, periods, sources, watching
from contacts.cli.group import contacts

__all__ = ["contacts", "importing", "people", "periods", "sources", "watching"]
