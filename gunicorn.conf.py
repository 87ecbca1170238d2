"""What the web process is told beside its command line: gunicorn reads this where it is started."""

import gc
from typing import Any


def post_worker_init(_worker: Any) -> None:
    """Take what was loaded out of the garbage collector's sight.

    It stays as long as the process; to walk through it took a fifth of a second, in the middle of somebody's answer.
    """
    gc.collect()
    gc.freeze()
