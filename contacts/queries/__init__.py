"""What can be asked of the contact log; other packages use the names listed here."""

from contacts.queries.agents import agent_first_name, first_names
from contacts.queries.cards import ContactCard, contact_card
from contacts.queries.holds import held, held_contacts
from contacts.queries.people import customers_by_phone
from contacts.queries.population import contact_counts, days_in_zone, frame_of, late_counts, period_frame, span_frame
from contacts.queries.reconciliation import unexplained

__all__ = [
    "ContactCard",
    "agent_first_name",
    "contact_card",
    "contact_counts",
    "customers_by_phone",
    "days_in_zone",
    "first_names",
    "frame_of",
    "held",
    "held_contacts",
    "late_counts",
    "period_frame",
    "span_frame",
    "unexplained",
]
