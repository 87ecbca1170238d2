"""``flask notifications``: the messages at a glance, and the log an auditor takes."""

from flask.cli import AppGroup

from notifications.cli.log import log
from notifications.cli.rekey import rekey_addresses
from notifications.cli.status import status

notifications = AppGroup("notifications", help="Messages to people: what waits, what went out, what did not.")
notifications.add_command(status)
notifications.add_command(log)
notifications.add_command(rekey_addresses)
