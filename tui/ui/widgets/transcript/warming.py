"""Loads what colours code before the first block of code arrives.

Pygments 2.21 compiles a language's expressions when it is first asked for it: 25 ms for Python alone,
in the middle of a reply, in which no key is answered.
"""

from __future__ import annotations

import time
from functools import cache
from threading import Thread

LANGUAGES = (
    *("python", "bash", "json", "javascript", "typescript", "sql"),
    *("yaml", "html", "c", "cpp", "java", "go", "rust"),
)
"""What models write code in most of the time."""

_PAUSE_S = 0.005
"""Seconds between two languages, for whoever waits for the interpreter."""


@cache
def warm_up() -> Thread:
    """Begin to load them in a thread, which is given; once in a process."""
    thread = Thread(target=_load, name="languages", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    from tui.paint.highlight import lexer_for

    for language in LANGUAGES:
        lexer_for(language)
        time.sleep(_PAUSE_S)
