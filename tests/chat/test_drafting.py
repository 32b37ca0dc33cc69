from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from tui.chat.drafting import Drafting
from tui.core.failure import Failure, FailureKind
from tui.core.listing import Draft


class FakeDrafts:
    """Drafts in memory; `hold` keeps a save from going on, `trouble` makes it fail."""

    def __init__(self, found: list[Draft] | None = None) -> None:
        self.found = found or []
        self.texts: dict[str, str] = {}
        self.saves = 0
        self.trouble: Failure | None = None
        self.hold = threading.Event()
        self.hold.set()

    def load(self) -> list[Draft]:
        return self.found

    def save(self, chat_id: str, text: str) -> None:
        self.hold.wait(10)
        if self.trouble is not None:
            raise self.trouble
        self.saves += 1
        self.texts[chat_id] = text


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_draft_is_written_a_while_after_the_first_key_whatever_follows() -> None:
    drafts, typed = FakeDrafts(), [""]
    drafting = Drafting(drafts, within_s=0.02)

    def type_on() -> bool:
        typed.append("a")
        drafting.stir("x", lambda: "".join(typed))
        return drafts.saves >= 3

    await until(type_on)  # keys without a pause
    await until(lambda: drafts.texts["x"] == "".join(typed))
    assert drafts.saves < len(typed)


async def test_it_is_written_at_once_when_the_program_ends() -> None:
    drafts = FakeDrafts()
    drafting = Drafting(drafts, within_s=3600)
    drafting.stir("x", lambda: "one")
    drafting.stir("y", lambda: "two")
    await drafting.flush()
    assert drafts.texts == {"x": "one", "y": "two"}


async def test_the_newest_text_wins_over_a_slow_write_of_an_older_one() -> None:
    drafts = FakeDrafts()
    drafting = Drafting(drafts, within_s=0.001)
    drafts.hold.clear()
    drafting.stir("x", lambda: "old")
    await until(drafting._lock.locked)
    drafting.stir("x", lambda: "new")
    ended = asyncio.create_task(drafting.flush())
    await asyncio.sleep(0)
    drafts.hold.set()
    await ended
    assert drafts.texts == {"x": "new"}


async def test_what_is_on_disk_already_is_not_written_again() -> None:
    drafts = FakeDrafts([Draft("x", "kept")])
    drafting = Drafting(drafts)
    assert drafting.load() == drafts.found
    drafting.stir("x", lambda: "kept")
    drafting.stir("y", lambda: "")
    await drafting.flush()
    assert drafts.saves == 0


async def test_a_draft_that_could_not_be_written_is_written_with_the_next_change() -> None:
    drafts = FakeDrafts()
    drafting = Drafting(drafts)
    drafts.trouble = Failure(FailureKind.DISK, "full")
    drafting.stir("x", lambda: "text")
    await drafting.flush()
    drafts.trouble = None
    drafting.stir("x", lambda: "text")
    await drafting.flush()
    assert drafts.texts == {"x": "text"}


async def test_what_could_not_be_written_is_tried_again_at_the_next_time() -> None:
    drafts = FakeDrafts()
    drafting = Drafting(drafts, within_s=3600)
    drafts.trouble = Failure(FailureKind.DISK, "full")
    drafting.stir("x", lambda: "one")
    await drafting.flush()
    drafts.trouble = None
    await drafting.flush()
    assert drafts.texts == {"x": "one"}
