"""Python's collector of cycles, kept from looking at everything again and again while many rows pass through."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Rows make no cycles, but so many objects that the collector would run all the time: a third of the time of an import.
RARELY = (50_000, 20, 50)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Run a block that makes many objects and no cycles; what was there before is looked at no more meanwhile."""
    before, is_frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    if not is_frozen:
        gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not is_frozen:
            gc.unfreeze()
