from __future__ import annotations

import asyncio
import io
import os
import select
import time
import tty
from contextlib import contextmanager

import pytest
from textual.drivers._writer_thread import WriterThread

from tests.ui.terminal.recording import RecordingDriver
from tui.ui.terminal.line import Line
from tui.ui.terminal.sender import Sender

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")


class Terminal:
    """A raw terminal, seen from its other end."""

    def __init__(self) -> None:
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self.file = os.fdopen(slave, "w", encoding="utf-8")

    def take(self, length: int) -> bytes:
        """So many bytes of what was written."""
        data = b""
        limit = time.monotonic() + 10
        while len(data) < length:
            assert time.monotonic() < limit, data[-100:]
            if select.select([self.master], [], [], 0.1)[0]:
                data += os.read(self.master, 1 << 16)
        return data


class ThreadedDriver(RecordingDriver):
    """Writes as Textual does, through a thread."""

    def __init__(self, file) -> None:
        self._file = file

    def start(self) -> None:
        self._writer_thread = WriterThread(self._file)
        self._writer_thread.start()

    def write(self, data: str) -> None:
        self._writer_thread.write(data)

    def flush(self) -> None:
        pass


@contextmanager
def terminal():
    there = Terminal()
    yield there
    os.close(there.master)
    there.file.close()


@contextmanager
def sending():
    with terminal() as there:
        sender, driver = Sender(lambda: None), ThreadedDriver(there.file)
        asyncio.run(attached(sender, driver))
        driver.start()
        yield there, sender, driver
        driver._writer_thread.stop()


async def attached(sender: Sender, driver: ThreadedDriver) -> None:
    sender.attach(driver)


def test_a_file_that_is_no_terminal_has_no_line():
    assert Line.to(io.StringIO()) is None
    with open(os.devnull, "w") as file:
        assert Line.to(file) is None


def test_what_the_terminal_does_not_take_is_given_back():
    with terminal() as there:
        line = Line.to(there.file)
        assert line is not None
        assert line.write("日本") == b""
        text, rest = "日本", b""
        while not rest:
            text += "日" * 1000
            rest = line.write("日" * 1000)
        assert os.get_blocking(there.file.fileno())
        seen = there.take(len(text.encode()) - len(rest))
        assert seen + rest == text.encode()
        line.close()


def test_a_frame_is_on_the_terminal_when_it_was_sent():
    with sending() as (there, sender, driver):
        driver.write("begin")
        there.take(5)
        deadline = time.monotonic() + 10
        while not sender._gauge.is_idle(driver._writer_thread, 1):
            assert time.monotonic() < deadline
        sender.send(driver, "frame", synchronised=False)
        assert select.select([there.master], [], [], 0)[0]
        assert there.take(5) == b"frame"
        assert sender.is_ready()


def test_no_frame_overtakes_what_the_thread_still_has_to_write():
    with sending() as (there, sender, driver):
        for number in range(200):
            driver.write(f"<{number}>")
            sender.send(driver, f"[{number}]", synchronised=False)
        wanted = "".join(f"<{number}>[{number}]" for number in range(200))
        assert there.take(len(wanted)).decode() == wanted


def test_a_frame_that_is_too_long_for_the_terminal_comes_in_one_piece():
    with sending() as (there, sender, driver):
        frames = [f"{number}:" + "日本語" * 4000 + "." for number in range(3)]
        for frame in frames:
            sender.send(driver, frame, synchronised=False)
        wanted = "".join(frames).encode()
        assert there.take(len(wanted)) == wanted
