"""What can be done to the contact log; other packages use the names listed here."""

from contacts.services.agents import erase_first_name
from contacts.services.certified import certify
from contacts.services.entry_points import CHANGED, EntryPointRefused, add_entry_point, change_entry_point
from contacts.services.folders import FolderRefused
from contacts.services.holds import hold_contact, hold_customer, lift_hold
from contacts.services.lists import Taken, import_counts, import_entry_points
from contacts.services.logs import Progress, import_log, surroundings
from contacts.services.mappings import save_mapping
from contacts.services.parties import PartyRefused, create_principal, create_site, update_principal, update_site
from contacts.services.periods import PeriodRefused, close_period, open_period
from contacts.services.reasons import ReasonsRefused, discard_tree, draft_of, map_word, publish_tree, save_tree
from contacts.services.reconciliation import explain, tell_counts
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
from contacts.services.watching import look, stop_watching, take_file, watch_folder

__all__ = [
    "CHANGED",
    "EntryPointRefused",
    "FolderRefused",
    "PartyRefused",
    "PeriodRefused",
    "Progress",
    "ReasonsRefused",
    "Taken",
    "add_entry_point",
    "certify",
    "change_entry_point",
    "close_period",
    "count_rows",
    "create_principal",
    "create_site",
    "discard_log",
    "discard_tree",
    "draft_of",
    "erase_first_name",
    "explain",
    "forget_uploads",
    "hold_contact",
    "hold_customer",
    "import_counts",
    "import_entry_points",
    "import_log",
    "keep_file",
    "lift_hold",
    "look",
    "map_word",
    "note_import_failed",
    "open_period",
    "open_source",
    "publish_tree",
    "receive_log",
    "receive_source",
    "record_entries",
    "save_mapping",
    "save_tree",
    "start_import",
    "stop_watching",
    "surroundings",
    "take_file",
    "tell_counts",
    "update_principal",
    "update_site",
    "watch_folder",
]
