"""Gives the terminal to another program for a while; everything else goes on, such as replies that come in.

Textual's own `App.suspend` must not be awaited in (8.2.8): the app goes on painting, nobody writes,
and when thirty writes wait the event loop hangs. Here nothing is written as long as it is lent.
"""

from __future__ import annotations

import signal
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import FrameType

    from tui.ui.terminal.output import DifferenceOutput


@asynccontextmanager
async def lent(app: DifferenceOutput[None]) -> AsyncIterator[None]:
    """Within this, the terminal is as it was before the start, and no key is read.

    An app that is about to end does not take the terminal back.
    Raises `Failure` if the terminal can't be given away.
    """
    driver = app._driver  # noqa: SLF001 - Textual 8.2.8 has no public way to any of this
    if driver is None or not driver.can_suspend or app.is_lent:
        raise Failure(FailureKind.CONFIG, "The terminal can't be given to another program here")
    app._suspend_signal()  # noqa: SLF001
    driver.suspend_application_mode()
    app.is_lent = True
    vars(driver)["write"] = _nothing
    interrupt = signal.signal(signal.SIGINT, _ignore)  # Ctrl+C is meant for the other one
    try:
        with driver.no_automatic_restart():
            yield
    finally:
        signal.signal(signal.SIGINT, interrupt)
        if not app._exit:  # noqa: SLF001
            _take_back(app)


def _take_back(app: DifferenceOutput[None]) -> None:
    driver = app._driver  # noqa: SLF001
    if driver is None:
        return
    vars(driver).pop("write", None)
    app.is_lent = False
    driver.resume_application_mode()
    app._resume_signal()  # noqa: SLF001
    app.repaint()


def _nothing(data: str) -> None:
    """Written by the app to a terminal that it does not have: it is painted anew afterwards."""


def _ignore(number: int, frame: FrameType | None) -> None:
    """A handler, unlike `SIG_IGN`, is not inherited by the other program."""
