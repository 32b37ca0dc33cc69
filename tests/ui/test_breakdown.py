from __future__ import annotations

import logging

import pytest

from tests.fakes.desk import FakeDesk


async def test_a_mistake_of_ours_shows_no_variables_and_nothing_that_a_terminal_obeys(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    app = FakeDesk().app(keys={})
    words = "said \x1b]0;" + "from outside"

    def fail() -> None:
        key = "sk-very-" + "secret"
        raise ValueError(words[: -len(key)] + words[-len(key) :])

    async def run() -> None:
        async with app.run_test() as pilot:
            app.call_later(fail)
            await pilot.pause()

    with caplog.at_level(logging.ERROR), pytest.raises(ValueError, match="said"):
        await run()
    told = capsys.readouterr().err
    assert "sk-very-secret" not in told
    assert "\x1b" not in told
    assert "ValueError: said ␛]0;from outside" in told
    assert "in fail" in caplog.text
    assert "from outside" not in caplog.text.replace('"from outside"', "")
