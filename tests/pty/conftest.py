"""What the tests in a real terminal share: a home folder, a server, the embedded model's weights."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.server import FakeServer
from tests.pty.harness import BISE, Terminal, environment
from tests.pty.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start = Callable[..., Terminal]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The empty home folder of a new user."""
    return Home(tmp_path / "home")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A scripted server."""
    with FakeServer() as running:
        yield running


@pytest.fixture
def bise(home: Home) -> Iterator[Start]:
    """Starts the installed program in a terminal of its own: `bise("--local", columns=60)`."""
    running: list[Terminal] = []

    def start(*arguments: str, **options: Any) -> Terminal:
        terminal = Terminal([BISE, *arguments], home=home.path, **options)
        running.append(terminal)
        return terminal

    yield start
    for terminal in running:
        terminal.close()


@pytest.fixture
def chat(bise: Start, server: FakeServer) -> Callable[..., Terminal]:
    """Starts the program on the scripted server and waits until it can be typed into."""

    def start(**options: Any) -> Terminal:
        on_server = ("--base-url", server.url, "--kind", "mistral", "--model", "fake-model")
        terminal = bise(*on_server, **options)
        terminal.wait_for("fake-model")
        return terminal

    return start


@pytest.fixture(scope="session")
def weights(request: pytest.FixtureRequest) -> Path:
    """The folder with the embedded model's weights, fetched once and kept in pytest's cache."""
    if importlib.util.find_spec("xllamacpp") is None:
        assert "CI" not in os.environ, "the embedded model's engine must be there"
        pytest.skip("the embedded model's engine is not installed")
    kept = Home(Path(request.config.cache.mkdir("embedded-model")))
    done = subprocess.run(
        [BISE, "local", "setup", "--yes"],
        env=environment(kept.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "CI" not in os.environ:
        pytest.skip(f"the embedded model could not be fetched: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    return kept.local_model


@pytest.fixture
def with_model(home: Home, weights: Path) -> Home:
    """The home folder of a user who has set the embedded model up."""
    home.local_model.parent.mkdir(parents=True)
    home.local_model.symlink_to(weights)
    return home
