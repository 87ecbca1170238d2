"""The secret that pseudonyms of agents are made with, as the running application holds it."""

from flask import current_app


def agents_secret() -> str:
    """SATISFECIT_ADDRESS_KEY, else the installation's secret.

    As with addresses, the secret of today may be kept as ADDRESS_KEY when it is changed tomorrow: with another one
    every agent becomes somebody else.
    """
    return str(current_app.config.get("ADDRESS_KEY") or current_app.config["SECRET_KEY"])
