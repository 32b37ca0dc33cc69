"""What a full screen keeps its chats in: files, or memory alone."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.cli.parts import Parts
    from tui.core.ports import Drafts, Journal, SessionStore
    from tui.ui.services import Drawer


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where what is said and typed goes."""

    store: SessionStore
    drawer: Drawer
    journal: Journal | None = None
    """None if replies in the making are not to be found after a crash."""
    drafts: Drafts | None = None
    is_kept: bool = True
    """Whether anything of it outlives the program."""


def in_files(parts: Parts) -> Keeping:
    """In the data and state folders; what is old there is cleared away meanwhile."""
    from tui.cli import services
    from tui.store.drafts import FileDrafts
    from tui.store.journal import FileJournal
    from tui.store.sessions import TomlSessions
    from tui.store.tidying import tidy

    now = time.time()
    threading.Thread(target=tidy, args=(parts.places, now), name="tidy", daemon=True).start()
    return Keeping(
        store=TomlSessions(parts.places),
        drawer=services.drawer(parts),
        journal=FileJournal(parts.places),
        drafts=FileDrafts(parts.places),
    )


def in_memory() -> Keeping:
    """Nowhere but in memory: no history, no index, no draft, nothing to find after a crash."""
    from tui.store.ephemeral import PassingFiling, PassingSessions
    from tui.ui.services import Drawer

    store = PassingSessions()
    return Keeping(store=store, drawer=Drawer(filing=PassingFiling(store)), is_kept=False)
