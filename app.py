"""The application: settings, extensions, pages, commands, and what each package gives the others."""

import os
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_migrate import Migrate

import followup
from complaints import public_views as complaint_pages
from complaints import services as complaints_services
from complaints import views as complaints_views
from complaints.queries import people as complainants
from complaints.services.people import ComplaintsPart
from complaints.wording import registered as complaint_texts
from contacts import api as contacts_api
from contacts import cli as contacts_cli
from contacts import engines as contacts_engines
from contacts import public_views as contacts_brand
from contacts import views as contacts_views
from contacts.forms import people as person_forms
from contacts.queries import agreements, parties
from contacts.queries import people as customers
from contacts.services.people_part import ContactsPart
from demo import cli as demo_cli
from evidence import cli as evidence_cli
from evidence import engines as evidence_engines
from evidence import services as evidence_services
from evidence import views as evidence_views
from foundation import cli as foundation_cli
from foundation import config, database
from foundation.accounts import cli as accounts_cli
from foundation.accounts import views as accounts_views
from foundation.accounts.security import init_accounts
from foundation.jobs import cli as jobs_cli
from foundation.jobs import public_views as health_views
from foundation.jobs import views as jobs_views
from foundation.jobs.engines import init_engine
from foundation.jobs.registry import Keys, Registry, Round, Woken, Work
from foundation.ledger import cli as ledger_cli
from foundation.ledger import services as ledger_services
from foundation.people import Part
from foundation.web import api as web_api
from foundation.web import catalogues, charts, clock, errors, filters, headers, i18n, logs, navigation
from foundation.web.forms import described, messages_of
from foundation.web.navigation import MenuEntry
from notifications import api as twilio_api
from notifications import cli as notifications_cli
from notifications import confirmations
from notifications import engines as notifications_engines
from notifications import public_views as opt_out_pages
from notifications import views as notifications_views
from notifications.rounds import DISPATCH
from notifications.services.people import FORGET_MAIL, MessagesPart
from notifications.texts import Catalogue
from satisfaction import api as satisfaction_api
from satisfaction import cli as satisfaction_cli
from satisfaction import engines as satisfaction_engines
from satisfaction import views as satisfaction_views
from surveys import cli as surveys_cli
from surveys import message_texts as survey_texts
from surveys import public_views as survey_pages
from surveys import views as surveys_views
from surveys.cli import work as surveys_work
from surveys.queries.answered_places import answered_places
from surveys.services.people import SurveysPart

ROOT = Path(__file__).parent
BLUEPRINTS = [
    accounts_views.bp,
    jobs_views.bp,
    health_views.bp,
    notifications_views.bp,
    notifications_views.metrics,
    opt_out_pages.bp,
    contacts_views.bp,
    contacts_brand.bp,
    twilio_api.bp,
    survey_pages.bp,
    survey_pages.posters,
    surveys_views.bp,
    satisfaction_views.bp,
    complaints_views.bp,
    complaint_pages.bp,
    evidence_views.bp,
]
COMMANDS: list[click.Command] = [
    demo_cli.demo,
    accounts_cli.accounts,
    contacts_cli.contacts,
    jobs_cli.jobs,
    foundation_cli.backup,
    ledger_cli.ledger,
    surveys_cli.surveys,
    notifications_cli.notifications,
    satisfaction_cli.satisfaction,
    evidence_cli.evidence,
]
# What programs may call; described at /api/v1/openapi.json.
API_BLUEPRINTS = [contacts_api.bp, satisfaction_api.bp]
# Which function does which kind of work behind the page: (kind, function).
JOB_KINDS: list[tuple[str, Work]] = [
    *followup.JOB_KINDS,
    (evidence_services.JOB_KIND, evidence_engines.build),
    ("surveys.draw", surveys_work.draw),
    ("surveys.send", surveys_work.send),
    ("surveys.close-draw", surveys_work.close_draw),
    ("contacts.import", contacts_engines.run_import),
    ("contacts.take-file", contacts_engines.take_file),
    (FORGET_MAIL, notifications_engines.forget_mail),
]
# What happens by itself: (name, every so many seconds, function[, function woken for one key, keys that have work]).
SCHEDULE: list[tuple[str, int, Round] | tuple[str, int, Round, Woken, Keys]] = [
    ("ledger.seal", 1, ledger_services.seal_round),
    ("contacts.forget-uploads", 3600, contacts_engines.forget_old_uploads),
    ("contacts.watch", 10, contacts_engines.look_at_folders),
    ("contacts.purge", 6 * 3600, contacts_engines.purge_round),
    ("contacts.duplicates", 900, contacts_engines.duplicates_round),
    (
        DISPATCH,
        1,
        notifications_engines.dispatch_round,
        notifications_engines.dispatch_woken,
        notifications_engines.senders_due,
    ),
    ("notifications.simulator", 1, notifications_engines.simulator_round),
    ("notifications.sweep", 5, notifications_engines.sweep_round),
    ("complaints.close", 600, complaints_services.close_expired),
    ("notifications.route", 5, notifications_engines.route_round),
    ("complaints.watch", 300, complaints_services.watch_clocks),
    ("notifications.alerts", 30, notifications_engines.alerts_round),
    ("notifications.forget-alerts", 3600, notifications_engines.forget_old_alerts),
    ("notifications.mailbox", 30, notifications_engines.mailbox_round),
    ("surveys.settle", 300, surveys_work.settle),
    ("surveys.let-go", 6 * 3600, surveys_work.let_go),
    ("surveys.let-go-posters", 6 * 3600, surveys_work.let_go_posters),
    ("surveys.remind", 300, surveys_work.remind),
    ("satisfaction.roll-up", 5, satisfaction_engines.roll_up_round),
    ("satisfaction.emergencies", 5, satisfaction_engines.emergency_round),
    ("satisfaction.agents", 3600, satisfaction_engines.agents_round),
    ("satisfaction.explain", 3600, satisfaction_engines.explain_round),
    ("satisfaction.check", 24 * 3600, satisfaction_engines.check_round),
    ("satisfaction.mail", 600, satisfaction_engines.mail_round),
    ("satisfaction.look", 300, satisfaction_engines.look_round),
    ("satisfaction.repeats", 3600, satisfaction_engines.repeats_round),
]
# Every message written to a customer: what it says is edited at /notifications/texts.
TEXTS = [*survey_texts.TEXTS, *complaint_texts.TEXTS, *confirmations.TEXTS]
# What people call them on the page of operation.
WORK_NAMES = {
    "complaints.open_from_answer": _l("Open a complaint from an answer"),
    "complaints.propose_from_answer": _l("Propose a complaint from an answer"),
    evidence_services.JOB_KIND: _l("Build a binder"),
    "surveys.draw": _l("Draw a sample"),
    "surveys.send": _l("Send invitations"),
    "surveys.close-draw": _l("Close a continuous draw"),
    "contacts.import": _l("Import a contact log"),
    "contacts.take-file": _l("Import a file of a watched folder"),
    "contacts.watch": _l("Look through watched folders"),
    "contacts.purge": _l("Let go of what is kept no longer"),
    "contacts.duplicates": _l("Find rows that are one person"),
    FORGET_MAIL: _l("Delete the mails of people who were erased"),
    "ledger.seal": _l("Seal the ledger"),
    "contacts.forget-uploads": _l("Forget old uploads"),
    DISPATCH: _l("Send messages"),
    "notifications.simulator": _l("Move the simulated network"),
    "notifications.sweep": _l("Look up messages in doubt"),
    "complaints.close": _l("Close cases whose time to appeal is over"),
    "notifications.route": _l("Route messages that came in"),
    "notifications.low_score": _l("Tell staff of a low score"),
    "notifications.forget-alerts": _l("Forget old alerts"),
    "notifications.alerts": _l("Tell staff what they should know"),
    "complaints.watch": _l("Look at the dates that are near or past"),
    "notifications.mailbox": _l("Read the mailbox"),
    "surveys.settle": _l("Settle interviews that ended"),
    "surveys.let-go": _l("Let anonymous answers go, and forget who gave them"),
    "surveys.let-go-posters": _l("Let anonymous answers of posters go"),
    "surveys.remind": _l("Remind those who may still answer"),
    "satisfaction.roll-up": _l("Count answers"),
    "satisfaction.emergencies": _l("Look for words of emergency"),
    "satisfaction.agents": _l("Compute the figures of agents"),
    "satisfaction.explain": _l("Compute what goes with overall satisfaction"),
    "satisfaction.check": _l("Count answers again and compare"),
    "satisfaction.mail": _l("Write the weekly mails and the packs of principals"),
    "satisfaction.look": _l("Judge what was agreed, once its days are closed"),
    "satisfaction.repeats": _l("Count who came back about the same thing"),
    "jobs.take-back": _l("Take up the work of workers that stopped"),
    "jobs.tidy": _l("Tidy up announcements of jobs"),
}
MENU = [
    MenuEntry(_l("Satisfaction"), "satisfaction.home", "satisfaction.read", 10),
    MenuEntry(_l("Surveys"), "surveys.index", "surveys.read", 20),
    MenuEntry(_l("Contacts"), "contacts.index", "contacts.read", 30),
    MenuEntry(_l("People"), "contacts.people", "contacts.people", 35),
    MenuEntry(_l("Scope"), "contacts.scope_map_page", "contacts.scope", 31, unless="contacts.read"),
    MenuEntry(_l("Complaints"), "complaints.index", "complaints.read", 40),
    MenuEntry(_l("Complaints"), "complaints.new", "complaints.register", 40, unless="complaints.read"),
    MenuEntry(_l("Messages"), "notifications.index", "notifications.read", 50),
    MenuEntry(_l("Stops"), "notifications.tell_stop", "notifications.stop", 50, unless="notifications.read"),
    MenuEntry(_l("Evidence"), "evidence.index", "evidence.read", 60),
    MenuEntry(_l("Accounts"), "accounts.index", "accounts.manage", 90),
    MenuEntry(_l("Operation"), "jobs.index", "accounts.manage", 95),
]

#: What each package keeps of a person, in the order in which they let go of one, which is that of the locks.
PEOPLE: list[Part] = [MessagesPart(), SurveysPart(), ComplaintsPart(), ContactsPart(person_forms.WORDS)]

#: Under a person's own name.
OWN_MENU = [MenuEntry(_l("My alerts"), "notifications.alerts", "notifications.alerts", 10)]


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """Return the application; ``settings`` (tests) replaces what the environment says."""
    logs.init_logs()
    app = Flask(__name__, instance_path=os.environ.get("SATISFECIT_INSTANCE", str(ROOT / "instance")))
    try:
        app.config.update(config.read_settings(os.environ, Path(app.instance_path)))
    except config.ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    app.config.update(settings or {})
    _set_clock(app.config["CLOCK"])
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    database.init_database(app)
    Migrate(app, database.db, render_as_batch=True)
    _init_web(app)
    _init_jobs(app)
    notifications_engines.init_notifications(app)
    app.extensions["message_texts"] = Catalogue(TEXTS)
    app.extensions["probes"] = {"messages": notifications_views.trouble_codes}
    app.extensions["inbound_routes"] = followup.INBOUND_ROUTES
    app.extensions["mail_routes"] = followup.MAIL_ROUTES
    followup.subscribe()
    satisfaction_engines.subscribe()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in API_BLUEPRINTS:
        web_api.api.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _set_clock(setting: str) -> None:
    """Set the clock of a demo or a test to what SATISFECIT_CLOCK says; leave it alone otherwise."""
    if not setting:
        return
    try:
        clock.start_from(setting)
    except ValueError as error:
        raise click.ClickException(f"SATISFECIT_CLOCK: {error}; write 2026-11-23T09:00:00+01:00") from error


def _init_web(app: Flask) -> None:
    """Set up languages, filters, errors, headers, the menu and sign-in."""
    catalogues.compile_stale()
    app.jinja_env.globals.update(
        messages_of=messages_of, described=described, language=i18n.current_language, drawn=charts.chart
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for init in (i18n.init_languages, filters.init_filters, errors.init_errors, headers.init_headers):
        init(app)
    navigation.init_navigation(app, MENU, OWN_MENU, [notifications_views.trouble_banners])
    app.extensions["scope_choices"] = parties.scope_choices
    app.extensions["answered_places"] = answered_places
    app.extensions["stop_borders"] = agreements.stop_reaches
    app.extensions["sender_owners"] = parties.sender_owners
    app.extensions["address_books"] = [customers.every_address, complainants.every_address]
    app.extensions["principals"] = parties.principal_keys
    web_api.init_api(app)
    app.extensions["people"] = PEOPLE
    app.jinja_env.globals.update(principal_of=parties.principal_of, sharing_sender=parties.sharing_sender)
    init_accounts(app, followup.AccountsMail)


def _init_jobs(app: Flask) -> None:
    """Let the worker know what every package has for it."""
    registry = app.extensions["jobs"] = Registry()
    for kind, work in JOB_KINDS:
        registry.register(kind, work)
    for entry in SCHEDULE:
        registry.every(*entry)
    registry.labels |= WORK_NAMES
    init_engine(app)
