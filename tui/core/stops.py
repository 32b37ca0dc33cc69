r"""Stop sequences as rows that are added, changed, moved and switched off; every change gives new rows.

In a file they stand as `stop`, what is sent, and `stop_off`, what is not, by the number of its row:

    stop = ["\n\n", "END"]
    stop_off = { 2 = "Paris" }       # the second of three rows
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tui.core.cutting import cut_at
from tui.core.escapes import quoted
from tui.core.spec_fit import NAMES
from tui.core.text import scrub
from tui.core.words import Ended, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST: Final = {Kind.OPENAI: 4}
"""So many stop sequences a kind of server takes, and no more are sent; for the others no number is documented."""

LONGEST: Final = 1000
"""Characters of a stop sequence that is typed or pasted; a longer one is a mistake."""

SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "line": ("\n",),
    "paragraph": ("\n\n",),
    "code block": ("\n```",),
    "next speaker": ("\nUser:", "\nAssistant:"),
}
"""The stop sets that come with the program; those of the settings are put before them."""


class Stop(NamedTuple):
    """One row."""

    text: str
    on: bool = True
    """Whether it is sent."""


Rows = tuple[Stop, ...]
"""Stop sequences in order."""


def rows_of(stop: Sequence[str] | None, stop_off: Sequence[str] | Mapping[str, str] | None) -> Rows:
    """The rows that `stop` and `stop_off` stand for; a row number that makes no sense puts it last."""
    sent = [Stop(text) for text in stop or ()]
    if stop_off is None or not isinstance(stop_off, dict):
        return (*sent, *(Stop(text, on=False) for text in stop_off or ()))
    rows = sent
    for place, text in sorted((_place(key), text) for key, text in stop_off.items()):
        rows.insert(min(place - 1, len(rows)), Stop(text, on=False))
    return tuple(rows)


def _place(key: str) -> int:
    return max(1, int(key)) if key.isdecimal() and len(key) < 9 else 10**9


def members_of(rows: Rows) -> dict[str, Any]:
    """What stands for rows in the parameters: `stop` and `stop_off`, None for what is empty."""
    off = {str(place): row.text for place, row in enumerate(rows, 1) if not row.on}
    return {"stop": [row.text for row in rows if row.on] or None, "stop_off": off or None}


def added(rows: Rows, text: str, at: int | None = None) -> Rows:
    """With one more row, before row `at` or last. Raises `ValueError` with the reason if that can't be."""
    text = _checked(rows, text)
    place = len(rows) if at is None else at
    return (*rows[:place], Stop(text), *rows[place:])


def changed(rows: Rows, at: int, text: str) -> Rows:
    """With another text in row `at`. Raises `ValueError` with the reason if that can't be."""
    return (*rows[:at], Stop(_checked(rows, text, at), rows[at].on), *rows[at + 1 :])


def removed(rows: Rows, at: int) -> Rows:
    """Without row `at`."""
    return rows[:at] + rows[at + 1 :]


def toggled(rows: Rows, at: int) -> Rows:
    """With row `at` switched on or off."""
    return (*rows[:at], Stop(rows[at].text, not rows[at].on), *rows[at + 1 :])


def moved(rows: Rows, at: int, to: int) -> Rows:
    """With row `at` in place `to`, or as near to it as there is one."""
    rest = removed(rows, at)
    to = max(0, min(to, len(rest)))
    return (*rest[:to], rows[at], *rest[to:])


def from_set(rows: Rows, texts: Sequence[str]) -> Rows:
    """With the texts of a stop set switched on and all others off; none is lost."""
    wanted = dict.fromkeys(texts)
    kept = tuple(Stop(row.text, row.text in wanted) for row in rows)
    present = {row.text for row in rows}
    return (*kept, *(Stop(text) for text in wanted if text and text not in present))


def unsent(rows: Rows, kind: Kind | None) -> frozenset[int]:
    """Which rows are on and yet not sent, since a server of that kind takes no more than those before them."""
    most = MOST.get(kind) if kind is not None else None
    on = [at for at, row in enumerate(rows) if row.on]
    return frozenset() if most is None else frozenset(on[most:])


def too_many(rows: Rows, kind: Kind | None) -> str:
    """In words that a server takes no more stop sequences than it has; empty if it takes these."""
    left = len(unsent(rows, kind))
    if kind is None or not left:
        return ""
    last = "the last one is" if left == 1 else f"the last {left} are"
    return f"{NAMES[kind]} takes {MOST[kind]} stop sequences: {last} not sent"


def why_stopped(
    ended: str | None,
    stop_reason: str | None,
    stops: Sequence[str] | None,
    *,
    cut: bool = False,
    text: str = "",
) -> str:
    """Why a reply ended, as far as stop sequences have to do with it; empty if they have not.

    `stops` are those that were sent, `cut` tells that bise itself cut it, `text` is what the model
    made: a server that goes on behind a stop sequence does not heed them.
    """
    if stop_reason:
        return f"stop sequence {quoted(stop_reason)}{', cut here' if cut else ''}"
    if not stops or ended not in {Ended.STOP, Ended.LENGTH}:
        return ""
    missed = cut_at(text, stops)
    if missed is not None and missed.offset + len(missed.stop) < len(text):
        return (
            f"the server did not stop at {quoted(missed.stop)}: the settings have a client-side cut"
        )
    return "a stop sequence or the natural end" if ended == Ended.STOP else ""


def _checked(rows: Rows, text: str, own: int = -1) -> str:
    text = scrub(text)
    if not text:
        raise ValueError("an empty stop sequence would stop every reply at once")
    if len(text) > LONGEST:
        raise ValueError(
            f"this has {len(text):,} characters; a stop sequence has {LONGEST:,} at most"
        )
    for at, row in enumerate(rows):
        if row.text == text and at != own:
            off = "" if row.on else ", switched off"
            raise ValueError(f"{quoted(text)} is there already, as number {at + 1}{off}")
    return text
