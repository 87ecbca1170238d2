"""What the log says of an error: where and why, without the row that PostgreSQL quotes."""

import re
import sys
from typing import Any

import structlog

# « Key (phone)=(+33…) already exists », « Failing row contains (…) »: somebody's number, name and words.
_DETAIL = re.compile(
    r"^DETAIL: .*?(?=^(?:\[SQL|CONTEXT:|HINT:|The above|During|Traceback)|\Z)", re.MULTILINE | re.DOTALL
)


def init_logs() -> None:
    """Write the log as before, but let every traceback pass by ``without_rows``."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_rows,
            structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty()),
        ]
    )


def without_rows(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take what the database quotes of a row out of the traceback of ``event``."""
    if "exception" in event:
        event["exception"] = _DETAIL.sub("", event["exception"])
    return event
