from __future__ import annotations

import asyncio

import pytest
from textual._context import active_app
from textual.pilot import Pilot

from tests.fakes.desk import FakeDesk
from tests.ui.session import SIZE, Maker, Session


@pytest.fixture
async def make():
    """Starts apps and ends them, each in a task of its own: a fixture's end runs in another context."""
    over = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def start(
        desk: FakeDesk | None = None, size: tuple[int, int] = SIZE, **keys: str
    ) -> Session:
        desk = desk or FakeDesk()
        app = desk.app(keys=keys)
        running: asyncio.Future[Pilot[None]] = asyncio.get_running_loop().create_future()

        async def run() -> None:
            async with app.run_test(size=size, notifications=True) as pilot:
                running.set_result(pilot)
                await over.wait()

        tasks.append(asyncio.create_task(run()))
        session = Session(desk, app, await running)
        active_app.set(app)
        if desk.provider is not None and not desk.open_session:
            await session.until(lambda: session.stage.session is not None)
        return session

    yield start
    over.set()
    await asyncio.gather(*tasks)


@pytest.fixture
async def chat(make: Maker) -> Session:
    return await make()
