"""Shuts out the developer's own machine: its folders, its keys, and every host but this one.

And lets in the real embedded model.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.local.engine import Endpoint

settings.register_profile("bise", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("bise")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # In the background of a script Ctrl+C is ignored, and the programs that tests start inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_FOREIGN = re.compile(
    r"(.*_API_KEY|(NO_|FORCE_)?COLOR(TERM|FGBG)?|TEXTUAL.*|BISE_(?!TEST_).*|EDITOR|VISUAL)"
)
_LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|localhost|0\.0\.0\.0|::")
_WEIGHTS = Path(os.environ.get("BISE_TEST_WEIGHTS") or Path.home() / ".cache" / "bise-tests")
"""Where the embedded model is kept between runs; found before a test gets a home of its own."""
_PIP_CONFIG = Path.home() / ".config" / "pip" / "pip.conf"


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home folder, and no variable of the developer's that would change the program."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in filter(_FOREIGN.fullmatch, list(os.environ)):
        monkeypatch.delenv(name)
    if _PIP_CONFIG.exists() and "PIP_CONFIG_FILE" not in os.environ:
        monkeypatch.setenv("PIP_CONFIG_FILE", str(_PIP_CONFIG))


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another machine; child processes are their own affair."""

    class Guarded(socket.socket):
        def connect(self, address: object) -> None:
            _refuse_others(address)
            super().connect(address)  # type: ignore[arg-type]  # checked by the real one

        def connect_ex(self, address: object) -> int:
            _refuse_others(address)
            return super().connect_ex(address)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(socket, "socket", Guarded)


def _refuse_others(address: object) -> None:
    if isinstance(address, tuple) and not _LOOPBACK.fullmatch(str(address[0])):
        raise AssertionError(f"a test wants to connect to {address[0]}")


def _do_without(reason: str) -> None:
    """Skip what needs the embedded model; but CI must have it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def weights() -> Path:
    """The embedded model's file, fetched once and kept between runs."""
    from tui.local import machine, setup

    if machine.engine_version() is None:
        _do_without(f"the engine is not installed: {machine.INSTALL}")
    try:
        return asyncio.run(setup.fetch(_WEIGHTS, lambda done, total: None))
    except Failure as failure:
        _do_without(f"the weights can't be had: {failure.sentence}")
        raise


@contextmanager
def _running_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="engine", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="session")
def real_server(weights: Path) -> Iterator[Endpoint]:
    """The embedded model, served: `url` (without `/v1`), `token`, `model`.

    Its prompt cache is off, so that the same request has the same answer in every order of tests.
    """
    from tui.local.engine import Engine

    engine = Engine(weights, cache_prompt=False)
    with _running_loop() as loop:
        yield asyncio.run_coroutine_threadsafe(engine.start(lambda words: None), loop).result(90)
        asyncio.run_coroutine_threadsafe(engine.stop(), loop).result(10)
