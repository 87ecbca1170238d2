"""Sign-in by Flask-Security, and the guard that holds every view to its mark."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore
from flask_wtf import CSRFProtect
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix

from foundation.accounts.keys import key_shown
from foundation.accounts.models import User
from foundation.accounts.queries import current_permissions
from foundation.database import db
from foundation.web.access import Access
from foundation.web.clock import utc_now
from foundation.web.navigation import menu_for

#: Views of others that are for everyone: they hold no data.
OPEN = {"static", "api-docs.openapi_json"}
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[])
SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_RESET_URL": "/accounts/reset",
    "SECURITY_CHANGE_URL": "/accounts/password",
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
    "SECURITY_USE_VERIFY_PASSWORD_CACHE": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_CLI_USERS_NAME": False,  # its commands speak of role tables, which are not used here
    "SECURITY_CLI_ROLES_NAME": False,
    "SECURITY_CACHE_CONTROL": None,  # foundation.web.headers says it, for every page and in the way browsers read
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_HTTPONLY": True,
    "WTF_CSRF_TIME_LIMIT": 12 * 3600,
    # Our pages tell browsers to send no Referer; asked for one, behind TLS every form would be refused.
    "WTF_CSRF_SSL_STRICT": False,
}


def init_accounts(app: Flask, mail_util: type[MailUtil] = MailUtil) -> None:
    """Set up sign-in and put the guard before every request. ``mail_util`` sends the mails of accounts."""
    app.config.from_mapping(SETTINGS)
    app.config["SECURITY_PASSWORD_SALT"] = app.config["SECRET_KEY"]
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"] or "memory://"
    encrypted = app.config["PUBLIC_URL"].startswith("https:")
    app.config.update(SESSION_COOKIE_SECURE=encrypted, REMEMBER_COOKIE_SECURE=encrypted)
    if proxies := app.config["PROXIES"]:
        # Without it every visitor would come from the proxy's address, and share one limit with all others.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)
    Security(app, SQLAlchemyUserDatastore(db, User, None), mail_util_cls=mail_util)
    _limit_sign_in(app)
    _identify_staff_only(app)
    app.view_functions["security.forgot_password"] = _committing(app.view_functions["security.forgot_password"])
    app.extensions["open_views"] = {name for name in app.view_functions if name.startswith("security.")} | OPEN
    app.before_request(guard)
    app.context_processor(_for_templates)


def _limit_sign_in(app: Flask) -> None:
    """Slow down guessing: per address, on sign-in and on "forgotten password"."""
    for name in ("security.login", "security.forgot_password"):
        view = limiter.limit("20 per minute", methods=["POST"])(app.view_functions[name])
        app.view_functions[name] = view


def _identify_staff_only(app: Flask) -> None:
    """Ask who is there only where it may matter: pages for everyone must be light, and are for nobody in particular."""
    hooks, principal = app.before_request_funcs[None], app.extensions["security"].principal
    identify = next(hook for hook in hooks if getattr(hook, "__self__", None) is principal)

    def identified() -> Any:
        access = getattr(app.view_functions.get(request.endpoint or ""), "access", None)
        return identify() if access is None or (access.permission is not None and not access.by_key) else None

    hooks[hooks.index(identify)] = identified


def _committing(view: Callable[..., Any]) -> Callable[..., Any]:
    """Commit after ``view``: Flask-Security does so after its other forms, but asking for a mail changes no user."""

    @wraps(view)
    def committing(*arguments: Any, **named: Any) -> Any:
        response = view(*arguments, **named)
        db.session.commit()
        return response

    return committing


def guard() -> Any:
    """Let a request through when its view is public or its visitor has the permission; refuse what has no mark."""
    if request.endpoint is None or request.endpoint in current_app.extensions["open_views"]:
        return None
    access: Access | None = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access is None:
        abort(403)
    if access.by_key:
        return _let_key_in(access)
    if access.permission is None or access.permission in current_permissions():
        return None
    if current_user.is_authenticated:
        abort(403)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _let_key_in(access: Access) -> None:
    """Let in a program whose key has the permission; a session is no key."""
    key = key_shown(request.headers.get("Authorization", ""), utc_now())
    if key is None:
        reason = _("Show a key that may be used, in the header Authorization: Bearer …")
        raise Unauthorized(reason, www_authenticate=WWWAuthenticate("bearer"))
    if access.permission not in key.permissions:
        abort(403)
    g.api_key = key


def _for_templates() -> dict[str, Any]:
    permissions = current_permissions()
    return {
        "permissions": permissions,
        "menu": menu_for(current_app, permissions),
        "own_menu": menu_for(current_app, permissions, "own_menu"),
    }
