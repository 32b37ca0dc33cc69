"""What a full screen keeps its chats in: files, or memory alone."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.cli.parts import Parts
    from tui.core.ports import Drafts, Journal, NewsKeeper, SessionStore
    from tui.ui.services import Drawer


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where what is said and typed goes."""

    store: SessionStore
    drawer: Drawer
    journal: Journal | None = None
    """None if replies in the making are not to be found after a crash."""
    drafts: Drafts | None = None
    news: NewsKeeper | None = None
    """None if nothing is known of it after the program's end."""
    is_kept: bool = True
    """Whether anything of it outlives the program."""
    passing_ids: set[str] = field(default_factory=set)
    """The chats that do not, though the others do."""


def in_files(parts: Parts) -> Keeping:
    """In the data and state folders; what is old there is cleared away meanwhile."""
    from tui.cli import services
    from tui.cli.saving import FileExports
    from tui.store.filing.tidying import tidy
    from tui.store.sessions.mixed import MixedFiling, MixedSessions
    from tui.store.sessions.toml_sessions import TomlSessions
    from tui.store.state.drafts import FileDrafts
    from tui.store.state.journal import FileJournal
    from tui.store.state.news import FileNews

    ids: set[str] = set()
    now = time.time()
    threading.Thread(target=tidy, args=(parts.places, now), name="tidy", daemon=True).start()
    store, drawer = MixedSessions(TomlSessions(parts.places), ids), services.drawer(parts)
    drawer.exports = FileExports(parts.places, store)
    if drawer.filing is not None:
        drawer.filing = MixedFiling(drawer.filing, store)
    return Keeping(
        store=store,
        drawer=drawer,
        journal=FileJournal(parts.places, ids),
        drafts=FileDrafts(parts.places, skips=ids),
        news=FileNews(parts.places, skips=ids),
        passing_ids=ids,
    )


def in_memory(parts: Parts) -> Keeping:
    """Nowhere but in memory: no history, no index, no draft, nothing to find after a crash."""
    from tui.cli.saving import FileExports
    from tui.store.mentioned import NamedFiles
    from tui.store.sessions.ephemeral import PassingFiling, PassingSessions
    from tui.ui.services import Drawer

    store = PassingSessions()
    exports = FileExports(parts.places, store)
    drawer = Drawer(filing=PassingFiling(store), files=NamedFiles(), exports=exports)
    return Keeping(store=store, drawer=drawer, is_kept=False)
