"""What can be done to the contact log; other packages use the names listed here."""

from contacts.services.holds import hold_contact, hold_customer, lift_hold
from contacts.services.logs import Progress, import_log, surroundings
from contacts.services.mappings import save_mapping
from contacts.services.parties import PartyRefused, create_principal, create_site, update_principal, update_site
from contacts.services.periods import PeriodRefused, close_period, open_period
from contacts.services.recording import record_entries
from contacts.services.sources import count_rows, open_source, receive_source
from contacts.services.uploads import (
    discard_log,
    forget_uploads,
    keep_file,
    note_import_failed,
    receive_log,
    start_import,
)

__all__ = [
    "PartyRefused",
    "PeriodRefused",
    "Progress",
    "close_period",
    "count_rows",
    "create_principal",
    "create_site",
    "discard_log",
    "forget_uploads",
    "hold_contact",
    "hold_customer",
    "import_log",
    "keep_file",
    "lift_hold",
    "note_import_failed",
    "open_period",
    "open_source",
    "receive_log",
    "receive_source",
    "record_entries",
    "save_mapping",
    "start_import",
    "surroundings",
    "update_principal",
    "update_site",
]
