from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from tui.store import atomic

if TYPE_CHECKING:
    from pathlib import Path


def modes(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_replaced_as_a_whole_and_made_private(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    inode = path.stat().st_ino
    atomic.replace(path, b"new")
    assert (path.read_bytes(), modes(path)) == (b"new", 0o600)
    assert path.stat().st_ino != inode
    assert os.listdir(tmp_path) == ["file"]


def test_a_file_is_created_once(tmp_path):
    path = tmp_path / "file"
    atomic.create(path, b"first")
    with pytest.raises(FileExistsError):
        atomic.create(path, b"second")
    assert (path.read_bytes(), modes(path)) == (b"first", 0o600)
    assert os.listdir(tmp_path) == ["file"]


def test_a_file_is_created_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "file"
    atomic.create(path, b"first")
    with pytest.raises(FileExistsError):
        atomic.create(path, b"second")
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"first", ["file"])


def test_an_append_needs_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        atomic.append(tmp_path / "file", b"x")
    assert os.listdir(tmp_path) == []


def test_an_append_gives_the_state_afterwards(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    assert atomic.append(path, b" two").st_size == 7
    assert path.read_bytes() == b"one two"


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("action", [atomic.append, atomic.replace])
def test_a_disk_that_fails_leaves_the_old_content(tmp_path, monkeypatch, call, action):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    real = os.write

    def half(fd, data):
        if call == "write" and len(data) < 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, data[: len(data) // 2] if call == "write" else data)

    def no_sync(fd):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "write", half)
    if call == "fsync":
        monkeypatch.setattr(os, "fsync", no_sync)
    with pytest.raises(OSError, match=r"No space|Input/output"):
        action(path, b"x" * 100)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_write_that_takes_less_than_all_goes_on(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:7]))
    atomic.replace(tmp_path / "file", b"0123456789" * 10)
    assert (tmp_path / "file").read_bytes() == b"0123456789" * 10
