"""What the demo centre measures: its entry points, its certified sites, its reasons, and what its principals agreed."""

from datetime import date, datetime

from sqlalchemy import select

import contacts.services as contacts
from contacts.certified import Span
from contacts.models import Principal, Site
from contacts.reason_trees import read_outline
from contacts.services.agreements import Agreed, record_agreement
from demo.log import SOURCE
from demo.running import SOURCE as RUNNING_SOURCE
from foundation.database import db
from foundation.web.clock import utc_now

#: Channel, direction, address (the numbers are those set aside for works of fiction), name, site.
ENTRY_POINTS = {
    "belline": (
        ("phone", "in", "01 99 00 20 10", "Service adhérents", None),
        ("phone", "in", "01 99 00 20 11", "Adhésions et devis", None),
        ("email", "in", "contact@belline.example", "Boîte des adhérents", None),
        ("chat", "in", "belline.example", "Conversation du site", "lille"),
    ),
    "energie-rhone": (
        ("phone", "in", "04 65 71 30 10", "Service clients", None),
        ("phone", "in", "04 65 71 30 11", "Dépannage", "lyon"),
        ("email", "in", "clients@energie-rhone.example", "Boîte des clients", None),
        ("phone", "out", "04 65 71 30 12", "Rappels promis", "lyon"),
    ),
}
REASONS = {
    "belline": """\
prestations | Prestations | Benefits
  remboursement | Remboursement | Refund
  carte | Carte de tiers payant | Direct payment card
contrat | Contrat | Contract
  adhesion | Adhésion | Joining
  demande-devis | Demande de devis | Asking for a quote
""",
    "energie-rhone": """\
factures | Factures | Bills
  facturation | Facturation | Billing
  releve | Relevé de compteur | Meter reading
fourniture | Fourniture | Supply
  mise-en-service | Mise en service | Connection
  coupure | Coupure de courant | Power cut
""",
}
#: (principal, source, what its log says, the leaf it stands for). One word is left for whoever looks.
WORDS = (
    ("belline", SOURCE, "devis", "demande-devis"),
    ("energie-rhone", SOURCE, "emménagement", "mise-en-service"),
    ("energie-rhone", SOURCE, "panne", "coupure"),
    ("energie-rhone", RUNNING_SOURCE, "emménagement", "mise-en-service"),
    ("energie-rhone", RUNNING_SOURCE, "panne", "coupure"),
)


def set_scope(month: tuple[date, date], admin: int, quality: int) -> None:
    """Add all of it; ``month`` is the one surveyed, in the middle of which a site is certified."""
    now = utc_now()
    ids = {one.key: one.id for one in db.session.scalars(select(Principal))}
    sites = {one.key: one for one in db.session.scalars(select(Site))}
    for key, points in ENTRY_POINTS.items():
        for channel, direction, address, name, site in points:
            known = {"channel": channel, "direction": direction, "address": address, "name": name}
            contacts.add_entry_point(ids[key], known | {"site_id": sites[site].id if site else None}, now, admin)
    _certify(sites, month, now, admin)
    for key, outline in REASONS.items():
        draft = contacts.save_tree(ids[key], 0, read_outline(outline), now, quality)
        contacts.publish_tree(ids[key], draft.version, now, quality)
    for key, source, word, leaf in WORDS:
        contacts.map_word(ids[key], source, word, leaf, now, quality)


def _certify(sites: dict[str, Site], month: tuple[date, date], now: datetime, admin: int) -> None:
    """Two sites for long, one since the middle of the month surveyed; the fourth is not certified yet."""
    long_ago = date(month[0].year - 2, 3, 1)
    for key, since in (("lille", long_ago), ("lyon", long_ago), ("strasbourg", month[0].replace(day=15))):
        contacts.certify(sites[key], sites[key].version, [Span(since)], now, admin)


def agree(admin: int) -> None:
    """The two principals keep one quarantine: whoever was asked by one is left alone by the other."""
    now = utc_now()
    agreed = Agreed(
        widens=("quarantine",),
        legal_basis="Intérêt légitime : ne pas solliciter deux fois les clients communs (convention, art. 4).",
        signed_on=now.date(),
        signed_by="Claire Vernet (Mutuelle Belline), Étienne Rolland (Énergie du Rhône)",
        first_day=now.date(),
    )
    record_agreement(list(db.session.scalars(select(Principal.id))), agreed, now, admin)
