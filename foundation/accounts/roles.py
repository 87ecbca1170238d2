"""Which role may do what, as one table."""

READING = {
    "contacts.scope",
    "contacts.read",
    "surveys.read",
    "notifications.read",
    "complaints.read",
    "satisfaction.read",
    "evidence.read",
    "ledger.read",
}
PERMISSIONS: dict[str, frozenset[str]] = {
    "admin": frozenset(
        READING
        | {"contacts.write", "notifications.handle", "notifications.simulate", "accounts.manage", "evidence.export"}
        | {"notifications.alerts", "notifications.stop", "notifications.rules", "notifications.control"}
        | {"contacts.people", "contacts.erase"}
    ),
    "quality": frozenset(
        READING
        | {"contacts.write", "surveys.write", "surveys.draw", "notifications.handle", "notifications.simulate"}
        | {"notifications.alerts", "notifications.stop", "notifications.rules"}
        | {"complaints.register", "complaints.qualify", "evidence.export"}
        | {"notifications.texts", "contacts.people", "contacts.erase"}
        | {"satisfaction.agree", "satisfaction.comments", "satisfaction.edit_comments", "satisfaction.import"}
        | {"satisfaction.agents"}
    ),
    "manager": frozenset(
        (READING - {"ledger.read"})
        | {"complaints.register", "complaints.qualify", "complaints.handle", "complaints.manage"}
        | {"notifications.handle", "notifications.alerts", "notifications.stop"}
        | {"notifications.texts", "notifications.control", "contacts.people"}
        | {"satisfaction.comments", "satisfaction.edit_comments", "satisfaction.agents"}
    ),
    "handler": frozenset(
        {"complaints.read", "complaints.register", "complaints.qualify", "complaints.handle"}
        | {"notifications.alerts", "notifications.stop"}
    ),
    "reviewer": frozenset({"complaints.read", "complaints.appeal", "notifications.alerts"}),
    "auditor": frozenset(READING | {"evidence.export", "surveys.mix", "satisfaction.comments"}),
    "agent": frozenset({"complaints.register", "notifications.stop"}),
    "principal": frozenset({"satisfaction.read", "complaints.read", "contacts.scope"}),
}
ROLES = tuple(PERMISSIONS)


def permissions_of(role: str) -> frozenset[str]:
    """Return what a role may do; nothing for a role that is not known."""
    return PERMISSIONS.get(role, frozenset())
