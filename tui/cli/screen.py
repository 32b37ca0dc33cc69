"""Opens the full screen: checks the terminal, paints the first frame, loads the rest behind it."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from tui.cli.beginning import begin
from tui.cli.telling import FAILED, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.chat.listener import Listener
    from tui.cli.options import Wanted
    from tui.cli.parts import Parts
    from tui.core.listing import Problem
    from tui.core.themes import ThemeFile
    from tui.store.places import Places
    from tui.ui.desk import Desk
    from tui.ui.launch import Launch


_COLLECT_AFTER = 5_000
"""Objects made and not let go of before the collector looks at them. Each line that Textual paints is such
a one: it keeps itself in its own cache. So many take 2 ms, which no key feels, and 50,000 took 16 ms, now and
then; with Python's own 700 it takes a twentieth of the time in which a reply streams. Until all is loaded it
is off."""

_SWITCH_S = 0.001
"""So long a thread that works behind the screen keeps it waiting, in seconds. With Python's own 5 ms
a key that comes while files are read waits that long several times."""


def open_screen(wanted: Wanted) -> int:
    """Run the full-screen chat; gives the exit status."""
    gc.disable()
    gc.set_threshold(_COLLECT_AFTER)
    sys.setswitchinterval(_SWITCH_S)
    trouble = _terminal_trouble()
    if trouble:
        tell(trouble)
        return FAILED
    places = begin(wanted)
    if places is None:
        return FAILED
    if os.environ.get("NO_COLOR"):
        # Textual decides on colour when it is imported
        os.environ["TEXTUAL_THEME"] = "ansi-dark"
    launch = _launch(wanted, places)

    from tui.ui.app import BiseApp

    app = BiseApp(launch)
    app.run()
    return app.return_code or 0


def _terminal_trouble() -> str:
    """Why the full screen can't be shown here, or nothing."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the full screen needs a terminal; for scripts and pipes use: bise ask"
    term = os.environ.get("TERM", "")
    if term in {"", "dumb"}:
        named = f"TERM={term}" if term else "TERM is not set"
        return f"this terminal ({named}) can't show a full screen; use: bise ask"
    return ""


def _launch(wanted: Wanted, places: Places) -> Launch:
    from tui.store.config.keymap import keymap_of
    from tui.store.config.settings import SettingsFile
    from tui.store.config.themes import DEFAULT
    from tui.store.state.memory import FileMemory
    from tui.ui.keys import read_keymap
    from tui.ui.launch import Launch
    from tui.ui.look import textual_theme

    settings_file = SettingsFile(places)
    glance = settings_file.glance()
    keymap, problems = read_keymap(
        keymap_of(glance),
        lines=settings_file.key_lines,
        vim_keys=glance.get("vim_keys") is not False,
    )
    memory = FileMemory(places)
    theme = str(glance.get("theme") or DEFAULT)
    themes, wrong = _first_themes(places, theme)
    return Launch(
        open_desk=lambda listener: _open_desk(wanted, places, listener),
        themes=[textual_theme(t.name, t.dark, t.colors, t.variables, ansi=t.ansi) for t in themes],
        theme=os.environ.get("TEXTUAL_THEME") or theme,
        keymap=keymap,
        problems=[*problems, *map(str, wrong)],
        wraps_code=glance.get("wrap_code") is not False,
        memory=None if wanted.ephemeral else memory,
        remembered=memory.load(),
    )


def _first_themes(places: Places, name: str) -> tuple[Iterable[ThemeFile], Sequence[Problem]]:
    """The theme that is asked for; all of them, and what is wrong with their files, if it can't be had."""
    from tui.store.config.themes import load_theme, load_themes

    one = load_theme(places, name)
    if one is not None:
        return [one], []
    themes = load_themes(places)
    return themes.found.values(), themes.problems


def _open_desk(wanted: Wanted, places: Places, listener: Listener) -> Desk:
    """Import and build what the first frame did without. Runs in a thread."""
    from tui.chat.drafting import Drafting
    from tui.cli import services
    from tui.cli.first_steps import FirstSteps
    from tui.cli.keeping import in_files, in_memory
    from tui.cli.parts import Parts
    from tui.ui.desk import Desk
    from tui.ui.unseen import Unseen

    parts = Parts.of(wanted, places)
    keeping = in_memory(parts) if wanted.ephemeral else in_files(parts)
    drafting = Drafting(keeping.drafts) if keeping.drafts is not None else None
    conductor = parts.conductor(keeping.store, listener, keeping.journal)
    conductor.outbox.load()
    return Desk(
        conductor=conductor,
        drafting=drafting,
        drafts=drafting.load() if drafting is not None else [],
        store=keeping.store,
        setup=FirstSteps(parts),
        provider=parts.provider,
        model=parts.model,
        open_session=_chat_to_open(wanted, parts),
        problems=parts.problems,
        remember=parts.settings_file.set if keeping.is_kept else lambda _path, _value: None,
        unseen=Unseen(keeping.news, keeping.news.load() if keeping.news is not None else {}),
        is_kept=keeping.is_kept,
        passing_ids=keeping.passing_ids,
        drawer=keeping.drawer,
        bench=services.bench(parts),
        house=services.house(parts),
    )


def _chat_to_open(wanted: Wanted, parts: Parts) -> str | None:
    """The id of the chat that was named on the command line; if there is none, that is told."""
    if wanted.session is None:
        return None
    from tui.cli.sessions_naming import id_of
    from tui.core.failure import Failure

    try:
        return id_of(wanted.session, parts.problems.append)
    except Failure as failure:
        parts.problems.append(failure.sentence)
        return None
