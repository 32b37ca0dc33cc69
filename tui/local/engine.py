"""The embedded model's engine, seen from the program: starts, restarts and ends its process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tui.local import child, diagnosis, machine
from tui.local.child import MARK
from tui.local.weights import SMOLLM2

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.failure import Failure

CHILD = Path(child.__file__)
"""The script that the engine's process runs."""

SLOTS = 2
"""How many replies the engine makes at once; more wait in its own queue."""

START_TIMEOUT_S = 60.0

_LOG_LIMIT = 100_000
_SECRET_ENDINGS = ("_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the engine listens, and what it wants to be told."""

    url: str
    """The server's root on 127.0.0.1, without `/v1`."""
    token: str
    """The bearer token; another one at every start."""
    model: str


class Engine:
    """Serves one model file from a child process, which ends with this one however that ends.

    All methods belong to one event loop.
    """

    def __init__(
        self,
        gguf: Path,
        context: int = 4096,
        cache_prompt: bool = True,
        *,
        python: str = sys.executable,
        start_timeout_s: float = START_TIMEOUT_S,
    ) -> None:
        self.gguf = gguf
        self.context = context
        """Tokens that one chat's prompt and reply may have together."""
        self.cache_prompt = cache_prompt
        """Saves work when a chat goes on, but makes an answer depend on what was asked before."""
        self._python = python
        self._start_timeout_s = start_timeout_s
        self._process: asyncio.subprocess.Process | None = None
        self._endpoint: Endpoint | None = None
        self._starting: asyncio.Task[Endpoint] | None = None
        self._log: IO[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether the engine is ready for requests."""
        return self._endpoint is not None and self._running

    @property
    def pid(self) -> int | None:
        """The process, if it runs."""
        return self._process.pid if self._process is not None and self._running else None

    @property
    def death(self) -> Failure | None:
        """Why the engine ended by itself after it had been ready, or None if it did not."""
        process = self._process
        if self._endpoint is None or process is None or process.returncode is None:
            return None
        return diagnosis.died(process.returncode, self._said(), starting=False)

    async def died(self, patience_s: float = 0.5) -> Failure | None:
        """Why the engine ended by itself; to be asked when a connection to it broke.

        A process closes its connections a moment before it is gone, so this waits for that long.
        """
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), patience_s)
        return self.death

    @property
    def _running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self, told: Callable[[str], None]) -> Endpoint:
        """Where the engine listens; starts it first if it does not run. Raises `Failure`.

        Several tasks may call it at once: there is one start, and each gets its outcome. Cancelling
        one of them does not cancel the start.
        """
        if self._endpoint is not None and self.alive:
            return self._endpoint
        death = self.death
        told(f"{death.message} Starting it again…" if death else "Starting the embedded model…")
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(_mark_retrieved)
        return await asyncio.shield(self._starting)

    async def stop(self) -> None:
        """End the engine; whoever waits for its start is cancelled. It may be started again."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.wait([self._starting])
        await self._end_process()

    async def _start(self) -> Endpoint:
        await self._end_process()
        _check_file(self.gguf)
        try:
            async with asyncio.timeout(self._start_timeout_s):
                return await self._launch()
        except TimeoutError:
            await self._end_process()
            raise diagnosis.too_slow(self._start_timeout_s) from None
        except BaseException:
            await self._end_process()
            raise

    async def _launch(self) -> Endpoint:
        ours = self.gguf.name == SMOLLM2.gguf_name
        token = secrets.token_urlsafe(32)
        config = {
            "gguf": str(self.gguf.absolute()),
            "ours": ours,
            "model": SMOLLM2.model if ours else self.gguf.stem,
            "token": token,
            "slots": SLOTS,
            "context": min(self.context, SMOLLM2.context) if ours else self.context,
            "cores": machine.cores(),
            "cache_prompt": self.cache_prompt,
        }
        try:
            self._log = tempfile.TemporaryFile(prefix="bise-")  # noqa: SIM115 (open as long as the process)
            process = self._process = await asyncio.create_subprocess_exec(
                self._python,
                "-P",  # a file in the user's folder must not stand in for a module
                str(CHILD),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=_environment(),
                start_new_session=True,  # Ctrl+C in the terminal is for us alone
            )
        except OSError as error:
            raise diagnosis.local_failure(
                f"The embedded model's process could not be started: {error.strerror or error}."
            ) from error
        answer = await self._shake_hands(process, json.dumps(config))
        self._endpoint = Endpoint(answer["url"], token, str(config["model"]))
        return self._endpoint

    async def _shake_hands(
        self, process: asyncio.subprocess.Process, config: str
    ) -> dict[str, str]:
        assert process.stdin is not None  # noqa: S101 (both are pipes)
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(config.encode("ascii") + b"\n")
            await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            pass  # it is dead already; its return code tells why
        mark = MARK.encode("ascii")
        while not (line := await process.stdout.readline()).startswith(mark):
            if not line:
                raise diagnosis.died(await process.wait(), self._said(), starting=True)
        answer: dict[str, str] = json.loads(line.removeprefix(mark))
        if "url" not in answer:
            await process.wait()
            raise diagnosis.refused(answer, self._said(), self.gguf)
        return answer

    async def _end_process(self) -> None:
        process, log = self._process, self._log
        self._process = self._endpoint = self._log = None
        try:
            if process is not None:
                await _end(process)
        finally:
            if log is not None:
                log.close()

    def _said(self) -> str:
        """What the engine printed before it ended; the beginning, if that is long.

        Not while it runs: reading moves the place that it writes to as well.
        """
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read(_LOG_LIMIT).decode("utf-8", "replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the process: it has nothing to save, and would not listen while it loads a model."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()


def _check_file(gguf: Path) -> None:
    """Raise `Failure` for what would make the engine fail in less plain words."""
    try:
        with gguf.open("rb") as file:
            magic = file.read(4)
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise diagnosis.missing(gguf, (error.strerror or str(error)).lower()) from error
    if magic != b"GGUF":
        raise diagnosis.damaged(gguf, "it is not in GGUF form")
    if gguf.name == SMOLLM2.gguf_name and size != SMOLLM2.gguf_bytes:
        raise diagnosis.damaged(gguf, f"it has {size} bytes, not {SMOLLM2.gguf_bytes}")


def _environment() -> dict[str, str]:
    """Ours without its secrets; threads that wait must not spin, or a busy machine brings all to a halt."""
    kept = {k: v for k, v in os.environ.items() if not k.upper().endswith(_SECRET_ENDINGS)}
    return {"OMP_WAIT_POLICY": "passive"} | kept


def _mark_retrieved(task: asyncio.Task[Endpoint]) -> None:
    """Whoever waited may be gone; asyncio would then complain that nobody heard of the failure."""
    if not task.cancelled():
        task.exception()
