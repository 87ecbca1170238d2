"""What happens by itself between packages: all of it, in one place.

A signal comes in the transaction of what caused it. Here it becomes one job row, carried out by the
worker and idempotent by its key, so that its failure never undoes the cause; holds and the end of an
interview after STOP are written at once, in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from flask_security import MailUtil

import complaints.inbound
import complaints.services
import complaints.signals
import contacts.services
import contacts.signals
import notifications.services
import notifications.signals
import surveys.services.continuous
import surveys.services.deciding
import surveys.services.deliveries
import surveys.services.interviews
import surveys.services.invitations
import surveys.services.reminding
import surveys.signals
from complaints.lifecycle import LATE_APPEAL
from complaints.pages import clock_line
from complaints.queries.watch import Watched
from contacts.forms.watching import missing_words
from contacts.queries.watching import Missing
from foundation.jobs import services as jobs
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language, in_each_language
from notifications.signals import Change
from surveys.pages.alerts import low_score_line

INVITATION = "invitation:"


def subscribe() -> None:
    """Connect every subscription; connecting twice does nothing."""
    contacts.signals.contacts_recorded.connect(on_contacts_recorded)
    contacts.signals.folders_watched.connect(on_folders_watched)
    contacts.signals.period_closed.connect(on_period_closed)
    surveys.signals.complaint_requested.connect(on_complaint_requested)
    surveys.signals.dissatisfaction_expressed.connect(on_dissatisfaction)
    surveys.signals.call_requested.connect(on_call_requested)
    complaints.signals.case_opened.connect(on_case_opened)
    complaints.signals.case_ended.connect(on_case_ended)
    complaints.signals.clocks_watched.connect(on_clocks_watched)
    notifications.signals.opted_out.connect(on_opted_out)
    notifications.signals.messages_changed.connect(on_messages_changed)
    notifications.signals.about_to_leave.connect(on_about_to_leave)


def on_contacts_recorded(
    principal_id: int, *, ids: Sequence[int], public_ids: Sequence[str], late_ids: Sequence[int], now: datetime
) -> None:
    """Continuous draws decide each contact in the transaction that records it; who is taken is written to at once."""
    for draw_id in surveys.services.deciding.decide(principal_id, ids, now):
        jobs.enqueue("surveys.send", {"draw_id": draw_id}, f"draw:{draw_id}:contact:{ids[0]}", now)


def on_period_closed(_principal_id: int, *, period_id: int, now: datetime) -> None:
    """A continuous draw ends with its period: its frame is fixed and its seed revealed."""
    for draw_id in surveys.services.continuous.draws_to_close(period_id):
        jobs.enqueue("surveys.close-draw", {"draw_id": draw_id}, f"draw:{draw_id}", now)


def on_complaint_requested(_programme: Any, *, payload: dict[str, Any], at: datetime) -> None:
    """« Yes, treat this as a complaint »: a case, at once."""
    jobs.enqueue("complaints.open_from_answer", payload, _key(payload), at)


def on_dissatisfaction(_programme: Any, *, payload: dict[str, Any], at: datetime) -> None:
    """Dissatisfied words, or a wish to be called back: a proposal at the complaint desk."""
    jobs.enqueue("complaints.propose_from_answer", payload, _key(payload), at)
    jobs.enqueue("notifications.low_score", payload, payload["invitation"], at)


def on_call_requested(_programme: Any, *, payload: dict[str, Any], at: datetime) -> None:
    """A wish to be called after an anonymous survey: a proposal at the complaint desk, which knows no answer."""
    jobs.enqueue("complaints.propose_from_answer", payload, _key(payload), at)


def _key(payload: dict[str, Any]) -> str:
    return f"{payload['invitation']}:{payload['wants']}"


def on_case_opened(case: Any, *, now: datetime) -> None:
    """Nobody is surveyed while their complaint is open: what waits for them in the outbox is taken back too."""
    if case.customer_id is not None:
        contacts.services.hold_customer(case.customer_id, "complaint", _hold_key(case, case.state == LATE_APPEAL), now)
        surveys.services.reminding.hold_back(case.customer_id, "complaint", now)


def on_case_ended(case: Any, *, now: datetime) -> None:
    for reopened in (False, True):
        contacts.services.lift_hold(_hold_key(case, reopened), now)


def _hold_key(case: Any, reopened: bool) -> str:
    """A hold that was lifted stays lifted, so a case that a late appeal opens again needs another."""
    return f"complaint:{case.id}:late-appeal" if reopened else f"complaint:{case.id}"


def on_clocks_watched(near: list[Watched], *, passed: list[Watched], now: datetime) -> None:
    """A delay that is near, or has passed, is an alert, once however often it is looked at."""
    alerts = notifications.services
    for kind, those in (("due_soon", near), ("breached", passed)):
        raised = [_clock_alert(kind, watched) for watched in those]
        alerts.raise_alerts(raised, now)
        alerts.end_alerts(kind, [alert.key for alert in raised], now)


def on_folders_watched(missing: list[Missing], *, now: datetime) -> None:
    """A file that did not come is an alert, once a day it is due; it ends when one comes."""
    raised = [_file_alert(one) for one in missing]
    notifications.services.raise_alerts(raised, now)
    notifications.services.end_alerts("no_file", [alert.key for alert in raised], now)


def _file_alert(missing: Missing) -> notifications.services.NewAlert:
    return notifications.services.NewAlert(
        kind="no_file",
        key=f"no_file:{missing.folder_id}:{missing.due_at:%Y-%m-%d}",
        subject_key=f"watched-folder:{missing.folder_id}",
        text=in_each_language(partial(missing_words, missing)),
        path="/contacts/import",
        principal_id=missing.principal_id,
        facts={"folder": missing.folder, "due_at": missing.due_at.isoformat()},
    )


def _clock_alert(kind: str, watched: Watched) -> notifications.services.NewAlert:
    return notifications.services.NewAlert(
        kind=kind,
        key=f"{kind}:{watched.key}",
        subject_key=watched.subject_key,
        text=in_each_language(partial(clock_line, watched)),
        path=watched.path,
        principal_id=watched.principal_id,
        site_id=watched.site_id,
        in_charge_id=watched.handler_id,
        facts={"clock": watched.kind, "due_on": watched.due_on.isoformat()},
    )


def raise_low_score(payload: dict[str, Any], now: datetime) -> None:
    """A dissatisfied answer is an alert, once for each invitation; all of one programme are one subject."""
    alert = notifications.services.NewAlert(
        kind="low_score",
        key=f"low_score:{payload['invitation']}",
        subject_key=f"programme:{payload['programme_key']}",
        text=in_each_language(partial(low_score_line, payload)),
        path="/complaints",
        principal_id=payload["principal_id"],
        site_id=payload["site_id"],
        facts={"score": payload["score"], "wants": payload["wants"]},
    )
    notifications.services.raise_alert(alert, now)


def on_opted_out(address: str, *, principal_id: int | None, topic: str, at: datetime) -> None:
    """STOP ends the interviews that wait for this person, and what has not gone out yet never will.

    Whoever wants no reminders only may still answer.
    """
    if topic == "reminder":
        return
    surveys.services.invitations.lock_waiting([address])
    surveys.services.interviews.stop(address, at, principal_id)
    surveys.services.invitations.note_opt_out(address, principal_id, at)


def on_messages_changed(changes: list[Change]) -> None:
    """What became of surveys' messages is what became of their invitations.

    Of a reminder only the good news counts, and what we took back ourselves is no news.
    """
    surveys.services.deliveries.note_deliveries(
        [
            (int(change.subject_key.removeprefix(INVITATION)), change.state, change.at, change.code)
            for change in changes
            if change.subject_key.startswith(INVITATION) and _is_news(change)
        ]
    )


def _is_news(change: Change) -> bool:
    if change.purpose == "reminder":
        return change.state == "delivered"
    return not (change.state == "suppressed" and change.code in surveys.services.reminding.OUR_OWN)


def on_about_to_leave(rows: Sequence[Any], *, at: datetime) -> dict[int, str | datetime]:
    """The last look at what asks something: nobody is asked who has answered, or whose complaint is open."""
    return surveys.services.reminding.look_again(rows, at)


def to_interview(message: Any, now: datetime) -> bool:
    """Give an incoming SMS to the interview that waits for its sender; return whether it took it."""
    return surveys.services.interviews.receive_sms(
        message.sender,
        message.body,
        message.provider_id,
        now,
        secret=current_app.config["SECRET_KEY"],
        public_url=current_app.config["PUBLIC_URL"],
        complains=complaints.inbound.speaks_of_complaint(message.body),
    )


#: Who may take an incoming SMS, in order, after STOP and START: a waiting interview, then an open case or words of
#: complaint; what nobody takes waits for a person.
INBOUND_ROUTES = [(20, "interview", to_interview), (30, "complaint", complaints.inbound.route_sms)]
#: Who may take an incoming e-mail that a person wrote, in order, after STOP and START.
MAIL_ROUTES = [(30, "complaint", complaints.inbound.route_mail)]
#: The jobs written above, for the worker.
JOB_KINDS = [
    ("complaints.open_from_answer", complaints.services.open_from_answer),
    ("complaints.propose_from_answer", complaints.services.propose_from_answer),
    ("notifications.low_score", raise_low_score),
]


class AccountsMail(MailUtil):
    """The mails of accounts (a forgotten password) go out through the outbox like every other."""

    def send_mail(
        self, template: str, subject: str, recipient: str, sender: Any, body: str, html: Any, **_: Any
    ) -> None:
        """Put a mail of accounts into the outbox, in the transaction of the request that asked for it."""
        now = utc_now()
        notifications.services.enqueue(
            channel="email",
            recipient=recipient,
            subject=str(subject),
            body=body,
            purpose="account",
            business_key=f"account:{template}:{recipient}:{now.isoformat()}",
            language=current_language(),
            zone=current_app.config["TIMEZONE"],
            now=now,
            priority=0,
        )
