"""What is cleared away at every start: left-overs, old trash, files that nobody refers to."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.store.filing.purging import purge_old
from tui.store.filing.sweep import sweep
from tui.store.filing.unused_files import collect

if TYPE_CHECKING:
    from tui.store.places import Places

log = logging.getLogger("bise.filing")


def tidy(places: Places, now: float) -> None:
    """Clear away what is old at `now`, in seconds since the epoch. What can't be stays, and is logged.

    It may take long: call it in a thread that may be left alone.
    """
    for step in (sweep, purge_old, collect):
        try:
            step(places, now)
        except (Failure, OSError) as error:
            log.warning("%s was not done: %s", step.__name__, error)
