"""The words for watched folders and the files in them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contacts.queries.watching import Missing, Watched
from contacts.services import FolderRefused
from foundation.web.filters import moment

FOLDER_REFUSALS = {
    "no-root": _l("No folder may be watched here: SATISFECIT_WATCH_DIR is not set."),
    "folder-outside": _l("This is not a folder below SATISFECIT_WATCH_DIR, or a link leads to it."),
    "folder-missing": _l("There is no such folder below SATISFECIT_WATCH_DIR."),
    "folder-busy": _l(
        "A file of this folder is being imported. Stop once it is in; “flask contacts watch” finishes one that was "
        "cut off."
    ),
}

FILE_STATE_NAMES = {
    "waiting": _l("waiting until it is whole"),
    "taken": _l("being imported"),
    "done": _l("imported"),
    "failed": _l("failed"),
}


def folder_words(refusal: FolderRefused) -> str:
    """Why a folder cannot be watched."""
    return str(FOLDER_REFUSALS[refusal.code])


def missing_words(missing: Missing) -> str:
    """That a file did not come, for whoever is told of it."""
    at = moment(missing.due_at, missing.zone)
    return _("No file came into the watched folder %(folder)s; it was due on %(at)s.", folder=missing.folder, at=at)


def watched_line(watched: Watched) -> str:
    """A watched folder in one line, for the command."""
    last = watched.last.name if watched.last else "–"
    return _(
        "%(folder)s: %(principal)s, %(source)s; last file %(last)s; %(waiting)s waiting, %(failed)s failed",
        folder=watched.folder.folder,
        principal=watched.principal,
        source=watched.folder.source,
        last=last,
        waiting=watched.waiting,
        failed=watched.failed,
    ) + (_("; a file is missing") if watched.missing_since else "")
