"""What of this package runs by itself, and the ways out that the settings choose."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from foundation.database import db, reading
from foundation.jobs.services import is_stopping
from notifications import inbound, simulator
from notifications.alerting import FORGOTTEN
from notifications.dispatcher.senders import due_senders
from notifications.dispatcher.sending import dispatch
from notifications.dispatcher.sweeping import sweep
from notifications.mailbox import MailFolder
from notifications.mailbox.imap import Account as Mailbox
from notifications.mailbox.storage import forget, mail_files
from notifications.mailbox.taking import take_mail
from notifications.providers import Post, Provider
from notifications.queries.alerts import due_readers
from notifications.retries import Rules
from notifications.rounds import key_of, sender_of
from notifications.services import forget_alerts, note_troubles, tell
from notifications.simulator import Simulator
from notifications.smtp_mail import SmtpMail
from notifications.twilio_sms import Account, TwilioSms


def init_notifications(app: Flask) -> None:
    """Choose the providers by the settings; a setting that cannot work stops the program here.

    ``NOTIFICATION_RULES`` (tests) takes the place of the dispatcher's usual patience.
    """
    app.extensions["notifications"] = Post({"sms": _sms(app.config), "email": _email(app)}, app.config["PUBLIC_URL"])
    app.extensions["notification_rules"] = app.config.get("NOTIFICATION_RULES") or Rules()
    app.extensions.setdefault("inbound_routes", [])
    app.extensions.setdefault("mail_routes", [])
    app.extensions["mailbox"] = Mailbox.from_url(app.config["IMAP_URL"]) if app.config["IMAP_URL"] else None


def is_simulated(app: Flask) -> bool:
    """Whether SMS stays on the simulated phone."""
    return isinstance(app.extensions["notifications"].providers["sms"], Simulator)


def mail_folder(app: Flask) -> Path | None:
    """Return the folder mail is written to, or None when a mail server takes it."""
    provider = app.extensions["notifications"].providers["email"]
    return provider.folder if isinstance(provider, MailFolder) else None


def _sms(config: dict[str, Any]) -> Provider:
    if config["SMS"] == "simulator":
        return Simulator()
    account = Account(
        sid=config["TWILIO_ACCOUNT_SID"],
        token=config["TWILIO_AUTH_TOKEN"],
        messaging_service_sid=config["TWILIO_MESSAGING_SERVICE_SID"],
        sender=config["TWILIO_FROM"],
        base_url=config["TWILIO_API_BASE_URL"],
    )
    return TwilioSms(account, config["PUBLIC_URL"])


def _email(app: Flask) -> Provider:
    if app.config["SMTP_URL"]:
        return SmtpMail(app.config["SMTP_URL"])
    return MailFolder(Path(app.instance_path) / "mail")


def _rules() -> Rules:
    return current_app.extensions["notification_rules"]


def dispatch_round(now: datetime) -> None:
    """Send what is due."""
    dispatch(current_app.extensions["notifications"], _rules(), stopping=is_stopping)


def dispatch_woken(now: datetime, key: str) -> None:
    """Send what is due of the one sender that ``key`` names; several workers may, each other messages."""
    dispatch(current_app.extensions["notifications"], _rules(), only=sender_of(key), stopping=is_stopping)


def senders_due(now: datetime) -> list[str]:
    """Return the keys of the senders that have something to send and may send it now."""
    post: Post = current_app.extensions["notifications"]
    return [key_of(*due.key) for due in due_senders(list(post.providers), now) if not due.paused]


def sweep_round(now: datetime) -> None:
    """Settle what was interrupted, late or in doubt."""
    sweep(current_app.extensions["notifications"], now, _rules())


def route_round(now: datetime) -> None:
    """Route again what could not be routed when it came in."""
    inbound.route_waiting(now)


def simulator_round(now: datetime) -> None:
    """Let the simulated network move; a real provider moves by itself."""
    if is_simulated(current_app):
        simulator.give_receipts(now)


def alerts_round(now: datetime) -> None:
    """Note what keeps messages from going out, and write the digests that are ripe, one transaction each."""
    note_troubles(now)
    db.session.commit()
    with reading():
        readers = due_readers(now)
    for user_id in readers:
        tell(user_id, now, current_app.config["PUBLIC_URL"])
        db.session.commit()


def forget_old_alerts(now: datetime) -> None:
    forget_alerts(now - FORGOTTEN)


def mailbox_round(now: datetime) -> None:
    """Take what came into the mailbox, where there is one."""
    if current_app.extensions["mailbox"] is not None:
        take_mail(current_app.extensions["mailbox"], mail_files(current_app))


def forget_mail(payload: dict[str, Any], _now: datetime) -> None:
    """Delete the raw mails of people who were erased; a job, so that it happens after the commit, and until it has."""
    forget(mail_files(current_app), payload["sha256"])
