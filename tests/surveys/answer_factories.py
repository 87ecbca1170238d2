"""Invitations that were sent, with everything that stands behind them."""

import secrets
from datetime import UTC, date, datetime, timedelta
from itertools import count

from contacts.models import Contact, Customer, Period, Principal, Site
from foundation.database import db
from surveys import tokens
from surveys.models import (
    Draw,
    Invitation,
    Programme,
    ProgrammeVersion,
    Questionnaire,
    QuestionnaireVersion,
    SeedCommitment,
)
from surveys.questionnaires import content_hash
from surveys.storage import model_definition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "a secret for tests that is long enough"
_numbers = count(1)


def add(row):
    db.session.add(row)
    db.session.flush()
    return row


def create_version(definition=None):
    definition = definition or model_definition("post_contact")
    questionnaire = add(Questionnaire(key=f"questionnaire-{next(_numbers)}", title="Model", created_at=NOW))
    return add(
        QuestionnaireVersion(
            questionnaire_id=questionnaire.id,
            number=1,
            definition=definition,
            content_hash=content_hash(definition),
            created_at=NOW,
            published_at=NOW,
        )
    )


def create_principal(**changes):
    number = next(_numbers)
    values = {"key": f"belline-{number}", "name": "Mutuelle Belline SA", "brand": "Mutuelle Belline", "created_at": NOW}
    values |= {"privacy_notice": {"fr": "Vos droits.", "en": "Your rights."}, "controller": "Mutuelle Belline, Lyon"}
    return add(Principal(**values | changes))


def create_draw(principal=None, version=None, **changes):
    """A drawn draw of November 2026 with its programme; ``changes`` are what its only version says."""
    number = next(_numbers)
    principal = principal or create_principal()
    version = version or create_version()
    named = {"key": changes.pop("key", f"programme-{number}"), "name": "After a contact", "principal_id": principal.id}
    programme = add(Programme(**named, created_at=NOW))
    values = {"collection": "sms", "promise": "followed_up", "low_score": 2, "rules": {}, "strata": []}
    values |= {"version_id": version.id, "method": "everyone", "created_at": NOW}
    terms = ProgrammeVersion(programme_id=programme.id, number=1, in_force_from=NOW, **values | changes)
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)}
    period = add(Period(principal_id=principal.id, **days))
    seed = {"seed": "00", "commitment": secrets.token_hex(32), "late": False, "committed_at": NOW}
    committed = add(SeedCommitment(programme_id=programme.id, **days, **seed))
    return add(
        Draw(
            programme_id=programme.id,
            period_id=period.id,
            principal_id=principal.id,
            programme_version_id=add(terms).id,
            seed_commitment_id=committed.id,
            seed_commitment=committed.commitment,
            state="drawn",
            seed="00",
            frame_hash="00",
            late=False,
            allocation={},
            one_per_customer=True,
            requested_at=NOW,
            drawn_at=NOW,
        )
    )


def create_contact(principal_id, customer_id=None, **changes):
    number = next(_numbers)
    site = add(Site(key=f"site-{number}", name="Lyon", created_at=NOW))
    values = {"source": "log", "external_id": f"ID{number:04}", "channel": "phone", "direction": "in"}
    values |= {"started_at": datetime(2026, 11, 17, 10, 0, tzinfo=UTC), "reason": "Facturation", "recorded_at": NOW}
    owners = {"principal_id": principal_id, "site_id": site.id, "customer_id": customer_id}
    return add(Contact(**values | owners | changes))


def create_invitation(draw=None, phone="+33612345678", contact=None, **changes):
    """An invitation that was sent, its customer, its contact (``contact`` changes it) and its link: see ``link_of``."""
    draw = draw or create_draw()
    customer = db.session.scalars(db.select(Customer).filter_by(principal_id=draw.principal_id, phone=phone)).first()
    if customer is None:
        customer = add(Customer(principal_id=draw.principal_id, phone=phone, phone_takes_sms=True, created_at=NOW))
    called = create_contact(draw.principal_id, customer.id, **contact or {})
    values = {"disposition": "sent", "sent_at": NOW, "language": "fr", "collection": draw.terms.collection}
    values |= {"expires_at": NOW + timedelta(days=7), "stratum": "", "created_at": NOW}
    invitation = add(
        Invitation(
            draw_id=draw.id,
            programme_id=draw.programme_id,
            version_id=draw.version_id,
            contact_id=called.id,
            customer_id=customer.id,
            principal_id=draw.principal_id,
            site_id=called.site_id,
            **values | changes,
        )
    )
    invitation.token_hash = tokens.token_hash(token_of(invitation))
    db.session.commit()
    return invitation


def token_of(invitation):
    return tokens.derive(SECRET, invitation.id, invitation.token_issue)


def link_of(invitation):
    return f"/s/{token_of(invitation)}"
