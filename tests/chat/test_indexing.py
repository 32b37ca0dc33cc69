from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial

from tui.chat.indexing import Indexing
from tui.core.search import Found, Query


class FakeSearch:
    """An index with so many pieces of work to do, each when the test allows it."""

    def __init__(self, pieces: int = 0) -> None:
        self.pieces = pieces
        self.refreshed = 0
        self.broken_off = False
        self.allowed = threading.Semaphore(0)

    def search(self, query: Query, limit: int = 50) -> Found:
        return Found()

    def refresh(self, progress: Callable[[int, int], bool]) -> bool:
        for done in range(1, self.pieces + 1):
            assert self.allowed.acquire(timeout=60)
            if not progress(done, self.pieces):
                self.broken_off = True
                return False
        self.refreshed += 1
        return True


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def test_it_is_done_when_it_is_asked_for():
    search = FakeSearch()
    indexing = Indexing(search, pause_s=0)
    indexing.ask()
    indexing.ask()
    await until(lambda: search.refreshed == 1)
    indexing.ask()
    await until(lambda: search.refreshed == 2)
    await indexing.close()


async def test_progress_is_told_on_the_loop_and_gone_at_the_end():
    search = FakeSearch(pieces=2)
    told: list[tuple[int, int] | None] = []
    indexing = Indexing(search, lambda: told.append(indexing.progress), rest_s=0)
    indexing.ask()
    for done in (1, 2):
        search.allowed.release()
        await until(partial(told.__contains__, (done, 2)))
    await until(lambda: told[-1] is None)
    assert told == [(1, 2), (2, 2), None]
    await indexing.close()


async def test_closing_breaks_the_work_off():
    search = FakeSearch(pieces=100)
    indexing = Indexing(search, rest_s=60)
    indexing.ask()
    search.allowed.release()
    await until(lambda: indexing.progress == (1, 100))
    await indexing.close()
    await until(lambda: search.broken_off)
    indexing.ask()
    assert search.refreshed == 0


async def test_what_was_never_asked_for_can_be_closed():
    await Indexing(FakeSearch()).close()
