import asyncio
from collections.abc import Callable

from tests.fakes.desk import FakeDesk
from tui.core.events import Retrying
from tui.core.failure import Failure, FailureKind
from tui.ui.entries import foot_of_turn
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.transcript.widget import Transcript

BUSY = Failure(FailureKind.SERVER, "The server is busy", retryable=True)


async def test_a_wait_is_counted_down_and_skipped_by_enter_on_an_empty_prompt():
    desk = FakeDesk()
    skipped: list[bool] = []
    app = desk.app()
    async with app.run_test(size=(120, 40)) as pilot:

        async def until(condition: Callable[[], object]) -> None:
            async with asyncio.timeout(60):
                while not condition():
                    await pilot.pause()

        def shows(text: str) -> bool:
            transcript = app.chat_screen.query_one(Transcript)
            lines = [transcript.render_line(y).text for y in range(transcript.size.height)]
            return any(text in line for line in lines)

        stage = app.chat_screen.stage
        await until(lambda: stage.session is not None)
        app.chat_screen.query_one(Composer).insert("hello")
        await pilot.press("enter")
        await until(lambda: desk.backend.requests)
        desk.backend.feed(Retrying(1, 50.0, BUSY, lambda: skipped.append(True)))
        await until(lambda: shows("try 2 in 50 s"))
        assert stage.session is not None
        assert app.chat_screen.desk is not None
        turn = app.chat_screen.desk.conductor.turn(stage.session.id)
        assert turn is not None
        assert turn.retry_at is not None
        assert "try 2 in 7 s · Enter tries now" in foot_of_turn(turn, now=turn.retry_at - 7)
        assert "try 2 now" in foot_of_turn(turn, now=turn.retry_at + 1)
        turn.retry_at -= 20
        stage.tick()
        await until(lambda: shows("try 2 in 30 s") or shows("try 2 in 29 s"))
        await pilot.press("enter")
        await until(lambda: skipped)
        desk.backend.end("hi")
        await until(lambda: turn.state.is_over)
