"""What a chat begins with, whether it is full-screen or one question: folders, log, embedded model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.cli.options import Wanted
    from tui.store.places import Places


def begin(wanted: Wanted) -> Places | None:
    """The folders, with the log open and the embedded model fetched if it is wanted.

    None if the model can't be had; why was told.
    """
    from tui.cli.log import log_nowhere, log_to
    from tui.store.places import Places

    places = Places.from_environment()
    if wanted.ephemeral:
        log_nowhere()
    else:
        log_to(places.log_file)
    if wanted.local:
        from tui.cli.local import set_up_if_missing

        if not set_up_if_missing(places):
            return None
    return places
