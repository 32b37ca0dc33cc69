import subprocess
from typing import Any

import pytest

from tests.fakes.server import FakeServer
from tests.pty.harness import BISE, environment

KEY = "k-12345678"


@pytest.fixture
def server():
    with FakeServer(key=KEY) as server:
        yield server


@pytest.fixture
def bise(tmp_path, server):
    """Runs a command against the fake server; gives standard output and standard error."""

    def run(
        command: str, *arguments: Any, kind: str = "mistral", status: int = 0
    ) -> tuple[str, str]:
        where = ["--base-url", server.url, "--kind", kind]
        done = subprocess.run(
            [BISE, command, *where, *arguments],
            env=environment(tmp_path, {"BISE_API_KEY": KEY}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status, done.stderr
        assert b"Traceback" not in done.stderr
        return done.stdout.decode(), done.stderr.decode()

    return run
