"""What is told when the full screen ends by a mistake of this program.

Textual would print the values of all variables on the way: a key may be among them, and text from
outside that a terminal obeys.
"""

from __future__ import annotations

import logging
import traceback

from tui.core.text import clean
from tui.core.trace import steps_to

log = logging.getLogger("bise")

WORDS = (
    "bise came upon a mistake of its own and had to stop. Chats that are kept have all that was said, "
    "and replies as far as they had come. Please report the lines above."
)


def account_of(error: BaseException) -> str:
    """Where it happened and what, without the values of variables, and harmless to print."""
    trace = "".join(traceback.format_exception(error))
    return f"{clean(trace)}\n{WORDS}"


def note(error: BaseException) -> None:
    """Put into the log where it happened; its words may hold what was said, and stay out."""
    log.error("the full screen ended by a mistake\n%s", steps_to(error))
