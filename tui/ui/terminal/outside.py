"""Has a text edited by the user's own editor, `$VISUAL` or `$EDITOR`."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

LARGEST = 50_000_000
"""Bytes of a text that is taken back."""

PATIENCE_S = 2.0
"""How long an editor may take to end when the app does."""


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """The user's editor with its arguments. Raises `ValueError` if none is named, or not properly."""
    name = next((one for one in ("VISUAL", "EDITOR") if environment.get(one, "").strip()), None)
    if name is None:
        raise ValueError("No editor is named: set $VISUAL or $EDITOR, for example EDITOR=nano")
    try:
        return shlex.split(environment[name])
    except ValueError as error:
        raise ValueError(f"${name} can't be understood: {error}") from None


def folder_in_memory(environment: Mapping[str, str]) -> Path:
    """A folder whose files never touch a disk. Raises `ValueError` if there is none."""
    for folder in (environment.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108 - files in it are 0600
        if folder and Path(folder).is_dir() and os.access(folder, os.W_OK):
            return Path(folder)
    raise ValueError(
        "This chat is not kept, and there is no folder in memory for the editor's file"
    )


async def edited(
    terminal: AbstractAsyncContextManager[None],
    command: Sequence[str],
    text: str,
    folder: Path | None = None,
) -> str | None:
    """The text as it was saved by the editor; None if nothing was saved.

    `terminal` gives the terminal to the editor meanwhile: `tui.ui.terminal.lending.lent`. The file in `folder` (by
    default the one for temporary files) is removed. Raises `ValueError` with a sentence if the editor
    can't be run or fails, or if what it saved is no text.
    """
    path = await asyncio.to_thread(_written, text, folder)
    try:
        before = path.stat()
        async with terminal:
            code = await _run([*command, str(path)])
        if code:
            raise ValueError(f"{command[0]} ended with {code}: the prompt is as it was")
        return await asyncio.to_thread(_read, path, before)
    finally:
        with suppress(OSError):
            path.unlink()


def _written(text: str, folder: Path | None) -> Path:
    try:
        number, name = tempfile.mkstemp(prefix="bise-prompt-", suffix=".md", dir=folder)
        with open(number, "w", encoding="utf-8", errors="replace", newline="") as file:  # noqa: PTH123
            file.write(text if text.endswith("\n") or not text else f"{text}\n")
    except OSError as error:
        raise ValueError(f"The editor's file can't be written: {error.strerror}") from None
    return Path(name)


async def _run(command: Sequence[str]) -> int:
    try:
        process = await asyncio.create_subprocess_exec(*command)
    except OSError as error:
        raise ValueError(f"{command[0]} can't be run: {error.strerror}") from None
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), PATIENCE_S)


def _read(path: Path, before: os.stat_result) -> str | None:
    try:
        now = path.stat()
        unsaved = (now.st_mtime_ns, now.st_size, now.st_ino) == (
            before.st_mtime_ns,
            before.st_size,
            before.st_ino,
        )
        if unsaved:
            return None
        if now.st_size > LARGEST:
            raise ValueError(f"The editor saved {now.st_size / 1e6:.0f} MB: that is too much")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"The editor's file can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError("The editor saved no UTF-8 text: the prompt is as it was") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
