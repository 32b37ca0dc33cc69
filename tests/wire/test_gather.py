import asyncio

import pytest

from tui.wire import gather
from tui.wire.gather import Gathering

DEADLINE = 10.0


@pytest.fixture(autouse=True)
def _long_pause(monkeypatch):
    monkeypatch.setattr(gather, "PAUSE_S", 3600.0)


async def read(gathering: Gathering, piece: bytes = b"x") -> None:
    gathering.begin()
    await asyncio.sleep(0)  # the piece comes from the network
    await gathering.end(piece)


async def at_hand(gathering: Gathering) -> None:
    gathering.begin()
    await gathering.end(b"x")


async def waits(gathering: Gathering) -> bool:
    reading = asyncio.create_task(read(gathering))
    for _ in range(5):
        await asyncio.sleep(0)
    is_waiting = not reading.done()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return is_waiting


async def test_the_first_piece_is_shown_at_once():
    async with asyncio.timeout(DEADLINE):
        await read(Gathering())


async def test_a_quick_small_piece_waits_for_more():
    gathering = Gathering()
    await read(gathering)
    assert await waits(gathering)


async def test_pieces_that_are_at_hand_never_wait():
    gathering = Gathering()
    async with asyncio.timeout(DEADLINE):
        await read(gathering)
        for _ in range(100):
            await at_hand(gathering)


async def test_a_sender_that_is_ahead_is_not_held_up():
    gathering = Gathering()
    await read(gathering, b"x" * 20_000)
    assert not await waits(gathering)


async def test_many_pieces_of_one_read_count_together():
    gathering = Gathering()
    await read(gathering)
    for _ in range(20_000):
        await at_hand(gathering)
    assert not await waits(gathering)


async def test_a_slow_stream_is_not_delayed(monkeypatch):
    gathering = Gathering()
    await read(gathering)
    monkeypatch.setattr(gather, "PAUSE_S", 0.0)
    assert not await waits(gathering)
