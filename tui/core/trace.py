"""Where in the program an error came from, without its words: they may hold what was said."""

from __future__ import annotations

import traceback


def steps_to(error: BaseException) -> str:
    """The places in the code that led to an error, those of its causes after them, and the classes of all."""
    told: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        told += traceback.format_tb(cause.__traceback__)
        told.append(f"{type(cause).__name__}\n")
        cause = cause.__cause__ or cause.__context__
    return "".join(told).rstrip()
